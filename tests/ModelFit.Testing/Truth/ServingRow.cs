using System.Globalization;
using System.IO;

namespace ModelFit.Testing.Truth;

/// <summary>
/// One public load log of an engine that fills its share of the cards with cache: what was asked, and what it printed.
/// Sizes are GiB on a card, as printed; what was not printed is null.
/// </summary>
internal sealed record ServingRow
{
    /// <summary>Where it stands, without <c>https://</c>.</summary>
    public required string Source { get; init; }

    public required string Version { get; init; }

    public required string Model { get; init; }

    public string? Format { get; init; }

    public string? Gpu { get; init; }

    public int Tensor { get; init; }

    public int Pipeline { get; init; }

    public double? Share { get; init; }

    public int? Length { get; init; }

    public int? Sequences { get; init; }

    public int? BatchedTokens { get; init; }

    public bool IsEightBitCache { get; init; }

    /// <summary>What else was said: <c>eager</c>, <c>ep</c>, <c>text</c>, <c>dcp=2</c>, <c>draft=mtp:3</c>.</summary>
    public required IReadOnlyList<string> Flags { get; init; }

    public double? Total { get; init; }

    public double? Weights { get; init; }

    public double? Activation { get; init; }

    public double? NonTorch { get; init; }

    public double? Cache { get; init; }

    public double? CachedTokens { get; init; }

    public double? Concurrency { get; init; }

    /// <summary>Why the figures of this log are not those of the settings that it shows; null if they are.</summary>
    public string? Note { get; init; }

    public override string ToString() => $"{Model} {Format} {Gpu} tp{Tensor} {Version}";

    /// <summary>The rows of a file under tests/data.</summary>
    public static IReadOnlyList<ServingRow> Read(params string[] path) => File
        .ReadLines(RepositoryFolder.Path(["tests", "data", .. path]))
        .Where(line => line.Length > 0 && line[0] != '#')
        .Select(line => Parse(line.Split('\t')))
        .ToArray();

    private static ServingRow Parse(string[] cells) => new()
    {
        Source = cells[0],
        Version = cells[1],
        Model = cells[2],
        Format = Text(cells[3]),
        Gpu = Text(cells[4]),
        Tensor = (int)Number(cells[5])!,
        Pipeline = (int)Number(cells[6])!,
        Share = Number(cells[7]),
        Length = (int?)Number(cells[8]),
        Sequences = (int?)Number(cells[9]),
        BatchedTokens = (int?)Number(cells[10]),
        IsEightBitCache = cells[11] == "fp8",
        Flags = cells[12].Split(' '),
        Total = Number(cells[13]),
        Weights = Number(cells[14]),
        Activation = Number(cells[15]),
        NonTorch = Number(cells[16]),
        Cache = Number(cells[17]),
        CachedTokens = Number(cells[18]),
        Concurrency = Number(cells[19]),
        Note = Text(cells[20]),
    };

    /// <summary>The number of a flag <c>name=number</c>; null without it.</summary>
    public int? Count(string name) => Flags
        .Where(flag => flag.StartsWith(name + "=", System.StringComparison.Ordinal))
        .Select(flag => (int?)int.Parse(flag.Split('=', ':').Last(), CultureInfo.InvariantCulture))
        .FirstOrDefault();

    private static string? Text(string cell) => cell.Length == 0 ? null : cell;

    private static double? Number(string cell) =>
        cell.Length == 0 ? null : double.Parse(cell, CultureInfo.InvariantCulture);
}
