using System.Threading;
using ModelFit.Speed.Benchmarks;

namespace ModelFit.Fit;

/// <summary>The answers to a question: the one entry to the Fit room.</summary>
public static class FitEngine
{
    /// <summary>
    /// The verdict. Throws only for a model without dimensions and for settings that the runtime refuses.
    /// </summary>
    public static ModelFitResult Test(FitQuestion question, IMessageSink messages)
    {
        var fit = CaseOf(question, messages);
        return FitAnswer.Of(fit, Decision.Judge(fit).Plainly(fit), messages);
    }

    /// <summary>The best plan, or one with the verdict NoFit and its reason.</summary>
    public static OffloadPlan Plan(FitQuestion question, IMessageSink messages) =>
        Plan(question, new PlanOptions(), messages);

    /// <summary>The best plan under options, or one with the verdict NoFit and its reason.</summary>
    public static OffloadPlan Plan(FitQuestion question, PlanOptions options, IMessageSink messages)
    {
        var fit = CaseOf(question, messages);
        var trade = Tradeoff.Decide(fit, options);
        return PlanAnswer.Of(trade with { Decision = trade.Decision.Plainly(trade.Fit) }, options, messages);
    }

    /// <summary>The distinct plans that can run, fastest first; one with the verdict NoFit if there is none.</summary>
    public static IReadOnlyList<OffloadPlan> PlanAll(
        FitQuestion question, PlanOptions options, IMessageSink messages)
    {
        var fit = CaseOf(question, messages);
        var best = Tradeoff.Decide(fit, options);
        var all = Decision.All(best.Fit).Select(decision => best with { Decision = decision }).ToArray();
        return (all.Length == 0 ? new[] { best } : all)
            .Select(trade => PlanAnswer.Of(trade, options, messages))
            .ToArray();
    }

    /// <summary>
    /// The case of a question; throws <see cref="ErrorIds.InvalidArgument"/> for settings that the runtime refuses.
    /// </summary>
    internal static FitCase CaseOf(FitQuestion question, IMessageSink messages)
    {
        var fit = FitCase.Of(question, messages).AsStarted(messages);
        fit.CheckStarts();
        if (fit.Untagged() is { } untagged) messages.Warning(untagged);
        return fit;
    }

    /// <summary>What a plan is made of, for tests: the case as it was traded, and the placement.</summary>
    internal static (FitCase Fit, Decision Decision) Decide(FitQuestion question, PlanOptions options)
    {
        var trade = Tradeoff.Decide(FitCase.Of(question, NullSink.Instance), options);
        return (trade.Fit, trade.Decision);
    }

    /// <summary>
    /// The predicted speed by device and term, each phase's total last; empty, with a warning, where nothing runs or
    /// the bandwidth of a card is not known.
    /// </summary>
    public static IReadOnlyList<SpeedEstimate> MeasureSpeed(FitQuestion question, IMessageSink messages)
    {
        var fit = CaseOf(question, messages);
        var decision = Decision.Judge(fit);
        var name = question.Model.Name;
        if (decision.Verdict <= Verdict.NoFit)
        {
            messages.Warning($"{name} has no speed: it does not run there. Test-ModelFit tells why.");
            return Array.Empty<SpeedEstimate>();
        }

        var lines = SpeedAnswer.Of(fit, decision.Placed, messages);
        if (lines.Count == 0) messages.Warning($"{name} has no speed: the bandwidth of a card is not known.");
        return lines;
    }

    /// <summary>
    /// How far what benchmarks wrote (llama-bench, llama-batched-bench, llama-server, vLLM, LocalScore) is from what is
    /// predicted. Throws <see cref="ErrorIds.InvalidArgument"/> where no row can be compared.
    /// </summary>
    /// <param name="texts">The texts, as the programs wrote them.</param>
    /// <param name="machine">The machine that was measured; null is what the rows name.</param>
    /// <param name="model">The model of rows that name none.</param>
    /// <param name="quantization">Its quantization.</param>
    /// <param name="messages">Where rows that are passed over are said.</param>
    /// <param name="stop">Ends the reading.</param>
    public static SpeedCalibration Calibrate(
        IEnumerable<string> texts,
        MachineSpec? machine,
        string? model,
        string? quantization,
        IMessageSink messages,
        CancellationToken stop = default) => Calibrations.Of(
            texts.SelectMany(text => BenchmarkReader.Read(text, stop)).ToArray(), machine, model, quantization,
            messages);

    /// <summary>What the model takes on one device; the question's machine is not asked.</summary>
    public static MemoryFootprint Measure(FitQuestion question, IMessageSink messages) =>
        MemoryAnswer.Of(FitCase.Of(question, messages), messages);

    /// <summary>
    /// The best quantization of each model on the template's machine, ranked; models that do not fit are left out.
    /// </summary>
    /// <param name="template">The question but for its model and quantization.</param>
    /// <param name="models">The candidates.</param>
    /// <param name="quantizations">The quantizations to try; null is a sensible ladder.</param>
    /// <param name="minimumTokensPerSecond">Slower answers are left out.</param>
    /// <param name="messages">Where assumptions are said.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <param name="isNewest">Whether of each family only the newest is wanted.</param>
    public static IReadOnlyList<ModelFitResult> Find(
        FitQuestion template,
        IEnumerable<ModelSpec> models,
        IReadOnlyList<string>? quantizations,
        double? minimumTokensPerSecond,
        IMessageSink messages,
        CancellationToken cancellation,
        bool isNewest = false) =>
        Finder.Find(template, models, quantizations, minimumTokensPerSecond, isNewest, messages, cancellation);
}
