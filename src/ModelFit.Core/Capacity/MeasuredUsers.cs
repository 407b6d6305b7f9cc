using System.Globalization;
using ModelFit.Common;
using ModelFit.Fit;
using ModelFit.Speed;

namespace ModelFit.Capacity;

/// <summary>
/// How far the rate of each user was from published runs with 1 to 32 users at the same time: a row of
/// <c>speed-users.tsv</c> for each engine, which a test compares with those runs.
/// </summary>
/// <param name="Engine">The engine.</param>
/// <param name="Runs">Runs that were compared.</param>
/// <param name="Median">Median error in percent.</param>
/// <param name="Ninety">Percent that nine of ten runs are off at most.</param>
internal sealed record MeasuredUsers(string Engine, int Runs, int Median, int Ninety)
{
    private static readonly Lazy<MeasuredUsers[]> Rows = new(() =>
        EmbeddedText.Rows("speed-users.tsv").Select(Parse).ToArray());

    /// <summary>The row of an engine; null if no run of it with several users was compared.</summary>
    public static MeasuredUsers? Find(string engine) => Rows.Value.FirstOrDefault(row => row.Engine == engine);

    /// <summary>What is known of the engine of a case, in words.</summary>
    public static string Of(FitCase fit)
    {
        var engine = SpeedTable.Default.EngineOf(fit.Machine.Backend, fit.Question.Options.Runtime).Name;
        return Find(engine) is not { } row
            ? $"several users with {engine}: not measured"
            : FormattableString.Invariant(
                $"several users with {engine}: {row.Median} % off on {row.Runs} runs (median), ")
                + FormattableString.Invariant($"nine of ten within {row.Ninety} %");
    }

    private static MeasuredUsers Parse(string[] row)
    {
        int Number(int column) => int.Parse(row[column], CultureInfo.InvariantCulture);
        return new MeasuredUsers(row[0], Number(1), Number(2), Number(3));
    }
}
