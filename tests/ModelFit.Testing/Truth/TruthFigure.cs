using System.Globalization;

namespace ModelFit.Testing.Truth;

/// <summary>
/// One line of the table of truth: how many cases of a figure there are, how many are exact, the worst error.
/// </summary>
internal sealed record TruthFigure(
    string Architecture, string Backend, string Figure, int Cases, int Exact, long WorstError)
{
    /// <summary>What the line is about.</summary>
    public string Key => $"{Architecture} {Backend} {Figure}";

    public static TruthFigure FromLine(string line)
    {
        var f = line.Split(' ');
        int Number(int index) => int.Parse(f[index], CultureInfo.InvariantCulture);
        return new TruthFigure(f[0], f[1], f[2], Number(3), Number(4), long.Parse(f[5], CultureInfo.InvariantCulture));
    }

    public string ToLine() => FormattableString.Invariant($"{Key} {Cases} {Exact} {WorstError}");

    /// <summary>Whether a larger share misses, or one misses by more.</summary>
    public bool IsWorseThan(TruthFigure old) =>
        (long)Exact * old.Cases < (long)old.Exact * Cases || WorstError > old.WorstError || Cases < old.Cases;
}
