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

    /// <summary>A bias added to the router's scores, where it does not belong to the architecture.</summary>
    public const string RouterBias = "router-bias";

    /// <summary>The layers for multi-token prediction have no embedding and output matrices of their own.</summary>
    public const string SharedPredictionHead = "mtp-shared-head";

    /// <summary>Query, key and value are separate where the architecture's files mostly have one matrix.</summary>
    public const string SplitQkv = "split-qkv";

    /// <summary>Attention and feed-forward run side by side behind one norm.</summary>
    public const string Parallel = "parallel";

    /// <summary>A second norm before attention, as the larger Falcons have it.</summary>
    public const string SecondNorm = "norm-2";

    /// <summary>A norm over the state-space mixer's output, where an architecture may lack it.</summary>
    public const string StateNorm = "ssm-norm";

    /// <summary>The feed-forward has a gate, where an architecture may lack it (T5).</summary>
    public const string GatedFeedForward = "gated";

    /// <summary>Layers with full attention use their keys as values; there is no <c>attn_v</c>.</summary>
    public const string KeysAreValues = "k-eq-v";
}
