using System.Globalization;
using ModelFit.Architectures;
using ModelFit.Graph;
using ModelFit.Placement;
using static ModelFit.Common.NumberText;
using static ModelFit.SizeText;

namespace ModelFit.Fit;

/// <summary>The one sentence that says why.</summary>
internal static class FitReason
{
    /// <summary>The sentence of a decision.</summary>
    public static string Of(FitCase fit, Decision decision, MemoryTotals figures, double? tokensPerSecond) =>
        Sentence(fit, decision, figures, tokensPerSecond) + Settled(fit.Question.Settled);

    private static string Settled(string? words) =>
        words is null ? string.Empty : $" {words}.";

    private static string Sentence(FitCase fit, Decision decision, MemoryTotals figures, double? tokensPerSecond)
    {
        var subject = Subject(fit);
        if (decision.Verdict == Verdict.Unknown)
            return $"{subject} needs {Gib(figures.RequiredBytes)} of memory ({Parts(figures)}); " +
                Unknown(fit, decision.Placed);
        if (fit.Machine.Cards.Count == 0) return OnProcessor(fit, decision, figures, subject, tokensPerSecond);
        var needs = $"{subject} needs {Gib(figures.RequiredBytes)} of GPU memory ({Parts(figures)})" + Beside(figures);
        var has = $"{GpuText.Names(fit.Machine.Cards.Select(card => card.Card))}{OfAll(fit)} " +
            $"{(fit.Machine.Cards.Count == 1 ? "has" : "have")} {Gib(figures.AvailableBytes)}" +
            (fit.Machine.Basis == "Free" ? " free" : string.Empty);
        return decision.Verdict switch
        {
            Verdict.Fits =>
                $"{needs}; {has}, so {Gib(figures.HeadroomBytes)} stay free{Reserve(fit)}{On(fit, decision)}" +
                $"{Held(decision.Placed)}.",
            Verdict.Tight when figures.HeadroomBytes < 0 =>
                $"{needs}; {has}: {Gib(-figures.HeadroomBytes)} less, " +
                    "but the overhead may be smaller by as much.",
            Verdict.Tight =>
                $"{needs}; {has}, so only {Gib(figures.HeadroomBytes)} stay free{Reserve(fit)}{Held(decision.Placed)}.",
            Verdict.Offload =>
                $"{needs}; {has}{Because(fit)}{Moved(fit, decision.Placed)}{Speed(tokensPerSecond)}.",
            _ => $"{needs}; {has}{Missing(fit, decision, figures)}.",
        };
    }

    private static string Unknown(FitCase fit, PlacedModel placed) => fit.UnknownCard is { } card
        ? $"the memory of {card.Name} is not known: " +
            (fit.Question.Workers is not null ? "no parameter specifies it."
                : card.IsUnifiedMemory ? "it is part of the system memory; specify -SystemMemory."
                : "specify -GpuMemory.")
        : $"{Gib(placed.Memory.Host.TotalBytes)} of it go to system memory, whose size is not known: " +
            "specify -SystemMemory.";

    private static string Subject(FitCase fit)
    {
        var options = fit.Question.Options;
        var name = fit.Quantization is null ? fit.Question.Model.Name : $"{fit.Question.Model.Name} {fit.Quantization}";
        var sequences = options.ParallelSequences == 1
            ? string.Empty
            : options.KvUnified ? $" shared by {options.ParallelSequences} sequences"
            : $" for each of {options.ParallelSequences} sequences";
        return $"{name} with {Number(options.ContextLength)} tokens of context{sequences}";
    }

    /// <summary>
    /// The parts in tenths of a GiB, each as views show it; the weights take what rounding leaves of the total.
    /// </summary>
    private static string Parts(MemoryTotals figures)
    {
        var cache = Tenths(figures.PlacedCacheBytes);
        var compute = Tenths(figures.ComputeBytes);
        var overhead = Tenths(figures.OverheadBytes);
        var weights = Math.Max(0, Tenths(figures.RequiredBytes) - cache - compute - overhead);
        return $"weights {Text(weights)}, KV cache {Text(cache)}, compute {Text(compute)}, overhead {Text(overhead)}";
    }

    /// <summary>What stays in system memory where all layers are on cards.</summary>
    private static string Beside(MemoryTotals figures)
    {
        const long shown = (1L << 30) / 20;
        return figures.HostWeightBytes < shown ? string.Empty : $" and {Gib(figures.HostWeightBytes)} of system memory";
    }

    private static long Tenths(long bytes) =>
        (long)Math.Round(bytes * 10.0 / (1L << 30), MidpointRounding.AwayFromZero);

    private static string Text(long tenths) =>
        (tenths / 10.0).ToString("0.0", CultureInfo.InvariantCulture) + " GiB";

    /// <summary>How many of the machine's cards take part, where not all of them do.</summary>
    private static string OfAll(FitCase fit)
    {
        var (used, all) = (fit.Machine.Cards.Count, fit.Question.Machine?.Gpus.Length ?? 0);
        return used < all ? $" ({Number(used)} of {Number(all)} cards)" : string.Empty;
    }

    private static string Reserve(FitCase fit) =>
        $" (reserve: {Gib(fit.Question.ReserveBytes)}" +
        $"{(fit.Machine.Cards.Count > 1 ? " on each card" : string.Empty)})";

    private static string On(FitCase fit, Decision decision) => decision.Placed.Cards.Count < fit.Machine.Cards.Count
        ? $" with all of it on {GpuText.Names(decision.Placed.Cards.Select(card => card.Card))}"
        : string.Empty;

