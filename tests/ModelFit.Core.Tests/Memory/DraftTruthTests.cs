using System.Globalization;
using ModelFit.Graph;
using ModelFit.Memory;
using ModelFit.Models;
using ModelFit.Testing;
using ModelFit.Testing.Truth;
using Xunit;

namespace ModelFit.Core.Tests.Memory;

/// <summary>
/// Drafting by a model's own layers against llama.cpp 0.5.0-dev: the main context with its states for drafted tokens,
/// and the draft context. A row: model, cards, <c>-ngl</c>, <c>-c</c>, micro-batch, sequences, <c>u</c> for one cache,
/// tokens to draft, cache types of both, then for each card and the host weights, cache and compute of the main
/// context, cache and compute of the draft.
/// </summary>
public sealed class DraftTruthTests
{
    [Theory]
    [InlineData("qwen3.6-27b", 0.99)]
    [InlineData("qwen3.6-35b-a3b", 0.99)]
    public void A_draft_context_takes_what_llama_cpp_says(string model, double least)
    {
        var rows = Rows().Where(row => row[0].StartsWith(model, System.StringComparison.Ordinal)).ToArray();
        Assert.True(rows.Length >= 50, $"{rows.Length} rows");
        var wrong = rows.Select(Compare).OfType<string>().ToArray();
        foreach (var text in wrong.Take(20)) TestContext.Current.TestOutputHelper!.WriteLine(text);
        Assert.True(wrong.Length <= (1 - least) * rows.Length, $"{wrong.Length} of {rows.Length} differ");
    }

    /// <summary>Another architecture's draft graph follows the common one: caches are exact, buffers nearly.</summary>
    [Fact]
    public void A_draft_graph_that_was_not_compared_is_modelled()
    {
        var rows = Rows().Where(row => row[0].StartsWith("glm", System.StringComparison.Ordinal)).ToArray();
        Assert.True(rows.Length >= 50, $"{rows.Length} rows");
        foreach (var row in rows)
        {
            var (map, expected) = Measured(row);
            Assert.Equal(Accuracy.Modelled, map.Accuracy);
            foreach (var (device, figures) in map.Devices.Zip(expected))
            {
                Assert.Equal(figures[1] + figures[3], device.KvCacheBytes);
                Assert.InRange(device.ComputeBytes, 0.9 * (figures[2] + figures[4]), 1.1 * (figures[2] + figures[4]));
            }
        }
    }

    private static string[][] Rows() => CompactHeaders
        .ReadLines(RepositoryFolder.Path("tests", "data", "memory", "rows-drafts.txt"))
        .Select(line => line.Split(' ')).ToArray();

    private static string? Compare(string[] row)
    {
        var (map, expected) = Measured(row);
        var differs = map.Devices.Zip(expected).Any(pair => pair.First.WeightBytes != pair.Second[0]
            || pair.First.KvCacheBytes != pair.Second[1] + pair.Second[3]
            || pair.First.ComputeBytes != pair.Second[2] + pair.Second[4]);
        return differs
            ? string.Join(' ', row) + " : " + string.Join(' ', map.Devices.Select(
                device => $"{device.WeightBytes},{device.KvCacheBytes},{device.ComputeBytes}"))
            : null;
    }

    private static (MemoryEstimate Map, long[][] Expected) Measured(string[] row)
    {
        long Number(int index) => long.Parse(row[index], CultureInfo.InvariantCulture);
        var (sequences, isUnified, drafted) = ((int)Number(5), row[6] == "u", (int)Number(7));
        var options = new RuntimeOptions
        {
            ParallelSequences = sequences,
            KvUnified = isUnified,
            ContextLength = (int)Number(3) / (isUnified ? 1 : sequences),
            MicroBatchSize = (int)Number(4),
            OutputCount = sequences * (1 + drafted),
            KeyCacheType = Type(row[8]),
            ValueCacheType = Type(row[8]),
            LoadMtp = true,
            Speculation = new Speculation
            {
                Tokens = drafted, KeyCacheType = Type(row[9]), ValueCacheType = Type(row[9]),
            },
        };
        var layout = new DeviceLayout { GpuCount = (int)Number(1), GpuLayers = (int)Number(2) };
        var map = MemoryModel.Measure(Models.Value[row[0]], options, layout, isReal: false);
        var figures = row[10..].Select(text => text.Split(',').Select(
            number => long.Parse(number, CultureInfo.InvariantCulture)).ToArray()).ToArray();
        return (map, figures);
    }

    private static System.Lazy<System.Collections.Generic.Dictionary<string, ModelDefinition>> Models { get; } =
        new(() => CompactHeaders.Read(RepositoryFolder.Path("tests", "data", "memory", "headers-drafts.txt")));

    private static KvCacheType Type(string name) => System.Enum.Parse<KvCacheType>(name, ignoreCase: true);
}
