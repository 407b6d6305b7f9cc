using System.Globalization;
using ModelFit.Questions;

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
    public string? Gpu => Said<string>(QuestionParts.Gpu);

    /// <summary>Number of GPUs.</summary>
    public int? GpuCount => Number(QuestionParts.GpuCount);

    /// <summary>Memory of one card in bytes; null if unequal.</summary>
    public long? GpuMemoryBytes => Amount(QuestionParts.GpuMemory);

    /// <summary>
    /// Memory that was free on each card when the machine was seen, in bytes, joined by commas; null if it was not.
    /// </summary>
    public string? GpuMemoryFree => Free();

    /// <summary>System memory in bytes; null if it was not given.</summary>
    public long? SystemMemoryBytes => Amount(QuestionParts.SystemMemory);

    /// <summary>System memory that was free when the machine was seen, in bytes.</summary>
    public long? SystemMemoryFreeBytes => Question.Machine?.SystemMemoryFreeBytes;

    /// <summary>Bandwidth of the system memory in bytes a second; null if it was not given.</summary>
    public long? MemoryBandwidth => Amount(QuestionParts.MemoryBandwidth);

    /// <summary>Physical cores of the processor; null if they are not known.</summary>
    public int? CoreCount => Question.Machine?.CoreCount;

    /// <summary>Instruction sets of the processor that llama.cpp uses; null if they are not known.</summary>
    public string? CpuFeatures => Question.Machine?.CpuFeatures;

    /// <summary>Bytes kept free on each card.</summary>
    public long? ReserveBytes => Amount(QuestionParts.Reserve);

    private string? Free()
    {
        var cards = Question.Machine?.Gpus;
        if (cards is null || cards.Length == 0 || cards.Any(card => card.MemoryFreeBytes is null)) return null;
        return string.Join(
            ",", cards.Select(card => card.MemoryFreeBytes!.Value.ToString(CultureInfo.InvariantCulture)));
    }
}
