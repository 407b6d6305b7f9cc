namespace ModelFit.Fit;

/// <summary>
/// What was found of a fleet's question on one machine: verdict and bytes; speed, reason and the rest when they are
/// read, once.
/// </summary>
internal sealed class FleetVerdict
{
    private readonly FitQuestion _question;
    private ModelFitResult? _answer;

    /// <summary>An answer that was found whole.</summary>
    public FleetVerdict(ModelFitResult answer)
    {
        (_question, _answer, VerdictName) = (answer.Question, answer, answer.Verdict);
        (RequiredBytes, AvailableBytes) = (answer.RequiredBytes ?? 0, answer.AvailableBytes ?? 0);
    }

    /// <summary>A verdict whose details are not looked for yet.</summary>
    public FleetVerdict(FitQuestion question, Verdict verdict, long requiredBytes, long availableBytes)
    {
        (_question, VerdictName) = (question, Name(verdict));
        (RequiredBytes, AvailableBytes) = (requiredBytes, availableBytes);
    }

    /// <summary><c>Fits</c>, <c>Tight</c>, <c>Offload</c>, <c>NoFit</c> or <c>Unknown</c>.</summary>
    public string VerdictName { get; }

    /// <summary>GPU memory that all of it takes; system memory without cards.</summary>
    public long RequiredBytes { get; }

    /// <summary>GPU memory there is; system memory without cards.</summary>
    public long AvailableBytes { get; }

    /// <summary>Available minus required; negative is the deficit.</summary>
    public long HeadroomBytes => AvailableBytes - RequiredBytes;

    /// <summary>The whole answer, found when it is first read.</summary>
    public ModelFitResult Answer => _answer ??= FitEngine.Test(_question, NullSink.Instance);

    private static string Name(Verdict verdict) => verdict switch
    {
        Verdict.Fits => nameof(Verdict.Fits),
        Verdict.Tight => nameof(Verdict.Tight),
        Verdict.Offload => nameof(Verdict.Offload),
        Verdict.NoFit => nameof(Verdict.NoFit),
        _ => nameof(Verdict.Unknown),
    };
}
