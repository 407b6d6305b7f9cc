using ModelFit.Models;

namespace ModelFit.Graph;

/// <summary>
/// Which layers look back only so far (src/llama-model.cpp, load_swa_pattern; src/llama-hparams.cpp, set_swa_pattern).
/// </summary>
/// <param name="Size">Tokens of the window.</param>
/// <param name="Period">Every so many layers one is global, unless the header has a pattern; 0 means none is.</param>
/// <param name="GlobalFirst">Whether the global layer is the first of its period instead of the last.</param>
internal sealed record WindowRule(long Size, int Period, bool GlobalFirst = false)
{
    private const string PatternKey = "attention.sliding_window_pattern";

    /// <summary>Whether the header's pattern is not read.</summary>
    public bool IgnoresPattern { get; init; }

    /// <summary>The window of the header, or the fallback; no rule where it is 0.</summary>
    public static Func<ModelMetadata, WindowRule?> Standard(int period, long fallback = 0, bool globalFirst = false) =>
        metadata => metadata.Integer("attention.sliding_window", fallback) is > 0 and <= int.MaxValue and var size
            ? new WindowRule(size, period, globalFirst)
            : null;

    /// <summary>The rule of a header that says which layers have a window; none where it does not.</summary>
    public static WindowRule? OfHeader(ModelMetadata metadata) =>
        metadata.Flags(PatternKey) is null ? null : Standard(1)(metadata);

    /// <summary>For each layer, whether it has a window.</summary>
    public bool[] Layers(ModelMetadata metadata, int layers, int allLayers)
    {
        var result = new bool[allLayers];
        if (!IgnoresPattern && metadata.Flags(PatternKey) is { } flags)
        {
            for (var i = 0; i < layers && i < flags.Length; i++) result[i] = flags[i];
            return result;
        }

        var period = IgnoresPattern ? Period : metadata.Integer(PatternKey, Period);
        for (var i = 0; i < layers; i++)
            result[i] = period <= 0 || (GlobalFirst ? i % period != 0 : i % period < period - 1);
        return result;
    }
}
