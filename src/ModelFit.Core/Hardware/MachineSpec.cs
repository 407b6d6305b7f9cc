using ModelFit.Common;

namespace ModelFit;

/// <summary>A machine: its GPUs and its memory, from a probe, an inventory or a question. Unknown is null.</summary>
public sealed record MachineSpec
{
    /// <summary>Name of the computer.</summary>
    public string? ComputerName { get; internal init => field = CleanText.Name(value); }

    /// <summary>What the computer calls itself, where it was asked by a name.</summary>
    public string? ReportedName { get; internal init => field = CleanText.Name(value); }

    /// <summary>Operating system with its version.</summary>
    public string? OperatingSystem { get; internal init => field = CleanText.Name(value); }

    /// <summary>Processor model.</summary>
    public string? Cpu { get; internal init => field = CleanText.Name(value); }

    /// <summary>Physical cores of all processors.</summary>
    public int? CoreCount { get; internal init; }

    /// <summary>Total system memory in bytes (a container's limit where there is one).</summary>
    public long? SystemMemoryBytes { get; internal init; }

    /// <summary>System memory that programs could have when the machine was seen, in bytes.</summary>
    public long? SystemMemoryFreeBytes { get; internal init; }

    /// <summary>Bandwidth of the system memory in bytes a second.</summary>
    public long? MemoryBandwidth { get; internal init; }

    /// <summary>The GPUs, in the order of their driver.</summary>
    public GpuSpec[] Gpus { get; internal init; } = Array.Empty<GpuSpec>();

    /// <summary>
    /// The GPUs as text that parses back, for example <c>2x NVIDIA GeForce RTX 3090</c>; null if none.
    /// </summary>
    public string? Gpu { get; internal init => field = CleanText.List(value); }

    /// <summary>Number of GPUs; 0 is known to be none.</summary>
    public int? GpuCount { get; internal init; }

    /// <summary>Memory of one card in bytes; null if there is none or they are unequal.</summary>
    public long? GpuMemoryBytes { get; internal init; }

    /// <summary>Memory of all cards in bytes.</summary>
    public long? TotalGpuMemoryBytes { get; internal init; }

    /// <summary>Logical processors.</summary>
    public int? LogicalProcessorCount { get; internal init; }

    /// <summary>Instruction sets that llama.cpp uses, for example <c>AVX2 FMA F16C</c>.</summary>
    public string? CpuFeatures { get; internal init => field = CleanText.List(value); }

    /// <summary>Type of the memory modules, for example <c>DDR5</c>.</summary>
    public string? MemoryType { get; internal init => field = CleanText.Name(value); }

    /// <summary>Transfers a second of the memory modules in millions (MT/s).</summary>
    public int? MemorySpeed { get; internal init; }

    /// <summary>Populated memory channels.</summary>
    public int? MemoryChannels { get; internal init; }

    /// <summary>NUMA nodes.</summary>
    public int? NumaNodeCount { get; internal init; }

    /// <summary>Hypervisor or container that the system runs in; null if none was seen.</summary>
    public string? Virtualization { get; internal init => field = CleanText.Name(value); }

    /// <summary>Free bytes on the disk of the model stores.</summary>
    public long? ModelStoreFreeBytes { get; internal init; }

    /// <summary>
    /// Neural processing units by name; null if none was seen. They are no GPUs: llama.cpp, Ollama and vLLM do not use
    /// them.
    /// </summary>
    public string? Npu { get; internal init => field = CleanText.Name(value); }

    /// <summary>
    /// The GPU inside the processor, where the machine has a card beside it; null elsewhere. It is not counted:
    /// llama.cpp and Ollama leave it out in favour of the card.
    /// </summary>
    public string? IntegratedGpu { get; internal init => field = CleanText.Name(value); }

    /// <summary><c>CUDA_VISIBLE_DEVICES</c> as it is set: reported, not obeyed.</summary>
    public string? VisibleDevices { get; internal init => field = CleanText.List(value); }

    /// <summary>When the machine was seen, UTC.</summary>
    public DateTime? CollectedAt { get; internal init; }

    /// <summary>Where the facts come from: the probe or the inventory.</summary>
    public string? Source { get; internal init => field = CleanText.Name(value); }

    /// <summary>
    /// Models that are stored on the machine, where they were asked for: name, size, licence and store of each, parts
    /// joined by <c>; </c>; empty if there are none.
    /// </summary>
    public string? Models { get; internal init => field = CleanText.List(value); }

    /// <summary>
    /// Programs that serve models there and the ports they listen on, where they were asked for, for example
    /// <c>ollama :11434</c>; empty if there are none.
    /// </summary>
    public string? Runtimes { get; internal init => field = CleanText.List(value); }

    /// <summary>The same models as objects, with paths and licences; empty if there are none or nobody asked.</summary>
    public HostedModel[] HostedModels { get; internal init; } = Array.Empty<HostedModel>();

    /// <summary>The same programs as objects; empty if there are none or nobody asked.</summary>
    public ServingRuntime[] ServingRuntimes { get; internal init; } = Array.Empty<ServingRuntime>();

    /// <summary>Id of the failure, where the machine could not be asked and stands for it all the same.</summary>
    public string? ErrorId { get; internal init => field = CleanText.Name(value); }

    /// <summary>Message of the failure.</summary>
    public string? ErrorMessage { get; internal init => field = CleanText.List(value); }

    /// <summary>What was found of models, before their names are looked up.</summary>
    internal Hardware.Remote.InstalledModel[] Installed { get; init; } =
        Array.Empty<Hardware.Remote.InstalledModel>();

    /// <inheritdoc/>
    public override string ToString() => ComputerName ?? Gpu ?? "machine";
}
