namespace ModelFit.Speed;

/// <summary>What a part of a model costs for one token, and what it holds.</summary>
/// <param name="Bytes">Bytes of weights that one token reads.</param>
/// <param name="Weights">Weights that one token is multiplied with.</param>
/// <param name="FloatWeights">Of them, those stored as plain numbers and not in quantized blocks.</param>
/// <param name="ExpertWeights">Of them, those of experts.</param>
/// <param name="AllBytes">Bytes of all weights, of every expert.</param>
/// <param name="Layers">Layers that are computed.</param>
/// <param name="ExpertLayers">Of them, those with experts.</param>
/// <param name="AttentionFlops">Operations of attention for each token that is attended to.</param>
internal readonly record struct TokenWork(
    double Bytes,
    double Weights,
    double FloatWeights,
    double ExpertWeights,
    double AllBytes,
    int Layers,
    int ExpertLayers,
    double AttentionFlops)
{
    /// <summary>The same layers with a part of every weight, as cards that share each layer have them.</summary>
    public TokenWork Share(int cards) => this with
    {
        Bytes = Bytes / cards,
        Weights = Weights / cards,
        FloatWeights = FloatWeights / cards,
        ExpertWeights = ExpertWeights / cards,
        AllBytes = AllBytes / cards,
        AttentionFlops = AttentionFlops / cards,
    };

    /// <summary>Both parts together.</summary>
    public static TokenWork operator +(TokenWork one, TokenWork other) => new(
        one.Bytes + other.Bytes,
        one.Weights + other.Weights,
        one.FloatWeights + other.FloatWeights,
        one.ExpertWeights + other.ExpertWeights,
        one.AllBytes + other.AllBytes,
        one.Layers + other.Layers,
        one.ExpertLayers + other.ExpertLayers,
        one.AttentionFlops + other.AttentionFlops);
}
