using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using ModelFit.Graph;
using ModelFit.Memory;
using ModelFit.Models;

namespace ModelFit.Testing.Truth;

/// <summary>
/// What llama.cpp 0.5.0-dev answered for settings that launch lines bring about. A row: kind, model, cards,
/// <c>-ngl</c>, <c>-c</c>, batch, micro-batch, sequences, <c>u</c> for one cache, rows of logits, type of both caches, then for each
/// card and the host bytes of weights, cache and compute.
/// </summary>
internal static class LaunchTruth
{
    private static readonly Lazy<Dictionary<string, ModelDefinition>> Models =
        new(() => CompactHeaders.Read(RepositoryFolder.Path("tests", "data", "memory", "headers.txt.gz")));

    private static readonly Lazy<string[][]> Lines = new(() => CompactHeaders
        .ReadLines(RepositoryFolder.Path("tests", "data", "memory", "rows-launch.txt.gz"))
        .Select(line => line.Split(' ')).ToArray());

    /// <summary>The rows of a kind: <c>slots</c>, <c>drafted</c>, <c>draft</c>, <c>tensor</c>.</summary>
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
        row[11..].Select(device => device.Split(',').Select(Number).ToArray()).ToArray();

    /// <summary>The same as they are estimated.</summary>
    public static long[][] Measured(string[] row, int cards)
    {
        var layout = new DeviceLayout { GpuCount = cards, GpuLayers = (int)Number(row[3]) };
        return MemoryModel.Measure(ModelOf(row), OptionsOf(row), layout, isReal: false).Devices
            .Select(device => new[] { device.WeightBytes, device.KvCacheBytes, device.ComputeBytes }).ToArray();
    }

    /// <summary>A row with what was estimated instead, where it differs; null where it does not.</summary>
    public static string? Difference(string[] row)
    {
        var (expected, measured) = (Expected(row), Measured(row, (int)Number(row[2])));
        return expected.Zip(measured).All(pair => pair.First.SequenceEqual(pair.Second))
            ? null
            : string.Join(' ', row) + " : " + string.Join(' ', measured.Select(device => string.Join(',', device)));
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
