namespace ModelFit.Graph.Backends;

/// <summary>All that is known of one backend of llama.cpp but for its rules, which it makes.</summary>
/// <param name="Backend">The backend.</param>
/// <param name="Name">What its memory is called (<c>CUDA</c>0, <c>ROCm</c>_Host).</param>
internal sealed record BackendProfile(ComputeBackend Backend, string Name)
{
    /// <summary>What it calls its devices, before their number (<c>--device</c>), where that is not its name.</summary>
    public string? OtherDevicePrefix { get; init; }

    /// <summary>What it calls its devices, before their number (<c>--device</c>).</summary>
    public string DevicePrefix => OtherDevicePrefix ?? Name;

    /// <summary>What benchmarks call it, in capitals.</summary>
    public IReadOnlyList<string> Words { get; init; } = Array.Empty<string>();

    /// <summary>The vendor whose cards it is made for, in capitals; null for any.</summary>
    public string? Vendor { get; init; }

    /// <summary>Whether it numbers the fastest card first, whatever their places (CUDA_DEVICE_ORDER).</summary>
    public bool NumbersFastestFirst { get; init; }

    /// <summary>The rules of a device with that memory; null without devices.</summary>
    public Func<BufferType, BackendRules>? Device { get; init; }

    /// <summary>Whether weights in system memory lie in memory that it pins.</summary>
    public bool PinsHost { get; init; } = true;

    /// <summary>Whether its devices map weights from the file (ggml_backend_dev_caps, buffer_from_host_ptr).</summary>
    public bool MapsFiles { get; init; }

    /// <summary>The processor's rules beside its devices.</summary>
    public Func<BufferType, CpuRules> Host { get; init; } = buffer => new CpuRules(buffer);

    /// <summary>What it takes of a device beside llama.cpp's own books.</summary>
    public RuntimeOverhead Overhead { get; init; } = RuntimeOverhead.None;

    /// <summary>The same by streaming multiprocessors, where it depends on them.</summary>
    public Func<int, RuntimeOverhead>? OverheadOfMultiprocessors { get; init; }

    /// <summary>Why its buffers are not known exactly, as a sentence; null where they were compared.</summary>
    public string? NotCompared { get; init; }
}

/// <summary>
/// Memory that a runtime takes on a device outside llama.cpp's own books (context, driver reserve, library workspace),
/// as a measured range in bytes: how well it is known is always <see cref="Accuracy.Modelled"/>.
/// </summary>
/// <param name="LowBytes">Least that was measured.</param>
/// <param name="TypicalBytes">What is counted.</param>
/// <param name="HighBytes">Most that was measured.</param>
/// <param name="Source">Where the range comes from.</param>
public sealed record RuntimeOverhead(long LowBytes, long TypicalBytes, long HighBytes, string Source)
{
    /// <summary>
    /// The part of <see cref="TypicalBytes"/> that is taken when something is computed: a fit at the start does not see
    /// it.
    /// </summary>
    public long LaterBytes { get; init; }

    /// <summary>None.</summary>
    public static RuntimeOverhead None { get; } = new(0, 0, 0, "none");
}
