namespace ModelFit.Speed;

/// <summary>What a part of a model costs for one token, and what it holds.</summary>
internal readonly record struct TokenWork
{
    /// <summary>Bytes of weights that one token reads.</summary>
    public double Bytes { get; init; }

    /// <summary>Of them, those of experts.</summary>
    public double ExpertBytes { get; init; }

    /// <summary>Bytes of all weights, of every expert.</summary>
    public double AllBytes { get; init; }

    /// <summary>Weights that one token is multiplied with, by the way in which they are stored.</summary>
    public WeightCount Counts { get; init; }

    /// <summary>Of them, those of experts.</summary>
    public double ExpertWeights { get; init; }

    /// <summary>Of them, those of the output layer, which only the last token of a prompt goes through.</summary>
    public double OutputWeights { get; init; }

    /// <summary>Layers that are computed.</summary>
    public int Layers { get; init; }

    /// <summary>Of them, those with experts.</summary>
    public int ExpertLayers { get; init; }

    /// <summary>Tensors of weights that are computed with: each is an operation that is launched.</summary>
    public int Tensors { get; init; }

    /// <summary>
    /// Operations of attention for each token that is attended to, in layers that look back at everything.
    /// </summary>
    public double AttentionFlops { get; init; }

    /// <summary>The same in layers with a window.</summary>
    public double WindowAttentionFlops { get; init; }

    /// <summary>Layers with recurrent state.</summary>
    public int StateLayers { get; init; }

    /// <summary>Elements of recurrent state that a token updates.</summary>
    public double StateCells { get; init; }

    /// <summary>What a kept token has in the caches.</summary>
    public CacheCells Cache { get; init; }

    /// <summary>Weights that one token is multiplied with.</summary>
    public double Weights => Counts.Sum;

    /// <summary>The same layers with a part of every weight, as cards that share each layer have them.</summary>
    public static TokenWork operator *(in TokenWork work, double share) => work with
    {
        Bytes = work.Bytes * share,
        ExpertBytes = work.ExpertBytes * share,
        AllBytes = work.AllBytes * share,
        Counts = work.Counts * share,
        ExpertWeights = work.ExpertWeights * share,
        OutputWeights = work.OutputWeights * share,
        AttentionFlops = work.AttentionFlops * share,
        WindowAttentionFlops = work.WindowAttentionFlops * share,
        StateCells = work.StateCells * share,
        Cache = work.Cache * share,
    };

    /// <summary>Operations of attention of one token at a depth.</summary>
    public double AttentionAt(double depth, double window) => (depth * AttentionFlops)
        + ((window > 0 ? Math.Min(depth, window) : depth) * WindowAttentionFlops);

    /// <summary>Both parts together.</summary>
    public static TokenWork operator +(in TokenWork one, in TokenWork other) => new()
    {
        Bytes = one.Bytes + other.Bytes,
        ExpertBytes = one.ExpertBytes + other.ExpertBytes,
        AllBytes = one.AllBytes + other.AllBytes,
        Counts = one.Counts + other.Counts,
        ExpertWeights = one.ExpertWeights + other.ExpertWeights,
        OutputWeights = one.OutputWeights + other.OutputWeights,
        Layers = one.Layers + other.Layers,
        ExpertLayers = one.ExpertLayers + other.ExpertLayers,
        Tensors = one.Tensors + other.Tensors,
        AttentionFlops = one.AttentionFlops + other.AttentionFlops,
        WindowAttentionFlops = one.WindowAttentionFlops + other.WindowAttentionFlops,
        StateLayers = one.StateLayers + other.StateLayers,
        StateCells = one.StateCells + other.StateCells,
        Cache = one.Cache + other.Cache,
    };
}
