using System.Globalization;
using ModelFit.Common;

namespace ModelFit;

/// <summary>
/// A graphics card or accelerator: a catalog entry, or one that was detected. Bytes are binary, bandwidths bytes a
/// second, unknown is null, never 0.
/// </summary>
public sealed record GpuSpec
{
    /// <summary>Name as the vendor writes it, for example <c>NVIDIA GeForce RTX 3090</c>.</summary>
    public string Name { get; internal init => field = CleanText.Name(value); } = string.Empty;

    /// <summary>Vendor: <c>NVIDIA</c>, <c>AMD</c>, <c>Intel</c>, <c>Apple</c>, …</summary>
    public string? Vendor { get; internal init => field = CleanText.Name(value); }

    /// <summary>
    /// <c>Consumer</c>, <c>Workstation</c>, <c>DataCenter</c>, <c>Mobile</c>, <c>Integrated</c>, <c>Embedded</c>,
    /// <c>Mining</c>.
    /// </summary>
    public string? Segment { get; internal init => field = CleanText.Name(value); }

    /// <summary>Architecture, for example <c>Ampere</c>.</summary>
    public string? Architecture { get; internal init => field = CleanText.Name(value); }

    /// <summary>Memory of one card in bytes.</summary>
    public long? MemoryBytes { get; internal init; }

    /// <summary>
    /// Memory that programs can have of it, in bytes, as its driver reports it; null where that was not seen.
    /// </summary>
    public long? UsableMemoryBytes { get; internal init; }

    /// <summary>What was supposed to take a name for this card, without a full stop; null if nothing was.</summary>
    internal string? Supposed { get; init; }

    /// <summary>Memory type, for example <c>GDDR6X</c>.</summary>
    public string? MemoryType { get; internal init => field = CleanText.Name(value); }

    /// <summary>Width of the memory bus in bits.</summary>
    public int? MemoryBusBits { get; internal init; }

    /// <summary>Memory bandwidth in bytes a second.</summary>
    public long? MemoryBandwidth { get; internal init; }

    /// <summary>CUDA cores, stream processors, shading units.</summary>
    public int? ShaderUnits { get; internal init; }

    /// <summary>Tensor, matrix or XMX cores.</summary>
    public int? TensorCores { get; internal init; }

    /// <summary>Single-precision operations a second (vector units).</summary>
    public double? Fp32Flops { get; internal init; }

    /// <summary>Half-precision matrix operations a second, dense.</summary>
    public double? Fp16TensorFlops { get; internal init; }

    /// <summary>CUDA compute capability, for example <c>8.6</c>.</summary>
    public string? ComputeCapability { get; internal init => field = CleanText.Name(value); }

    /// <summary>The same as a number; null if there is none.</summary>
    internal double? CudaCapability => double.TryParse(
        ComputeCapability, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
        ? number
        : null;

    /// <summary>AMD's target, for example <c>gfx1100</c>.</summary>
    public string? GfxTarget { get; internal init => field = CleanText.Name(value); }

    /// <summary>Thermal design power in watts.</summary>
    public int? TdpWatts { get; internal init; }

    /// <summary>PCI Express generation of the card, for example 4.</summary>
    public int? PcieGeneration { get; internal init; }

    /// <summary>PCI Express lanes of the card.</summary>
    public int? PcieLanes { get; internal init; }

    /// <summary>NVLink bandwidth of one card in bytes a second, both directions; null without NVLink.</summary>
    public long? NvLinkBandwidth { get; internal init; }

    /// <summary>Whether the card's memory is the system's memory.</summary>
    public bool IsUnifiedMemory { get; internal init; }

    /// <summary>Release date, <c>yyyy-MM-dd</c>.</summary>
    public string? ReleaseDate { get; internal init => field = CleanText.Name(value); }

    /// <summary>Computer the card was detected in.</summary>
    public string? ComputerName { get; internal init => field = CleanText.Name(value); }

    /// <summary>Index of the card in its computer, from 0, as its driver counts.</summary>
    public int? Index { get; internal init; }

    /// <summary>UUID of the card.</summary>
    public string? Uuid { get; internal init => field = CleanText.Name(value); }

    /// <summary>PCI address, for example <c>0000:01:00.0</c>.</summary>
    public string? PciBusId { get; internal init => field = CleanText.Name(value); }

    /// <summary>Memory that was free when the card was detected, in bytes.</summary>
    public long? MemoryFreeBytes { get; internal init; }

    /// <summary>Memory that the driver keeps for itself, in bytes.</summary>
    public long? MemoryReservedBytes { get; internal init; }

    /// <summary>Version of the driver.</summary>
    public string? DriverVersion { get; internal init => field = CleanText.Name(value); }

    /// <summary>Memory in use when the card was detected, in bytes.</summary>
    public long? MemoryUsedBytes { get; internal init; }

    /// <summary>System memory that the card may use beside its own (GTT, DXGI's shared memory), in bytes.</summary>
    public long? SharedMemoryBytes { get; internal init; }

    /// <summary>PCI vendor and device, four hex digits each, for example <c>10DE:2204</c>.</summary>
    public string? PciId { get; internal init => field = CleanText.Name(value); }

    /// <summary>Error correction: <c>Enabled</c> or <c>Disabled</c>; null where the card has none.</summary>
    public string? EccMode { get; internal init => field = CleanText.Name(value); }

    /// <summary>Profile of a MIG instance, for example <c>1g.5gb</c>; null for a whole card.</summary>
    public string? MigProfile { get; internal init => field = CleanText.Name(value); }

    /// <summary>
    /// How the card is virtualized, for example <c>VGPU</c> or <c>Pass-Through</c>; null if it is not.
    /// </summary>
    public string? VirtualizationMode { get; internal init => field = CleanText.Name(value); }

    /// <summary>Driver model on Windows: <c>WDDM</c>, <c>TCC</c> or <c>MCDM</c>.</summary>
    public string? DriverModel { get; internal init => field = CleanText.Name(value); }

    /// <summary>Whether a display is attached or active.</summary>
    public bool? DisplayActive { get; internal init; }

    /// <summary>Newest CUDA version of the driver.</summary>
    public string? CudaVersion { get; internal init => field = CleanText.Name(value); }

    /// <summary>Power limit in watts as it is set.</summary>
    public double? PowerLimitWatts { get; internal init; }

    /// <summary>Temperature in degrees Celsius when the card was detected.</summary>
    public int? Temperature { get; internal init; }

    /// <summary>Utilization in percent when the card was detected.</summary>
    public int? UtilizationPercent { get; internal init; }

    /// <summary>Active NVLink connections.</summary>
    public int? NvLinkCount { get; internal init; }

    /// <summary>Processes with memory on the card, for example <c>1234 python 512 MiB; 99 Xorg 8 MiB</c>.</summary>
    public string? Processes { get; internal init => field = CleanText.List(value); }

    /// <summary>Where the facts come from: <c>Catalog</c>, or the probe or inventory that found the card.</summary>
    public string? Source { get; internal init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
