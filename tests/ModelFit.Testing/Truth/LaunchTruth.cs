using System.Globalization;
using ModelFit.Graph;
using ModelFit.Memory;
using ModelFit.Models;

namespace ModelFit.Testing.Truth;

/// <summary>
/// What llama.cpp 0.5.0-dev answered for settings that launch lines bring about. A row: kind, model, cards,
/// <c>-ngl</c>, <c>-c</c>, batch, micro-batch, sequences, <c>u</c> for one cache, rows of logits, type of both caches,
/// then for each card and the host bytes of weights, cache and compute. Rows of <c>fallback</c> were really allocated
/// on simulated cards: their shares follow (<c>-ts</c>, <c>-</c> for none), and the card that had too little room for
/// copies with its bytes.
/// </summary>
internal static class LaunchTruth
{
    private static readonly Lazy<Dictionary<string, ModelDefinition>> Models =
        new(() => CompactHeaders.Read(RepositoryFolder.Path("tests", "data", "memory", "headers.txt")));

    private static readonly Lazy<string[][]> Lines = new(() => CompactHeaders
        .ReadLines(RepositoryFolder.Path("tests", "data", "memory", "rows-launch.txt"))
        .Select(line => line.Split(' ')).ToArray());

    /// <summary>
    /// The rows of a kind: <c>slots</c>, <c>drafted</c>, <c>draft</c>, <c>tensor</c>, <c>fallback</c>.
    /// </summary>
    public static IReadOnlyList<string[]> Rows(string kind) => Lines.Value.Where(row => row[0] == kind).ToArray();

    /// <summary>The model of a row.</summary>
    public static ModelDefinition ModelOf(string[] row) => Models.Value[row[1]];

    /// <summary>The settings of a row.</summary>
    public static RuntimeOptions OptionsOf(string[] row)
    {
        var (sequences, isUnified) = ((int)Number(row[7]), row[8] == "u");
        var type = Enum.Parse<KvCacheType>(row[10], ignoreCase: true);
        return new RuntimeOptions
        {
            ParallelSequences = sequences,
            KvUnified = isUnified,
            ContextLength = (int)Number(row[4]) / (isUnified ? 1 : sequences),
            BatchSize = (int)Number(row[5]),
            MicroBatchSize = (int)Number(row[6]),
            OutputCount = (int)Number(row[9]),
            KeyCacheType = type,
            ValueCacheType = type,
        };
    }

    /// <summary>Bytes of weights, cache and compute on each card, the host last, as llama.cpp answered.</summary>
    public static long[][] Expected(string[] row) =>
        row.Skip(11).Take(Cards(row) + 1).Select(device => device.Split(',').Select(Number).ToArray()).ToArray();

    /// <summary>The same as they are estimated.</summary>
    public static long[][] Measured(string[] row, int cards)
    {
        var layout = new DeviceLayout { GpuCount = cards, GpuLayers = (int)Number(row[3]) };
        return MemoryModel.Measure(ModelOf(row), OptionsOf(row), layout, isReal: false).Devices
            .Select(device => new[] { device.WeightBytes, device.KvCacheBytes, device.ComputeBytes }).ToArray();
    }

    /// <summary>
    /// Whether weights and cache of a row of <c>tensor</c> are understood: those of one card, but for recurrent states,
    /// which are allocated though nothing else is, so that llama.cpp reports the share of one card.
    /// </summary>
    public static bool IsShared(string[] row)
    {
        var (expected, measured) = (Expected(row)[0], Measured(row, 1)[0]);
        var options = OptionsOf(row);
        var twice = options with { ContextLength = options.ContextLength * 2 };
        var layout = new DeviceLayout { GpuLayers = (int)Number(row[3]) };
        var states = ModelOf(row).Metadata.Has("ssm.state_size")
            ? (2 * measured[1])
                - MemoryModel.Measure(ModelOf(row), twice, layout, isReal: false).Devices[0].KvCacheBytes
            : 0;
        return expected[0] == measured[0] && expected[1] == measured[1] - states + (states / Number(row[2]));
    }

    /// <summary>
    /// Whether a row of <c>fallback</c> is understood: with copies the card has too little room, without them it has
    /// enough and every card holds what llama.cpp put there. Host weights are mapped and not compared.
    /// </summary>
    public static bool FallsBack(string[] row)
    {
        var (cards, shares, limit) = (Cards(row), row[12 + Cards(row)], row[13 + Cards(row)].Split(':'));
        var layout = new DeviceLayout
        {
            GpuCount = cards,
            Split = shares == "-"
                ? null
                : new EquatableArray<double>(shares.Split(',').Select(share => (double)Number(share))),
        };
        var (model, options) = (ModelOf(row), OptionsOf(row));
        var copied = MemoryModel.Measure(model, options, layout, isReal: true);
        var bare = MemoryModel.Measure(model, options, layout with { IsWithoutCopies = true }, isReal: true);
        var (card, room) = ((int)Number(limit[0]), Number(limit[1]));
        var isSame = Expected(row).Zip(bare.Devices).All(pair =>
            (pair.Second.IsHost || pair.First[0] == pair.Second.WeightBytes)
            && pair.First[1] == pair.Second.KvCacheBytes && pair.First[2] == pair.Second.ComputeBytes);
        return isSame && copied.Devices[card].TotalBytes > room && bare.Devices[card].TotalBytes <= room;
    }

    /// <summary>A row with what was estimated instead, where it differs; null where it does not.</summary>
    public static string? Difference(string[] row)
    {
        var (expected, measured) = (Expected(row), Measured(row, (int)Number(row[2])));
        return expected.Zip(measured).All(pair => pair.First.SequenceEqual(pair.Second))
            ? null
            : string.Join(' ', row) + " : " + string.Join(' ', measured.Select(device => string.Join(',', device)));
    }

    private static int Cards(string[] row) => (int)Number(row[2]);

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
