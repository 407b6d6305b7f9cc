using ModelFit.Common;
using ModelFit.Graph.Backends;
using ModelFit.Hardware;
using ModelFit.Memory;
using ModelFit.Models;
using ModelFit.Placement;
using ModelFit.Speed;

namespace ModelFit.Fit;

/// <summary>
/// How the figures of an answer are known, and what was supposed for them. It covers the file, weights, caches and
/// compute buffers, never overhead, reserve or speed: a default leaves the accuracy alone, a guess lowers it.
/// </summary>
/// <param name="Accuracy">The worst of the model, the memory, the runtime and every guess.</param>
/// <param name="Assumptions">Parts that begin with <c>default:</c> or <c>guess:</c>; null if there are none.</param>
internal sealed record Knowledge(Accuracy Accuracy, string? Assumptions)
{
    /// <summary>What a part of the assumptions stands between.</summary>
    private const string Separator = "; ";

    /// <summary>Addresses of sources are in docs/internals/estimation.md.</summary>
    private static readonly Regex Address = new(@" ?\(https?://[^)\s]+\)");

    private static readonly BoundedCache<RuntimeOverhead, string> Figures = new();

    /// <summary>What is known of a case whose memory was measured, found out when it is read.</summary>
    public static Lazy<(Accuracy Accuracy, string? Assumptions)> Later(
        FitCase fit, MemoryEstimate memory, PlacedModel? placed = null) => new(() =>
    {
        var known = Of(fit, memory, placed);
        return (known.Accuracy, known.Assumptions);
    });

    /// <summary>What is known of a case whose memory was measured, and of the placement whose speed is told.</summary>
    public static Knowledge Of(FitCase fit, MemoryEstimate memory, PlacedModel? placed = null)
    {
        var bandwidth = placed is null ? null : SpeedModel.Supposed(placed, fit.Question.Machine);
        var accuracy = Worst(
            fit.Definition.Accuracy, memory.Accuracy, fit.Runtime.BesideAccuracy(fit.Question));
        var guesses = Guesses(fit, memory).ToList();
        if (guesses.Any(guess => guess.IsLoaded)) accuracy = Accuracy.Approximate;
        else if (guesses.Count > 0) accuracy = Worst(accuracy, Accuracy.Modelled);
        if (accuracy > Accuracy.Exact && guesses.Count == 0)
            guesses.Add((false, $"the tensors of '{fit.Definition.Architecture}' were not compared with a real file"));
        var parts = Defaults(fit, memory).Append(bandwidth).OfType<string>().Select(text => "default: " + Plain(text))
            .Concat(guesses.Select(guess => "guess: " + Plain(guess.Text)))
            .Distinct();
        var text = string.Join(Separator, parts);
        return new Knowledge(accuracy, text.Length == 0 ? null : text);
    }

    /// <summary>What is the usual choice where nobody said one, and what follows from a known rule.</summary>
    private static IEnumerable<string> Defaults(FitCase fit, MemoryEstimate memory)
    {
        var options = fit.Question.Options;
        if (fit.Question.Model.Supposed is { } meant) yield return meant;
        if (fit.IsSupposed) yield return $"quantization {fit.Quantization}";
        else if (fit.Question.IsQuantizationNamed) yield return $"the name's quantization {fit.Quantization}";
        if (fit.Question.IsContextSupposed)
            yield return FormattableString.Invariant($"context of {options.ContextLength} tokens");
        var cards = fit.Question.Machine?.Gpus ?? Array.Empty<GpuSpec>();
        foreach (var card in cards)
            if (card.Supposed is { } variant) yield return variant;
        if (options.Backend is null && cards.Any(card => card is { Vendor: null, MemoryBytes: not null }))
            yield return $"{fit.Machine.Backend} for a card of an unknown vendor";
        if (fit.Question.Machine is not null)
            foreach (var share in fit.Machine.Supposed) yield return share;
        if (fit.Question.Machine is not null && PlacementSpeed.DraftAssumption(fit) is { } drafting)
            yield return drafting;
        foreach (var note in fit.Notes.Where(note => !IsGuess(fit, note))) yield return note;
        if (memory.Assumption is { } assumption && memory.Accuracy == Accuracy.Exact) yield return assumption;
    }

    /// <summary>What is not known, and whether it is loaded and not counted.</summary>
    private static IEnumerable<(bool IsLoaded, string Text)> Guesses(FitCase fit, MemoryEstimate memory)
    {
        foreach (var note in fit.Notes.Where(note => IsGuess(fit, note))) yield return (false, note);
        if (memory.Assumption is { } assumption && memory.Accuracy > Accuracy.Exact) yield return (false, assumption);
        if (fit.Runtime.Assumption(fit.Question) is { } sentence) yield return (false, sentence);
        foreach (var file in fit.Question.Companions ?? Enumerable.Empty<CompanionFile>())
        {
            var kind = file.Kind switch
            {
                CompanionKind.ControlVector => "control vector",
                var known => known.ToString().ToLowerInvariant(),
            };
            yield return file.ComputeBytes is null
                ? (true, $"the compute memory of the {kind} is not counted")
                : (false, $"the buffers of the {kind} are those that llama.cpp reserves on CUDA");
        }

        if (fit.Question.Draft is { } draft && fit.Runtime.BesideAccuracy(fit.Question) > Accuracy.Exact)
            yield return (false, $"the memory of the draft model {draft} was not compared on these cards");
        if (fit.Question.Workers is { } workers)
        {
            yield return (
                true, $"the memory of each --rpc worker ({string.Join(", ", workers)}) is not counted separately");
        }

        foreach (var word in fit.Question.Uncounted ?? Enumerable.Empty<string>())
            yield return (true, word);
        if (fit.Question.Options.Speculation is { Tokens: > 0 }
            && PredictionLayers.Of(fit.Definition.Metadata) == 0)
        {
            yield return (true, "this model has no known layers for drafting, so drafting is not counted");
        }
    }

    /// <summary>Whether a note lowers what is known: what llama-quantize does with a tensor is its rule.</summary>
    private static bool IsGuess(FitCase fit, string note) =>
        fit.Definition.Accuracy > Accuracy.Exact && note != fit.Definition.Fallback;

    private static string Plain(string sentence) => sentence.TrimEnd('.').Replace(Separator, ", ");

    private static Accuracy Worst(params Accuracy[] all) => all.Max();

    /// <summary>Says what a memory assumes, and what is counted for the runtime itself on each kind of card.</summary>
    public static void Say(FitCase fit, MemoryEstimate memory, IReadOnlyList<GpuSpec> cards, IMessageSink messages)
    {
        if (memory.Assumption is { } assumption) messages.Verbose(assumption);
        if (fit.Runtime.Assumption(fit.Question) is { } runtime) messages.Verbose(runtime);
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
