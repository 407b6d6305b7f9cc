using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using ModelFit.Core.Tests.Memory;
using ModelFit.Core.Tests.Support;
using ModelFit.Fit;
using ModelFit.Memory;
using Xunit;

namespace ModelFit.Core.Tests.Placement;

/// <summary>
/// The planner against llama.cpp's own fit: never over the limit, and at least as much on the cards (layers, then
/// experts by their bytes, then context). Rows in which llama.cpp itself exceeded its margin are no measure of how much
/// fits and are compared for the limit only.
/// </summary>
public sealed class FitTruthTests(FitTruthTests.Comparison comparison) : IClassFixture<FitTruthTests.Comparison>
{
    [Fact]
    public void No_plan_is_over_the_limit() => Assert.Empty(comparison.Over);

    [Theory]
    [InlineData("dense", 200)]
    [InlineData("experts", 80)]
    [InlineData("multi-device", 60)]
    public void Plans_hold_at_least_as_much(string kind, int leastRows)
    {
        var rows = comparison.Rows.Where(row => row.Kind == kind).ToArray();
        foreach (var row in rows.Where(row => !row.HoldsAsMuch))
            TestContext.Current.TestOutputHelper!.WriteLine(row.Text);
        Assert.True(rows.Length >= leastRows, $"{rows.Length} rows");
        Assert.True(rows.Count(row => row.HoldsAsMuch) >= 0.95 * rows.Length);
    }

    /// <summary>The table of docs/guide/plan.md; MODELFIT_UPDATE_BASELINE=1 in the environment writes it.</summary>
    [Fact]
    public void The_documentation_has_these_figures()
    {
        const string head = "|---|---|---|---|---|\n";
        var path = RepositoryFolder.Path("docs", "guide", "plan.md");
        var text = File.ReadAllText(path).ReplaceLineEndings("\n");
        var start = text.IndexOf(head, StringComparison.Ordinal) + head.Length;
        var end = text.IndexOf("\n\n", start - 1, StringComparison.Ordinal) + 1;
        var written = text[..start] + comparison.Table + text[end..];
        if (Environment.GetEnvironmentVariable("MODELFIT_UPDATE_BASELINE") == "1") File.WriteAllText(path, written);
        Assert.Equal(written, text);
    }

    /// <summary>All plans, made once.</summary>
    public sealed class Comparison
    {
        /// <summary>Tables of a few bytes that every card gets its copy of are no layers.</summary>
        private const long SameBytes = 1 << 20;

        public Comparison()
        {
            var models = CompactHeaders.Read(RepositoryFolder.Path("tests", "data", "memory", "headers.txt.gz"));
            foreach (var row in FitRow.Read())
                Compare(row, FixedLayout.Model(row.Model, models[row.Model], row.TrainedContext));
        }

        internal List<string> Over { get; } = [];

        /// <summary>A line of Markdown a kind.</summary>
        internal string Table => string.Concat(
            from kind in Rows.GroupBy(row => row.Kind).OrderBy(kind => kind.Key)
            let over = Over.Count(name => kind.Any(row => row.Name == name))
            let holding = kind.Count(row => row.HoldsAsMuch)
            let share = 100.0 * holding / kind.Count()
            let figures = FormattableString.Invariant($"{kind.Count()} | {over} | {holding} | {share:0.0} %")
            select $"| {kind.Key} | {figures} |\n");

        internal List<(string Kind, bool HoldsAsMuch, string Name, string Text)> Rows { get; } = [];

        private static FitQuestion QuestionOf(FitRow row, ModelSpec model) => new()
        {
            Model = model,
            OverheadBytes = 0,
            ReserveBytes = FitRow.MarginBytes,
            Machine = new MachineSpec
            {
                SystemMemoryBytes = 4L << 40,
                Gpus = row.FreeBytes.Select(bytes => new GpuSpec
                {
                    Name = "Card",
                    Vendor = "NVIDIA",
                    MemoryBytes = bytes,
                    MemoryBandwidth = 900_000_000_000,
                }).ToArray(),
            },
            Options = new RuntimeOptions
            {
                ContextLength = row.AskedContext == 0 ? row.TrainedContext : row.AskedContext,
                ParallelSequences = row.Sequences,
                KvUnified = row.Unified,
                OutputCount = row.Outputs,
                KeyCacheType = row.CacheType,
                ValueCacheType = row.CacheType,
            },
        };

        private void Compare(FitRow row, ModelSpec model)
        {
            const int leastContext = 4096;
            var options = row.AskedContext > 0
                ? new PlanOptions()
                : new PlanOptions
                {
                    Allow = PlanTrades.ContextReduction,
                    MinimumContextLength = row.Unified ? leastContext / row.Sequences : leastContext,
                };
            var (fit, decision) = FitEngine.Decide(QuestionOf(row, model), options);
            var map = MemoryModel.Measure(
                fit.Definition, fit.Question.Options, decision.Placed.Layout, isReal: false);
            if (map.Gpus.Where((gpu, card) => gpu.TotalBytes > row.FreeBytes[card] - FitRow.MarginBytes).Any())
                Over.Add(row.ToString());
            if (row.ExcessBytes > 0) return;
            var slots = fit.Search.Costs.SlotCount;
            var ours = (
                Layers: Math.Min(slots, decision.Placed.Layout.GpuLayers),
                WeightBytes: decision.Placed.GpuWeightBytes,
                Context: (long)fit.Question.Options.ContextLength * row.Sequences);
            var layers = row.GpuLayers < 0 ? slots : row.GpuLayers;
            var order = ours.Layers != layers ? ours.Layers.CompareTo(layers)
                : Math.Abs(ours.WeightBytes - row.GpuWeightBytes) > SameBytes
                    ? ours.WeightBytes.CompareTo(row.GpuWeightBytes)
                : ours.Context.CompareTo(Math.Min(row.Context, RequestedContext(row)));
            Rows.Add((
                row.Kind(fit.Search.Costs.HasExperts),
                order >= 0,
                row.ToString(),
                $"{row}: {ours} for {layers} {row.GpuWeightBytes} {row.Context}"));
        }

        /// <summary>Padding is no context that was asked for.</summary>
        private static long RequestedContext(FitRow row) => row.AskedContext == 0
            ? (long)row.TrainedContext * row.Sequences
            : (long)row.AskedContext * row.Sequences;
    }
}
