using ModelFit.Common;

namespace ModelFit;

/// <summary>What an answer about a machine says again of its question.</summary>
public abstract class HardwareAnswer : ModelAnswer
{
    private protected HardwareAnswer(FitQuestion question)
        : base(question)
    {
    }

    /// <summary>Computer the question was about.</summary>
    public string? ComputerName => Question.Machine?.ComputerName;

    /// <summary>The GPUs as text that parses back; null if there are none.</summary>
    public string? Gpu => Question.Machine?.Gpu;

    /// <summary>Number of GPUs.</summary>
    public int? GpuCount => Question.Machine?.GpuCount;

    /// <summary>Memory of one card in bytes; null if unequal.</summary>
    public long? GpuMemoryBytes => Question.Machine?.GpuMemoryBytes;

    /// <summary>
    /// Memory that was free on each card when the machine was seen, in bytes, joined by commas; null if it was not.
    /// </summary>
    public string? GpuMemoryFree =>
        Question.Machine?.Gpus is { Length: > 0 } cards && cards.All(card => card.MemoryFreeBytes is not null)
            ? string.Join(",", cards.Select(card => NumberText.Number(card.MemoryFreeBytes!.Value)))
            : null;

    /// <summary>System memory in bytes; null if it was not given.</summary>
    public long? SystemMemoryBytes => Question.Machine?.SystemMemoryBytes;

    /// <summary>System memory that was free when the machine was seen, in bytes.</summary>
    public long? SystemMemoryFreeBytes => Question.Machine?.SystemMemoryFreeBytes;

    /// <summary>Bandwidth of the system memory in bytes a second; null if it was not given.</summary>
    public long? MemoryBandwidth => Question.Machine?.MemoryBandwidth;

    /// <summary>Megatransfers a second of the system memory; null if they are not known.</summary>
    public int? MemorySpeed => Question.Machine?.MemorySpeed;

    /// <summary>Channels of the system memory; null if they are not known.</summary>
    public int? MemoryChannels => Question.Machine?.MemoryChannels;

    /// <summary>NUMA nodes; null if they are not known.</summary>
    public int? NumaNodeCount => Question.Machine?.NumaNodeCount;

    /// <summary>
    /// Generation and lanes of each card's PCI Express link, such as <c>4x16,3x4</c>; null if one is not known.
    /// </summary>
    public string? GpuLink =>
        Question.Machine?.Gpus is { Length: > 0 } cards
            && cards.All(card => card is { PcieGeneration: not null, PcieLanes: not null })
            ? string.Join(",", cards.Select(card =>
                NumberText.Number(card.PcieGeneration!.Value) + "x" + NumberText.Number(card.PcieLanes!.Value)))
            : null;

    /// <summary>Name of the processor; null if it is not known.</summary>
    public string? Cpu => Question.Machine?.Cpu;

    /// <summary>Physical cores of the processor; null if they are not known.</summary>
    public int? CoreCount => Question.Machine?.CoreCount;

    /// <summary>Instruction sets of the processor that llama.cpp uses; null if they are not known.</summary>
    public string? CpuFeatures => Question.Machine?.CpuFeatures;

    /// <summary>Bytes kept free on each card.</summary>
    public long? ReserveBytes => Question.ReserveBytes;
}
