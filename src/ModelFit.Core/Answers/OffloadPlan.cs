namespace ModelFit;

/// <summary>
/// How to run a model on a machine: what goes where, what it takes there, and how the runtime is told.
/// </summary>
public sealed class OffloadPlan : HardwareAnswer
{
    internal OffloadPlan(FitQuestion question)
        : base(question)
    {
    }

    /// <summary><c>Fits</c>, <c>Tight</c>, <c>Offload</c> or <c>NoFit</c>.</summary>
    public string Verdict { get; internal init; } = string.Empty;

    /// <summary>Layers on the GPUs, the output layer counted (<c>-ngl</c>).</summary>
    public int? GpuLayers { get; internal init; }

    /// <summary>All layers, the output layer counted.</summary>
    public int? TotalLayers { get; internal init; }

    /// <summary>First layers whose experts stay in system memory (<c>--n-cpu-moe</c>).</summary>
    public int? CpuMoeLayers { get; internal init; }

    /// <summary>Share of each GPU as llama.cpp's <c>-ts</c> takes it; null for one card.</summary>
    public string? TensorSplit { get; internal init; }

    /// <summary><c>--override-tensor</c> patterns, joined by commas; null if none.</summary>
    public string? TensorOverrides { get; internal init; }

    /// <summary>What each device carries, the GPUs in order, the host last.</summary>
    public DeviceLoad[] Devices { get; internal init; } = Array.Empty<DeviceLoad>();

    /// <summary>Bytes in system memory.</summary>
    public long? HostBytes { get; internal init; }

    /// <summary>
    /// Bytes of cache that vLLM has on all cards of one copy of the model; null for runtimes that reserve what was
    /// asked for.
    /// </summary>
    public long? KvCacheCapacityBytes { get; internal init; }

    /// <summary>Tokens that this cache holds, as the version prints them.</summary>
    public long? KvCacheCapacityTokens { get; internal init; }

    /// <summary>Requests of the asked length that this cache holds at once.</summary>
    public double? MaxConcurrency { get; internal init; }

    /// <summary>Predicted tokens a second of one sequence at an empty cache.</summary>
    public double? DecodeTokensPerSecond { get; internal init; }

    /// <summary>The runtime's arguments, one element each.</summary>
    public string[] Arguments { get; internal init; } = Array.Empty<string>();

    /// <summary>The launch line, quoted for the shell of the machine.</summary>
    public string? CommandLine { get; internal init; }

    /// <summary>
    /// Variables that the runtime must have (Ollama's server, vLLM's choice of cards), <c>NAME=value</c> separated by
    /// blanks; null for none.
    /// </summary>
    public string? Environment { get; internal init; }

    /// <summary>
    /// What the runtime reads besides its arguments: Ollama's Modelfile, LM Studio's load settings as JSON; null for
    /// none.
    /// </summary>
    public string? Configuration { get; internal init; }

    /// <summary>One sentence with the numbers.</summary>
    public string Reason { get; internal init; } = string.Empty;

    /// <inheritdoc/>
    public override string ToString() => CommandLine ?? Verdict;
}
