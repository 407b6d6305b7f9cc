namespace ModelFit.Models;

/// <summary>
/// What tells models of one architecture apart although no metadata key says it: only the presence of tensors does.
/// </summary>
[Flags]
internal enum Traits
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The output projection is the token embedding; there is no <c>output.weight</c>.</summary>
    Tied = 1 << 0,

    /// <summary>Biases on the query, key and value projections.</summary>
    QkvBias = 1 << 1,

    /// <summary>A bias on the attention's output projection.</summary>
    AttentionOutputBias = 1 << 2,

    /// <summary>Norms on query and key heads.</summary>
    QkNorm = 1 << 3,

    /// <summary>Frequency factors computed at conversion (<c>rope_freqs.weight</c>), as Llama 3.1 has them.</summary>
    RopeFactors = 1 << 4,

    /// <summary>Frequency factors for long and short contexts, as Phi 3 has them.</summary>
    LongRope = 1 << 5,

    /// <summary>A bias added to the router's scores, where it does not belong to the architecture.</summary>
    RouterBias = 1 << 6,

    /// <summary>The layers for multi-token prediction have no embedding and output matrices of their own.</summary>
    SharedPredictionHead = 1 << 7,

    /// <summary>Query, key and value are separate where the architecture's files mostly have one matrix.</summary>
    SplitQkv = 1 << 8,

    /// <summary>Attention and feed-forward run side by side behind one norm.</summary>
    Parallel = 1 << 9,

    /// <summary>A second norm before attention, as the larger Falcons have it.</summary>
    SecondNorm = 1 << 10,

    /// <summary>A norm over the state-space mixer's output, where an architecture may lack it.</summary>
    StateNorm = 1 << 11,

    /// <summary>The feed-forward has a gate, where an architecture may lack it (T5).</summary>
    GatedFeedForward = 1 << 12,

    /// <summary>Layers with full attention use their keys as values; there is no <c>attn_v</c>.</summary>
    KeysAreValues = 1 << 13,
}

/// <summary>The words for traits in the catalog.</summary>
internal static class TraitWords
{
    private static readonly Dictionary<string, Traits> ByWord = new(StringComparer.Ordinal)
    {
        ["tied"] = Traits.Tied,
        ["qkv-bias"] = Traits.QkvBias,
        ["o-bias"] = Traits.AttentionOutputBias,
        ["qk-norm"] = Traits.QkNorm,
        ["rope-freqs"] = Traits.RopeFactors,
        ["longrope"] = Traits.LongRope,
        ["router-bias"] = Traits.RouterBias,
        ["mtp-shared-head"] = Traits.SharedPredictionHead,
        ["split-qkv"] = Traits.SplitQkv,
        ["parallel"] = Traits.Parallel,
        ["norm-2"] = Traits.SecondNorm,
        ["ssm-norm"] = Traits.StateNorm,
        ["gated"] = Traits.GatedFeedForward,
        ["k-eq-v"] = Traits.KeysAreValues,
    };

    /// <summary>The traits that words stand for; a word that stands for none is passed over.</summary>
    public static Traits Parse(IEnumerable<string> words)
    {
        var traits = Traits.None;
        foreach (var word in words)
            if (ByWord.TryGetValue(word, out var trait)) traits |= trait;
        return traits;
    }
}
