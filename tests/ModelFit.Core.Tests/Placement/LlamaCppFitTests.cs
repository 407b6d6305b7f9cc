using ModelFit.Fit;
using ModelFit.Memory;
using ModelFit.Testing;
using ModelFit.Testing.Truth;
using Xunit;

namespace ModelFit.Core.Tests.Placement;

/// <summary>
/// The state in which llama.cpp's own fit leaves what a line leaves open, against what llama.cpp was asked: layers,
/// weights on the cards and context.
/// </summary>
public sealed class LlamaCppFitTests
{
    [Fact]
    public void The_fit_leaves_what_llama_cpp_leaves()
    {
        var models = CompactHeaders.Read(RepositoryFolder.Path("tests", "data", "memory", "headers.txt"));
        var rows = FitRow.Read();
        var wrong = rows.AsParallel().AsOrdered().Select(row => (Row: row, Text: Compare(
            row, FixedLayout.Model(row.Model, models[row.Model], row.TrainedContext))))
            .Where(pair => pair.Text is not null).ToArray();
        foreach (var (row, text) in wrong.Take(40))
            TestContext.Current.TestOutputHelper!.WriteLine($"{row}: {text}");
        Assert.True(wrong.Length <= 0.01 * rows.Count, $"{wrong.Length} of {rows.Count} differ");
    }

    private static string? Compare(FitRow row, ModelSpec model)
    {
        var sequences = row.Sequences;
        var total = (long)(row.AskedContext == 0 ? row.TrainedContext : row.AskedContext) * sequences;
        var question = new FitQuestion
        {
            Model = model,
            OverheadBytes = 0,
            ReserveBytes = FitRow.MarginBytes,
            IsLaunched = true,
            Fit = new RuntimeFit { ChoosesContext = row.AskedContext == 0 },
            Machine = new MachineSpec
            {
                SystemMemoryBytes = 4L << 40,
                Gpus = row.FreeBytes.Select(bytes => new GpuSpec
                {
                    Name = "Card", Vendor = "NVIDIA", MemoryBytes = bytes, MemoryBandwidth = 900_000_000_000,
                }).ToArray(),
            },
            Options = new RuntimeOptions
            {
                ParallelSequences = sequences,
                KvUnified = row.Unified,
                OutputCount = row.Outputs,
                KeyCacheType = row.CacheType,
                ValueCacheType = row.CacheType,
                ContextLength = row.TrainedContext,
                CacheTokens = total,
            },
        };
        var fit = FitCase.Of(question, NullSink.Instance).AsStarted(NullSink.Instance);
        var placed = fit.Search.Pinned()!;
        var slots = fit.Search.Costs.LayerCount;
        var ours = (
            Layers: System.Math.Min(slots, placed.Layout.GpuLayers),
            Weights: MemoryModel.Measure(fit.Definition, fit.Question.Options, placed.Layout, isReal: false)
                .Gpus.Sum(gpu => gpu.WeightBytes),
            Context: fit.Question.Options.TotalTokens);
        var theirs = (Layers: row.GpuLayers < 0 ? slots : row.GpuLayers, Weights: row.GpuWeightBytes, row.Context);
        return ours == theirs ? null : $"{ours} for {theirs}";
    }
}
