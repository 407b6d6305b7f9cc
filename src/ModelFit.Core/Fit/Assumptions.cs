using System;
using System.Collections.Generic;
using ModelFit.Hardware;
using ModelFit.Memory;

namespace ModelFit.Fit;

/// <summary>
/// Says what memory figures rest on beside llama.cpp's tested rules, so that nothing is guessed in silence.
/// </summary>
internal static class Assumptions
{
    /// <summary>Says what a map assumes, and what is counted for the runtime itself on each kind of card.</summary>
    public static void Say(FitCase fit, MemoryMap map, IReadOnlyList<GpuSpec> cards, IMessageSink messages)
    {
        if (Refusals.Of(fit.Definition, fit.Question.Options) is { } refusal) messages.Warning(refusal);
        if (map.Assumption is { } assumption) messages.Verbose(assumption);
        if (fit.Question.OverheadBytes is not null) return;
        RuntimeOverhead? last = null;
        foreach (var card in cards)
        {
            if (card.MemoryBytes is not > 0 && fit.Machine.PoolBytes is null)
                messages.Warning($"The memory of {card.Name} is not known, so it is not counted; -GpuMemory says it.");
            var overhead = RuntimeOverhead.For(fit.Machine.Backend, Multiprocessors.Of(card));
            if (!ReferenceEquals(overhead, last)) messages.Verbose(Counted(overhead, $"each {card.Name}"));
            last = overhead;
        }
    }

    /// <summary>The sentence that says what is counted for the runtime itself, and what was measured.</summary>
    public static string Counted(RuntimeOverhead overhead, string where)
    {
        static long Mib(long bytes) => bytes >> 20;
        return FormattableString.Invariant($"{Mib(overhead.TypicalBytes)} MiB are the runtime's own on {where}; ") +
            FormattableString.Invariant($"{Mib(overhead.LowBytes)} to {Mib(overhead.HighBytes)} are likely: ") +
            overhead.Source + ".";
    }
}
