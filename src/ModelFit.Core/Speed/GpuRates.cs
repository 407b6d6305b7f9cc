using System;
using System.Collections.Generic;
using ModelFit.Hardware;

namespace ModelFit.Speed;

/// <summary>
/// The rates of GPUs. The shares were found from published measurements (docs/internals/speed.md says which, and how well they
/// hold): each stands for one thing that keeps a card from its data sheet.
/// </summary>
internal static class GpuRates
{
    /// <summary>Part of the bandwidth of GDDR memory that error correction leaves where it is on by default.</summary>
    private const double ErrorCorrectionShare = 0.88;

    /// <summary>Bytes of weights that one NVIDIA multiprocessor takes in a clock in a product with one token.</summary>
    private const double BytesPerClock = 6.5;

    /// <summary>How a backend's kernels use a card.</summary>
    /// <param name="BandwidthShare">Part of the memory bandwidth that is reached.</param>
    /// <param name="SecondsPerLayer">Launching the kernels of one layer.</param>
    /// <param name="MatrixShare">Part of the matrix rate that is reached with many tokens.</param>
    /// <param name="VectorShare">The same of the vector rate where there are no matrix units.</param>
    /// <param name="FlopsPerQuantized">Vector operations to unpack and multiply a quantized weight.</param>
    /// <param name="FlopsPerFloat">Vector operations to multiply a plain one.</param>
    private sealed record Kernels(
        double BandwidthShare,
        double SecondsPerLayer,
        double MatrixShare,
        double VectorShare,
        double FlopsPerQuantized,
        double FlopsPerFloat);

    private static readonly Dictionary<ComputeBackend, Kernels> ByBackend = new()
    {
        [ComputeBackend.Cuda] = new(0.92, 55e-6, 0.50, 1.1, 0, 0),
        [ComputeBackend.Hip] = new(0.85, 80e-6, 0.37, 1.0, 24, 12),
        [ComputeBackend.Vulkan] = new(0.93, 30e-6, 0.42, 1.0, 20, 10),
        [ComputeBackend.Metal] = new(0.80, 100e-6, 0.45, 0.62, 32, 18),
    };

    /// <summary>
    /// Matrix operations a second for each watt that are sustained, by compute capability (from the measurements).
    /// </summary>
    private static readonly Dictionary<string, double> FlopsPerWatt = new(StringComparer.Ordinal)
    {
        ["7.0"] = 0.17e12,
        ["7.2"] = 0.17e12,
        ["7.5"] = 0.20e12,
        ["8.0"] = 0.36e12,
        ["8.6"] = 0.20e12,
        ["8.7"] = 0.36e12,
        ["8.9"] = 0.33e12,
        ["9.0"] = 0.40e12,
        ["10.0"] = 0.45e12,
        ["10.3"] = 0.45e12,
        ["12.0"] = 0.40e12,
        ["12.1"] = 0.45e12,
    };

    /// <summary>The rates of a card under a backend; null where its bandwidth is not known.</summary>
    public static DeviceRates? Of(GpuSpec card, ComputeBackend backend, double? systemBandwidth)
    {
        var bandwidth = card.MemoryBandwidth ?? (card.IsUnifiedMemory ? systemBandwidth : null);
        if (bandwidth is not > 0 || !ByBackend.TryGetValue(backend, out var kernels)) return null;
        var corrected = card.Segment == "DataCenter"
            && card.MemoryType?.StartsWith("GDDR", StringComparison.OrdinalIgnoreCase) == true;
        var vector = card.Fp32Flops is > 0 and var flops ? flops : VectorFlopsOf(bandwidth.Value);
        return new DeviceRates(
            bandwidth.Value * kernels.BandwidthShare * (corrected ? ErrorCorrectionShare : 1),
            IssueRate(card, vector),
            Rate(vector, kernels.FlopsPerFloat),
            Rate(vector, kernels.FlopsPerQuantized),
            MatrixFlops(card, kernels, vector),
            kernels.SecondsPerLayer);
    }

    private static double Rate(double flops, double flopsPerWeight) =>
        flopsPerWeight > 0 ? flops / flopsPerWeight : double.PositiveInfinity;

    /// <summary>Cards of unknown cores are taken to have 20 operations a byte, as most cards since 2016 have.</summary>
    private static double VectorFlopsOf(double bandwidth) => 20 * bandwidth;

    private static double IssueRate(GpuSpec card, double vectorFlops)
    {
        if (card.ComputeCapability is not { } capability) return double.PositiveInfinity;
        return vectorFlops / (2 * Multiprocessors.CoresOf(capability)) * BytesPerClock;
    }

    private static double MatrixFlops(GpuSpec card, Kernels kernels, double vectorFlops)
    {
        var peak = card.Fp16TensorFlops is > 0 and var matrix
            ? matrix * kernels.MatrixShare
            : vectorFlops * kernels.VectorShare;
        if (card.ComputeCapability is not { } capability || card.Segment == "Mobile") return peak;
        if (card.TdpWatts is not > 0 || !FlopsPerWatt.TryGetValue(capability, out var sustained)) return peak;
        return Math.Min(peak, sustained * card.TdpWatts.Value);
    }
}
