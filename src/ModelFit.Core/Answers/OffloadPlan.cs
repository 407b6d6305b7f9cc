using System;

namespace ModelFit;

/// <summary>
/// How to run a model on a machine: what goes where, what it takes there, and how the runtime is told.
/// </summary>
public sealed class OffloadPlan
{
    /// <summary>Computer the plan is for.</summary>
    public string? ComputerName { get; internal init; }

    /// <summary>Model.</summary>
    public string Model { get; internal init; } = string.Empty;

    /// <summary>Path of the model file, if there is one.</summary>
    public string? ModelPath { get; internal init; }

    /// <summary>The GPUs as text that parses back; null if there are none.</summary>
    public string? Gpu { get; internal init; }

    /// <summary>Number of GPUs.</summary>
    public int? GpuCount { get; internal init; }

    /// <summary>Memory of one card in bytes; null if unequal.</summary>
    public long? GpuMemoryBytes { get; internal init; }

    /// <summary>System memory in bytes; null if it was not given.</summary>
    public long? SystemMemoryBytes { get; internal init; }

    /// <summary>Quantization.</summary>
    public string? Quantization { get; internal init; }

    /// <summary>Tokens each sequence can hold.</summary>
    public int? ContextLength { get; internal init; }

    /// <summary>Sequences served at once.</summary>
    public int? ParallelSequences { get; internal init; }

    /// <summary>Logical batch in tokens.</summary>
    public int? BatchSize { get; internal init; }

    /// <summary>Micro-batch in tokens.</summary>
    public int? MicroBatchSize { get; internal init; }

    /// <summary>Element type of the K cache.</summary>
    public string? KeyCacheType { get; internal init; }

    /// <summary>Element type of the V cache.</summary>
    public string? ValueCacheType { get; internal init; }

    /// <summary>Flash attention as asked: <c>Auto</c>, <c>On</c>, <c>Off</c>.</summary>
    public string? FlashAttention { get; internal init; }

    /// <summary>The runtime.</summary>
    public string? Runtime { get; internal init; }

    /// <summary>Bytes kept free on each card.</summary>
    public long? ReserveBytes { get; internal init; }

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

    /// <summary>Predicted tokens a second of one sequence at an empty cache.</summary>
    public double? DecodeTokensPerSecond { get; internal init; }

    /// <summary>How the figures are known, the worst of them.</summary>
    public string Accuracy { get; internal init; } = string.Empty;

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
