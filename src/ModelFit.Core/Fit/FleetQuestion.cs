namespace ModelFit.Fit;

/// <summary>
/// A question that is put to many machines. What it has without a machine (the model laid out, what the runtime
/// refuses) is found once; of each machine the verdict and the bytes are found at once, and all else when it is read.
/// Answers are those of <see cref="FitEngine.Test"/>. Thread-safe.
/// </summary>
internal sealed class FleetQuestion
{
    private readonly FitCase? _fit;

    /// <summary>Prepares a question.</summary>
    /// <param name="template">The question but for its machine.</param>
    /// <exception cref="ModelFitException">As of <see cref="FitEngine.Test"/>: no dimensions.</exception>
    public FleetQuestion(FitQuestion template)
    {
        Template = template;
        var fit = FitCase.Of(template, NullSink.Instance);
        // What a launch line or the program leaves open is fitted to each machine anew.
        var isFitted = fit.Question.Fit is not null || template.Options.Serving.LongestContext;
        _fit = isFitted ? null : fit;
    }

    /// <summary>The question but for its machine.</summary>
    public FitQuestion Template { get; }

    /// <summary>The verdict on a machine.</summary>
    /// <exception cref="ModelFitException">As of <see cref="FitEngine.Test"/>.</exception>
    public FleetVerdict Ask(FleetMachine machine)
    {
        if (_fit is null)
            return new(FitEngine.Test(Template with { Machine = machine.Spec }, NullSink.Instance));
        var fit = _fit.On(machine);
        fit.CheckStarts();
        var (verdict, whole) = Decision.Outline(fit);
        var totals = MemoryTotals.Of(fit, whole);
        return new FleetVerdict(fit.Question, verdict, totals.RequiredBytes, totals.AvailableBytes);
    }
}
