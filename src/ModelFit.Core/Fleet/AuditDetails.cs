using ModelFit.Answers;
using ModelFit.Fit;

namespace ModelFit.Fleet;

/// <summary>Speed, reason and remedy of one record, each found when it is first read.</summary>
internal sealed class AuditDetails : IAuditDetails
{
    private readonly FleetVerdict? _verdict;
    private readonly Func<string?> _findReason;
    private Func<string?>? _findRemedy;
    private string? _reason;
    private string? _remedy;

    /// <summary>Details of a record.</summary>
    /// <param name="verdict">The verdict; null if no model is asked about.</param>
    /// <param name="reason">Finds why the compliance is as it is.</param>
    /// <param name="remedy">Finds the closest remedy; null without a violation.</param>
    public AuditDetails(FleetVerdict? verdict, Func<string?> reason, Func<string?>? remedy) =>
        (_verdict, _findReason, _findRemedy) = (verdict, reason, remedy);

    public ModelFitResult? Answer => _verdict?.Answer;

    public string? Reason => _reason ??= _findReason();

    public string? Remedy
    {
        get
        {
            if (_findRemedy is { } find) (_remedy, _findRemedy) = (find(), null);
            return _remedy;
        }
    }
}
