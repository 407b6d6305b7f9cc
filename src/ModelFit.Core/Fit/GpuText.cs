using System.Globalization;
using ModelFit.Common;
using static ModelFit.Common.NumberText;

namespace ModelFit.Fit;

/// <summary>Cards in words.</summary>
internal static class GpuText
{
    private static readonly BoundedCache<GpuSpec, string> Facts = new();

    /// <summary>
    /// The facts of the cards in a line, for example <c>Ampere, 24 GiB GDDR6X, 936 GB/s, 10496 CUDA cores, 328 tensor
    /// cores, 350 W</c>; unlike cards are joined by <c>; </c>; null without any.
    /// </summary>
    public static string? Describe(IReadOnlyList<GpuSpec> gpus)
    {
        if (gpus.Count == 0) return null;
        var first = Facts.Get(gpus[0], DescribeOne);
        return gpus.Count == 1
            ? first
            : string.Join("; ", gpus.Select(gpu => Facts.Get(gpu, DescribeOne)).Distinct());
    }

    /// <summary>The cards by name, for example <c>2x NVIDIA GeForce RTX 3090</c>.</summary>
    public static string Names(IEnumerable<GpuSpec> gpus) => string.Join(" + ", gpus.GroupBy(gpu => gpu.Name).Select(
        group => group.Count() == 1 ? group.Key : $"{group.Count()}x {group.Key}"));

    private static string DescribeOne(GpuSpec gpu)
    {
        var words = new List<string?>
        {
            gpu.Architecture,
            gpu.MemoryBytes is { } bytes
                ? Gib(bytes) + (gpu.MemoryType is { } type ? " " + type : string.Empty)
                : gpu.MemoryType,
            gpu.MemoryBandwidth is { } bandwidth ? Number(bandwidth / 1e9, 0) + " GB/s" : null,
            gpu.ShaderUnits is { } units ? Number(units) + " " + UnitsOf(gpu.Vendor) : null,
            gpu.TensorCores is { } cores and > 0 ? Number(cores) + " " + CoresOf(gpu.Vendor) : null,
            gpu.TdpWatts is { } watts ? Number(watts) + " W" : null,
        };
        return string.Join(", ", words.Where(word => !string.IsNullOrEmpty(word)));
    }

    private static string UnitsOf(string? vendor) => vendor switch
    {
        "NVIDIA" => "CUDA cores",
        "AMD" => "stream processors",
        _ => "shader units",
    };

    private static string CoresOf(string? vendor) => vendor switch
    {
        "NVIDIA" => "tensor cores",
        "Intel" => "XMX engines",
        _ => "matrix cores",
    };

    private static string Gib(long bytes) =>
        (bytes / (double)(1L << 30)).ToString("0.#", CultureInfo.InvariantCulture) + " GiB";
}
