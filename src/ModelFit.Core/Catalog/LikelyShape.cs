using System.Globalization;

namespace ModelFit.Catalog;

/// <summary>
/// A line of <c>shapes.tsv</c>: which shapes the published files have whose names say these words and, but for lines
/// without a size, no known model. Made by <c>tools/ModelFit.Published</c> from the sizes of files.
/// </summary>
internal sealed class LikelyShape
{
    private const char Equal = '=';

    private const double Half = 50;

    /// <summary>Reads a line's cells.</summary>
    public LikelyShape(string[] cells)
    {
        (Sizes, Words) = (cells[0], cells[1]);
        Names = int.Parse(cells[2], CultureInfo.InvariantCulture);
        Publishers = int.Parse(cells[3], CultureInfo.InvariantCulture);
        Shares = cells[4].Split(' ').Select(cell => cell.Split(Equal)).Where(cell => cell.Length > 1)
            .Select(cell => (cell[0], int.Parse(cell[1], CultureInfo.InvariantCulture))).ToArray();
    }

    /// <summary>The sizes that the names say, as words in order; empty for a line about names without one.</summary>
    public string Sizes { get; }

    /// <summary>One or two words that the names say; empty for a line about all names of these sizes.</summary>
    public string Words { get; }

    /// <summary>How many names were counted.</summary>
    public int Names { get; }

    /// <summary>Of how many publishers, each of whom counts the same.</summary>
    public int Publishers { get; }

    /// <summary>The commonest shapes by the catalog's models of them, and their shares in percent.</summary>
    public IReadOnlyList<(string Model, int Percent)> Shares { get; }

    /// <summary>
    /// The share of the commonest shape, lowered as if one more publisher had another; 0 if none is known.
    /// </summary>
    public double Confidence => Shares.Count == 0 ? 0 : Shares[0].Percent / 100.0 * Publishers / (Publishers + 1);

    /// <summary>
    /// Whether half of the names or more have the commonest shape, or others of nearly its size; lowered as the
    /// confidence.
    /// </summary>
    public bool IsClear => Publishers * Near >= Half * (Publishers + 1);

    /// <summary>Percent of the names whose shape has the size of the commonest, or nearly.</summary>
    private int Near => Shares.Where(share => IsNear(share.Model)).Sum(share => share.Percent);

    /// <summary>What the names say, for a sentence.</summary>
    public string Said => string.Join(
        " and ", new[] { Sizes.ToUpperInvariant(), Words.Length > 0 ? $"'{Words}'" : string.Empty }
            .Where(part => part.Length > 0));

    /// <summary>The shapes with their shares, for a sentence.</summary>
    public string Candidates => string.Join(", ", Shares.Select(Text));

    /// <summary>What an answer by this line says of itself.</summary>
    public string Sentence => FormattableString.Invariant($"By {Said} in its name, it is supposed to have the ")
        + FormattableString.Invariant($"dimensions of {Shares[0].Model}: {Shares[0].Percent} % of {Names} published ")
        + FormattableString.Invariant($"models so named have them (by the sizes of their files; {Publishers} ")
        + "publishers, each counted the same)"
        + (Shares.Count > 1 ? $"; others {string.Join(", ", Shares.Skip(1).Select(Text))}." : ".");

    private bool IsNear(string model)
    {
        const double tolerance = 0.04;
        return Parameters(Shares[0].Model) is { } first && Parameters(model) is { } own
            && Math.Abs(own - first) <= tolerance * first;
    }

    private static long? Parameters(string model) => CatalogInForce.Models.Find(model)?.TextParameters;

    private static string Text((string Model, int Percent) share) =>
        FormattableString.Invariant($"{share.Model} {share.Percent} %");
}
