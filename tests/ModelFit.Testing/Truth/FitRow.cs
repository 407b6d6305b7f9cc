using System.Globalization;

namespace ModelFit.Testing.Truth;

/// <summary>
/// One answer of llama.cpp 0.5.0-dev's own fit (common/fit.cpp, common_fit_params) for simulated free memory, with a
/// margin of 1024 MiB a card and no overhead: what was asked, and the layers, weights and context that it put on cards.
/// </summary>
internal sealed record FitRow(
    string Model,
    long[] FreeBytes,
    int AskedContext,
    int Sequences,
    bool Unified,
    int Outputs,
    KvCacheType CacheType,
    int TrainedContext,
    int GpuLayers,
    long GpuWeightBytes,
    long Context,
    long ExcessBytes)
{
    /// <summary>The margin that it was asked to keep on each card.</summary>
    public const long MarginBytes = 1L << 30;

    /// <summary>The rows of the repository.</summary>
    public static IReadOnlyList<FitRow> Read() => CompactHeaders
        .ReadLines(RepositoryFolder.Path("tests", "data", "fit", "rows.txt"))
        .Where(line => line[0] != '#')
        .Select(line => Parse(line.Split(' ')))
        .ToArray();

    /// <summary>The kind of case: how many cards, and whether the model has experts.</summary>
    public string Kind(bool hasExperts) => FreeBytes.Length > 1 ? "multi-device" : hasExperts ? "experts" : "dense";

    public override string ToString() =>
        $"{Model} [{string.Join(",", FreeBytes.Select(bytes => bytes >> 20))}] ctx {AskedContext} np {Sequences}";

    private static FitRow Parse(string[] words) => new(
        words[0],
        words[1].Split(',').Select(text => Number(text) << 20).ToArray(),
        (int)Number(words[2]),
        (int)Number(words[3]),
        words[4] == "1",
        (int)Number(words[5]),
        Enum.Parse<KvCacheType>(words[6], ignoreCase: true),
        (int)Number(words[7]),
        (int)Number(words[8]),
        Number(words[9]),
        Number(words[10]),
        Number(words[11]));

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
