namespace ModelFit.Hardware;

/// <summary>
/// Streaming multiprocessors of NVIDIA's cards (NVIDIA's tuning guides, a chapter a compute capability).
/// </summary>
internal static class Multiprocessors
{
    private const int UsualCores = 128;

    private static readonly Dictionary<string, int> CoresByCapability = new(StringComparer.Ordinal)
    {
        ["3.0"] = 192, ["3.5"] = 192, ["3.7"] = 192,
        ["6.0"] = 64, ["7.0"] = 64, ["7.2"] = 64, ["7.5"] = 64, ["8.0"] = 64,
    };

    /// <summary>CUDA cores of one multiprocessor of a compute capability such as <c>8.6</c>.</summary>
    public static int CoresOf(string capability) =>
        CoresByCapability.TryGetValue(capability, out var cores) ? cores : UsualCores;

    /// <summary>Multiprocessors of a card; null if it is none of NVIDIA's or its cores are not known.</summary>
    public static int? Of(GpuSpec card) => card.ComputeCapability is { } capability && card.ShaderUnits is { } cores
        ? cores / CoresOf(capability)
        : null;
}
