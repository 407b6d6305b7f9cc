using ModelFit.Catalog.Sites;
using ModelFit.Placement;
using ModelFit.Speed;

namespace ModelFit.Fit;

/// <summary>What the Speed room says of a placement.</summary>
internal static class PlacementSpeed
{
    /// <summary>The name of system memory among devices.</summary>
    public const string HostName = "System memory";

    /// <summary>Bytes a second of a disk that nothing is known of: an NVMe disk, large files.</summary>
    private const double AssumedDiskBandwidth = 2e9;

    /// <summary>Part of a step that may be spent in system memory, whose power is not known.</summary>
    private const double UncountedShare = 0.05;

    /// <summary>The prediction; null if a card's bandwidth is not known.</summary>
    public static SpeedPrediction? Of(FitCase fit, PlacedModel placed, IMessageSink messages)
    {
        WarnOfLoad(fit, messages);
        var speed = SpeedModel.Estimate(
            fit.Definition, fit.Question.Options, placed, fit.Question.Machine, fit.Question.Load, messages, null,
            fit.Drafter);
        if (speed is null || CalibrationOf(fit) is not { } own) return speed;
        return speed.Corrected(own.DecodeFactor, own.PrefillFactor, own.DecodeSpreadPercent, own.PrefillSpreadPercent);
    }

    /// <summary>Says what of the load the memory that is counted has no room for.</summary>
    private static void WarnOfLoad(FitCase fit, IMessageSink messages)
    {
        var (options, load) = (fit.Question.Options, fit.Question.Load);
        if (load.UsedContext > options.ContextLength) messages.Warning(FormattableString.Invariant(
            $"{load.UsedContext} tokens in use do not fit a context of {options.ContextLength} (-ContextLength)."));
        if (fit.Runtime.LoadsGguf && load.ActiveSequences > options.ParallelSequences)
        {
            messages.Warning(
                FormattableString.Invariant($"{load.ActiveSequences} active sequences need as many slots, ") +
                FormattableString.Invariant($"but -ParallelSequences is {options.ParallelSequences}."));
        }
    }

    /// <summary>
    /// What a placement does with requests by how many are in work; null if a card's bandwidth is not known.
    /// </summary>
    public static ServiceCurve? Curve(FitCase fit, PlacedModel placed, int answerLength, IMessageSink messages)
    {
        var (question, load) = (fit.Question, fit.Question.Load with { ActiveSequences = 1 });
        var filled = load with { UsedContext = load.UsedContext + load.PromptLength + (answerLength / 2) };
        var empty = SpeedModel.CaseOf(
            fit.Definition, question.Options, placed, question.Machine, load, messages, SpeedTable.Default,
            fit.Drafter);
        if (empty is null) return null;
        var own = CalibrationOf(fit);
        var writing = empty with { Load = filled, Step = empty.Step with { Depth = filled.UsedContext } };
        return ServiceCurve.Of(empty, writing, answerLength, own?.DecodeFactor ?? 1, own?.PrefillFactor ?? 1);
    }

    /// <summary>The calibration of the same machine, the last of several; null without.</summary>
    private static SpeedCalibration? CalibrationOf(FitCase fit) =>
        fit.Question.Calibration?.LastOrDefault(one => Calibrations.Concerns(one, fit));

    /// <summary>Tokens a second of each active sequence; null if unknown.</summary>
    public static double? Decode(FitCase fit, PlacedModel placed) =>
        Of(fit, placed, NullSink.Instance)?.Decode.Expected;

    /// <summary>Whether a prediction is as fast as is asked for; null if nothing is, or nothing is known.</summary>
    public static bool? Meets(FitQuestion question, SpeedPrediction? speed) =>
        question.Load.MinimumTokensPerSecond is { } least && speed is not null ? speed.Decode.Expected >= least : null;

