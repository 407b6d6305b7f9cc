using ModelFit.Common;
using ModelFit.Graph.Backends;
using ModelFit.Hardware;
using ModelFit.Memory;

namespace ModelFit.Fit;

/// <summary>
/// Says what memory figures rest on beside llama.cpp's tested rules, so that nothing is guessed in silence.
/// </summary>
internal static class Assumptions
{
    /// <summary>Addresses of sources are in docs/internals/estimation.md.</summary>
    private static readonly Regex Address = new(@" ?\(https?://[^)\s]+\)");

    private static readonly BoundedCache<RuntimeOverhead, string> Figures = new();

    /// <summary>Says what a memory assumes, and what is counted for the runtime itself on each kind of card.</summary>
    public static void Say(FitCase fit, MemoryEstimate memory, IReadOnlyList<GpuSpec> cards, IMessageSink messages)
    {
        if (memory.Assumption is { } assumption) messages.Verbose(assumption);
        if (fit.Runtime.Assumption is { } runtime) messages.Verbose(runtime);
        if (fit.Question.OverheadBytes is not null) return;
        RuntimeOverhead? last = null;
        foreach (var card in cards)
        {
            if (card.MemoryBytes is not > 0 && fit.Machine.PoolBytes is null)
                messages.Warning($"The memory of {card.Name} is not known, so it is not counted; specify -GpuMemory.");
            var overhead = BackendProfiles.OverheadOf(fit.Machine.Backend, Multiprocessors.Of(card));
            if (!ReferenceEquals(overhead, last)) messages.Verbose(CountedOn(card, overhead));
            last = overhead;
        }
    }

    private static string CountedOn(GpuSpec card, RuntimeOverhead overhead) =>
        $"Runtime overhead on each {card.Name}: {Figures.Get(overhead, FiguresOf)}";

    /// <summary>What is counted for the runtime itself where memory is asked without a machine.</summary>
    public static string Counted(RuntimeOverhead overhead) =>
        $"Runtime overhead on one device: {Figures.Get(overhead, FiguresOf)}";

    /// <summary>What is counted for the runtime itself, and what was measured.</summary>
    private static string FiguresOf(RuntimeOverhead overhead)
    {
        static long Mib(long bytes) => bytes >> 20;
        return FormattableString.Invariant($"{Mib(overhead.TypicalBytes)} MiB ") +
            FormattableString.Invariant($"(range {Mib(overhead.LowBytes)}-{Mib(overhead.HighBytes)}), from ") +
            Address.Replace(overhead.Source, string.Empty) + ".";
    }
}