    /// <summary>What moves a part away: the want of room, or a pin.</summary>
    private static string Because(FitCase fit) =>
        PlacementPins.Of(fit.Question).Any ? "; as the settings say, " : ", so ";

    private static string Moved(FitCase fit, PlacedModel placed)
    {
        var host = Gib(placed.Memory.Host.TotalBytes);
        var where = fit.Machine.HostBytes is { } there
            ? $"system memory, which has {Gib(there)} for it"
            : "system memory";
        if (placed.Kind == PlacementKind.Processor) return $"all of it ({host}) runs from {where}";
        var costs = fit.Search.Costs;
        var layout = placed.Layout;
        var what = placed.Kind == PlacementKind.LayersOnHost
            ? $"{costs.LayerCount - layout.GpuLayers} of {costs.LayerCount} layers" +
                (costs.HasExperts && layout.CpuMoeLayers > 0 ? " and the experts of the others" : string.Empty)
            : $"experts of {HostExpertLayers(fit, placed)} of {costs.LayerCount - 1} layers";
        return $"{what} ({host} with buffers) go to {where}";
    }

    private static int HostExpertLayers(FitCase fit, PlacedModel placed)
    {
        if (placed.LayerSplit is { } split) return split.HostExpertLayers;
        var (layout, shape) = (placed.Layout, ModelShapes.Find(fit.Definition));
        if (layout.TensorOverrides is not { } patterns || shape is null)
            return System.Math.Min(layout.CpuMoeLayers, fit.Search.Costs.ExpertLayers);
        var overrides = TensorOverrides.Of(shape, patterns);
        return shape.Weights.All
            .Where(weight => weight.IsExpert && (weight.Layer < layout.CpuMoeLayers || overrides.Target(weight) < 0))
            .Select(weight => weight.Layer).Distinct().Count();
    }

    private static string Missing(FitCase fit, Decision decision, MemoryTotals figures)
    {
        var placed = decision.Placed;
        if (RefusalOfCards(fit) is { } unable) return $", but {unable}";
        if (placed.IsWhole && placed.FitsCards(keepReserve: false) && fit.Machine.HostBytes is { } hostBytes)
        {
            return $", so it has room on the cards, but {Gib(placed.Memory.Host.TotalBytes)} more have to be in "
                + $"system memory, which has {Gib(hostBytes)}";
        }

        if (placed.Refusal is { } refusal) return $", but {refusal}";
        var deficit = figures.HeadroomBytes < 0
            ? $", so {Gib(-figures.HeadroomBytes)} are missing"
            : IsPinnedToHost(placed)
            ? ", but part of it is pinned to system memory"
            : ", but no card has room for its part";
        if (!fit.Search.UsesHost)
            return $"{deficit}, and {fit.Runtime.Name} keeps all of it in GPU memory{OfShare(fit)}{Held(placed)}";
        if (fit.Machine.HostBytes is not { } there)
            return $"{deficit}, and no system memory was specified for the rest";
        var wanted = placed.IsWhole ? figures.RequiredBytes : placed.Memory.Host.TotalBytes;
        return $"{deficit}, and system memory has {Gib(there)} for the {Gib(wanted)} that would have to go there";
    }

    /// <summary>Why the runtime runs on none of the cards; null if it runs on one.</summary>
    private static string? RefusalOfCards(FitCase fit)
    {
        var refusals = fit.Machine.Cards
            .Select(card => fit.Runtime.RefusalOf(card.Card, fit.Machine.Backend, fit.Loaded)).ToArray();
        return refusals.All(refusal => refusal is not null) ? refusals.FirstOrDefault() : null;
    }

    /// <summary>What an engine's cache holds; nothing for runtimes that reserve what was asked for.</summary>
    private static string Held(PlacedModel placed) => placed.Capacity is { Tokens: > 0 } capacity
        ? string.Format(
            CultureInfo.InvariantCulture,
            "; the cache holds {0} tokens, {1:0.##} requests of that length at the same time",
            capacity.Tokens,
            capacity.Concurrency)
        : string.Empty;

    private static bool IsPinnedToHost(PlacedModel placed) => !placed.IsWhole && placed.FitsCards(keepReserve: false);

    private static string OfShare(FitCase fit) => fit.Runtime.ShareSaid(fit.Question) is { } share
        ? string.Format(CultureInfo.InvariantCulture, ", of which it may take {0:0.##}", share)
        : string.Empty;

    private static string OnProcessor(
        FitCase fit, Decision decision, MemoryTotals figures, string subject, double? tokensPerSecond)
    {
        var needs = $"{subject} needs {Gib(figures.RequiredBytes)} of system memory without a GPU ({Parts(figures)})";
        if (fit.Machine.HostBytes is not { } there) return $"{needs}; neither a GPU nor system memory is known.";
        if (!fit.Search.UsesHost)
            return $"{needs}; {fit.Runtime.Name} keeps all of it in GPU memory, and there is no GPU.";
        return decision.Verdict == Verdict.Offload
            ? $"{needs}; there are {Gib(there)}, so it runs on the processor{Speed(tokensPerSecond)}."
            : $"{needs}; there are {Gib(there)}, so {Gib(figures.RequiredBytes - there)} are missing.";
    }

    private static string Speed(double? tokensPerSecond) => tokensPerSecond is { } rate
        ? $"; about {Rate(rate)} tokens/s are expected"
        : string.Empty;
}
