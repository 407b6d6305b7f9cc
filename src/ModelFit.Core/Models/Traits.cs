namespace ModelFit.Models;

/// <summary>
/// What tells models of one architecture apart although no metadata key says it: only the presence of tensors does.
/// </summary>
internal static class Traits
{
    /// <summary>The output projection is the token embedding; there is no <c>output.weight</c>.</summary>
    public const string Tied = "tied";

    /// <summary>Biases on the query, key and value projections.</summary>
    public const string QkvBias = "qkv-bias";

    /// <summary>A bias on the attention's output projection.</summary>
    public const string AttentionOutputBias = "o-bias";

    /// <summary>Norms on query and key heads.</summary>
    public const string QkNorm = "qk-norm";

    /// <summary>Frequency factors computed at conversion (<c>rope_freqs.weight</c>), as Llama 3.1 has them.</summary>
    public const string RopeFactors = "rope-freqs";

    /// <summary>Frequency factors for long and short contexts, as Phi 3 has them.</summary>
    public const string LongRope = "longrope";

    /// <summary>A bias added to the router's scores (<c>exp_probs_b.bias</c>).</summary>
    public const string RouterBias = "router-bias";

    /// <summary>The layers for multi-token prediction have no embedding and output matrices of their own.</summary>
    public const string SharedPredictionHead = "mtp-shared-head";
}