    /// <summary>The name of a device: a card, or system memory.</summary>
    public static string DeviceName(PlacedModel placed, int device) =>
        device < placed.Cards.Count ? placed.Cards[device].Card.Name : HostName;

    /// <summary>What a prediction rests on, a part for each class of cards that takes part.</summary>
    public static string? Basis(FitCase fit, PlacedModel placed)
    {
        var table = SpeedTable.Default;
        var engine = table.EngineOf(placed.Backend, fit.Question.Options.Runtime);
        var parts = new List<string>();
        foreach (var card in placed.Cards.Select(budget => budget.Card))
        {
            var row = table.ClassOf(card, engine);
            var part = row is { Rows: > 0 }
                ? FormattableString.Invariant($"{row.Name} with {engine.Name}: {row.Cards} cards, {row.Rows} rows")
                : $"{SpeedClass.Of(card)} with {engine.Name}: not measured";
            if (!parts.Contains(part)) parts.Add(part);
        }

        var work = ModelWork.Of(fit.Definition).ByDevice(placed.Layout);
        if (work[work.Length - 1].AllBytes > 0) parts.Add(HostBasis(table.ProcessorOf(fit.Question.Machine)));
        if (CalibrationOf(fit) is { } own)
        {
            parts.Add(FormattableString.Invariant(
                $"calibrated by {own.DecodeRows} rows of decode and {own.PrefillRows} of prefill"));
        }

        return string.Join("; ", parts);
    }

    private static string HostBasis(SpeedClass? row) => row is { Rows: > 0 }
        ? FormattableString.Invariant($"{row.Name}: {row.Cards} processors, {row.Rows} rows")
        : "processor not measured";

    /// <summary>What is supposed of drafting, as a part of assumptions; null without it.</summary>
    public static string? DraftAssumption(FitCase fit)
    {
        if (fit.Drafter is not { } drafter) return null;
        var terms = SpeedTable.Default.Terms;
        var accepted = drafter.Model is null ? terms.OwnAcceptance : terms.DraftAcceptance;
        return FormattableString.Invariant(
            $"{100 * accepted:0} % of drafted tokens are accepted, {drafter.Tokens} are drafted at once");
    }

    /// <summary>
    /// Joules a token, each card at its limit while it works; null where a limit, or what system memory draws, is not
    /// known.
    /// </summary>
    public static double? JoulesPerToken(FitCase fit, PlacedModel placed, SpeedPrediction speed) =>
        Joules(fit, placed, speed.Times.Select(time => time.Sum).ToArray()) / speed.Sequences;

    /// <summary>The same of work that takes seconds on each device, the host last.</summary>
    public static double? Joules(FitCase fit, PlacedModel placed, IReadOnlyList<double> seconds)
    {
        var prices = SiteCatalogs.Current.Prices;
        var joules = 0.0;
        for (var i = 0; i < placed.Cards.Count; i++)
        {
            if (seconds[i] <= 0) continue;
            if (prices.WattsOf(placed.Cards[i].Card) is not { } limit) return null;
            var watts = Math.Min(limit, fit.Question.Load.PowerLimit ?? limit);
            joules += watts * (placed.IsTensorParallel ? placed.Cards.Count * seconds[i] : seconds[i]);
        }

        var host = seconds[seconds.Count - 1];
        return placed.Cards.Count == 0 || host > UncountedShare * seconds.Sum() ? null : joules;
    }

    /// <summary>Seconds to read the weights from disk, or to copy them to the cards where that is slower.</summary>
    public static double LoadSeconds(FitCase fit, PlacedModel placed)
    {
        var disk = fit.Question.Load.DiskBandwidth ?? AssumedDiskBandwidth;
        var link = placed.Cards.Count > 0
            ? HostSpeed.CopyBandwidth(placed.Cards[0].Card, SpeedTable.Default.Terms)
            : double.PositiveInfinity;
        return fit.Definition.WeightBytes / Math.Min(disk, link);
    }
}
