using ModelFit.Models;
using ModelFit.Questions;

namespace ModelFit.Speed;

/// <summary>What one decoding step is asked for.</summary>
/// <param name="Sequences">Sequences that each get a token.</param>
/// <param name="Depth">Tokens in the cache of each.</param>
/// <param name="Window">Tokens that layers with a window look back.</param>
/// <param name="ExpertShare">Part of the experts that one token uses.</param>
/// <param name="Width">Elements of a token's activations between layers.</param>
/// <param name="Vocabulary">Tokens of the vocabulary.</param>
/// <param name="KeyBytes">Bytes of an element of K.</param>
/// <param name="ValueBytes">Bytes of an element of V.</param>
internal readonly record struct StepLoad(
    double Sequences,
    double Depth,
    double Window,
    double ExpertShare,
    double Width,
    double Vocabulary,
    double KeyBytes,
    double ValueBytes)
{
    /// <summary>Tokens of each sequence that are computed at once: several where drafted ones are checked.</summary>
    public double Tokens { get; init; } = 1;

    /// <summary>Tokens that are computed.</summary>
    public double Rows => Sequences * Tokens;

    /// <summary>
    /// Bytes of experts that all tokens read over those that one reads: each draws its experts on its own.
    /// </summary>
    public double ExpertsRead => Rows <= 1 || ExpertShare >= 1
        ? 1
        : (1 - Math.Pow(1 - ExpertShare, Rows)) / ExpertShare;

    /// <summary>The step of a model under options and a load.</summary>
    public static StepLoad Of(ModelWork model, RuntimeOptions options, ServingLoad load) => new(
        load.ActiveSequences,
        load.UsedContext,
        model.Window,
        model.ExpertShare,
        model.Width,
        model.Vocabulary,
        BytesOf(options.KeyCacheType),
        BytesOf(options.ValueCacheType));

    private static double BytesOf(KvCacheType type) => type.Numbers().BitsPerWeight() / 8;
}
