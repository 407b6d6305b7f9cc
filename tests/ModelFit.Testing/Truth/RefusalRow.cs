using System.Globalization;
using System.IO;

namespace ModelFit.Testing.Truth;

/// <summary>
/// One start that an engine refused, from a public report: what was asked, and what it said. Sizes are GiB on a card.
/// </summary>
/// <param name="Log">What was asked.</param>
/// <param name="Free">Free memory of each card, where that was too little.</param>
/// <param name="Needed">Cache that one request needs.</param>
/// <param name="Left">Cache that there was room for.</param>
/// <param name="Longest">Tokens of the longest request that would fit.</param>
/// <param name="Blocks">Blocks for recurrent states.</param>
internal sealed record RefusalRow(
    ServingRow Log, double? Free, double? Needed, double? Left, double? Longest, double? Blocks)
{
    /// <summary>The rows of a file of <c>tests/data</c>.</summary>
    public static IEnumerable<RefusalRow> Read(string folder, string file) =>
        File.ReadLines(RepositoryFolder.Path("tests", "data", folder, file))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => Of(line.Split('\t')));

    private static RefusalRow Of(string[] cells)
    {
        double? Number(int at) => at < cells.Length && cells[at].Length > 0
            ? double.Parse(cells[at], CultureInfo.InvariantCulture)
            : null;
        return new(
            new ServingRow
            {
                Source = cells[0],
                Version = cells[1],
                Model = cells[2],
                Format = cells[3].Length > 0 ? cells[3] : null,
                Gpu = cells[4].Length > 0 ? cells[4] : null,
                Tensor = (int)Number(5)!.Value,
                Pipeline = (int)Number(6)!.Value,
                Share = Number(7),
                Length = (int)Number(8)!.Value,
                Flags = [],
            },
            Number(10), Number(11), Number(12), Number(13), Number(14));
    }
}
