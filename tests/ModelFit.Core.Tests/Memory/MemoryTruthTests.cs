using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using ModelFit.Architectures;
using ModelFit.Catalog;
using ModelFit.Core.Tests.Support;
using ModelFit.Models;
using Xunit;

namespace ModelFit.Core.Tests.Memory;

/// <summary>
/// The memory model against what llama.cpp 0.5.0-dev says it allocates, asked for each row of
/// <c>tests/data/memory</c>: the truth, the held-out rows, those of catalog entries, of all architectures
/// and of other processors through its no-allocation mode, the real rows by allocating. With
/// <c>MODELFIT_UPDATE_BASELINE=1</c> in the environment the baseline and
/// <c>docs/internals/accuracy.md</c> are written anew instead of compared.
/// </summary>
public sealed class MemoryTruthTests(MemoryTruthTests.Truth truth) : IClassFixture<MemoryTruthTests.Truth>
{
    private static readonly string Baseline = RepositoryFolder.Path("tests", "data", "memory", "baseline.txt");
    private static readonly string Document = RepositoryFolder.Path("docs", "internals", "accuracy.md");

    private static bool IsUpdating => Environment.GetEnvironmentVariable("MODELFIT_UPDATE_BASELINE") == "1";

    [Fact]
    public void No_figure_is_worse_than_the_baseline()
    {
        var output = TestContext.Current.TestOutputHelper!;
        foreach (var line in truth.Table) output.WriteLine(line.ToLine());
        foreach (var miss in truth.Misses.Take(40)) output.WriteLine(miss);
        if (IsUpdating) File.WriteAllLines(Baseline, truth.Table.Select(line => line.ToLine()));
        var now = truth.Table.ToDictionary(line => line.Key);
        var worse = File.ReadLines(Baseline).Select(TruthFigure.FromLine)
            .Where(old => !now.TryGetValue(old.Key, out var line) || line.IsWorseThan(old));
        Assert.Empty(worse);
    }

    [Fact]
    public void The_document_says_what_was_measured()
    {
        var text = AccuracyDocument.Write(
            truth.Table, truth.HeldOut.Table().Concat(truth.SmallHeldOut.Table()).ToList(),
            truth.Real.Table().Concat(truth.SmallReal.Table()).ToList(),
            truth.Processors.Table(), truth.Catalog.Table(),
            truth.EveryArchitecture.Table(), truth.Nameless.Near());
        if (IsUpdating) File.WriteAllText(Document, text);
        Assert.Equal(text, File.ReadAllText(Document).ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Rows_that_no_rule_was_made_from_are_exact() =>
        Assert.Empty(truth.HeldOut.Misses.Concat(truth.SmallHeldOut.Misses));

    [Fact]
    public void Real_allocations_are_exact() => Assert.Empty(truth.Real.Misses.Concat(truth.SmallReal.Misses));

    [Fact]
    public void Processors_of_other_kernels_are_exact() => Assert.Empty(truth.Processors.Misses);

    [Fact]
    public void Models_laid_out_from_the_catalog_are_exact() => Assert.Empty(truth.Catalog.Misses);

    /// <summary>Nothing is called exact that no row compares with llama.cpp.</summary>
    [Fact]
    public void What_is_called_exact_was_compared()
    {
        var compared = truth.Table.Concat(truth.HeldOut.Table()).Concat(truth.Catalog.Table())
            .Concat(truth.EveryArchitecture.Table()).Select(line => line.Architecture).ToHashSet();
        Assert.Empty(ArchitectureRegistry.All
            .Where(architecture => architecture.Accuracy == Accuracy.Exact && !compared.Contains(architecture.Name))
            .Select(architecture => architecture.Name));
    }

    /// <summary>
    /// What is built like a known architecture and has another name is near: 95 % within 1 % or 1 MiB.
    /// </summary>
    [Fact]
    public void Architectures_that_are_not_known_are_near() => Assert.All(
        truth.Nameless.Near(), line => Assert.True(line.Near >= 0.95 * line.Cases, line.ToString()));

    [Fact]
    public void Every_architecture_is_exact() => Assert.Empty(truth.EveryArchitecture.Misses);

    [Fact]
    public void Flash_attention_is_resolved_as_the_runtime_resolves_it() => Assert.Empty(
        truth.WrongFlashAttention.Concat(truth.HeldOut.WrongFlashAttention).Concat(truth.Real.WrongFlashAttention)
            .Concat(truth.Processors.WrongFlashAttention).Concat(truth.Catalog.WrongFlashAttention)
            .Concat(truth.SmallHeldOut.WrongFlashAttention).Concat(truth.SmallReal.WrongFlashAttention)
            .Concat(truth.EveryArchitecture.WrongFlashAttention));

    /// <summary>The comparison, run once.</summary>
    public sealed class Truth
    {
        public Truth()
        {
            var models = CompactHeaders.Read(DataPath("headers"));
            TruthComparison Compare(string rows, bool isReal) =>
                TruthComparison.Run(TruthRow.Read(DataPath(rows)), name => models[name], isReal);
            var truth = Compare("rows", isReal: false);
            Table = truth.Table();
            Misses = truth.Misses;
            WrongFlashAttention = truth.WrongFlashAttention;
            Nameless = TruthComparison.Run(
                TruthRow.Read(DataPath("rows")), name => WithoutName(models[name]), isReal: false);
            HeldOut = Compare("rows-heldout", isReal: false);
            Real = Compare("rows-real", isReal: true);
            Processors = Compare("rows-processors", isReal: false);
            Catalog = TruthComparison.Run(TruthRow.Read(DataPath("rows-catalog")), LayOut, isReal: false);
            var small = CompactHeaders.Read(DataPath("headers-architectures"));
            EveryArchitecture = TruthComparison.Run(
                TruthRow.Read(DataPath("rows-architectures")), name => small[name], isReal: false);
            SmallHeldOut = TruthComparison.Run(
                TruthRow.Read(DataPath("rows-architectures-heldout")), name => small[name], isReal: false);
            SmallReal = TruthComparison.Run(
                TruthRow.Read(DataPath("rows-architectures-real")), name => small[name], isReal: true);
        }

        internal IReadOnlyList<TruthFigure> Table { get; }

        internal IReadOnlyList<string> Misses { get; }

        internal IReadOnlyList<string> WrongFlashAttention { get; }

        /// <summary>The truth again, the names of its architectures hidden.</summary>
        internal TruthComparison Nameless { get; }

        /// <summary>
        /// Random settings asked after the rules were written: odd contexts, batches, splits, caches.
        /// </summary>
        internal TruthComparison HeldOut { get; }

        /// <summary>The same, really allocated; host weights are not compared, for they are mapped.</summary>
        internal TruthComparison Real { get; }

        /// <summary>The processor alone with other kernels than AVX2's, of which the other rows are.</summary>
        internal TruthComparison Processors { get; }

        /// <summary>Catalog entries, laid out; each row names them as <c>id|quantization</c>.</summary>
        internal TruthComparison Catalog { get; }

        /// <summary>
        /// Small models, one an architecture, with the dimensions that llama.cpp's own test of all architectures gives
        /// them (tests/test-llama-archs.cpp), doubled.
        /// </summary>
        internal TruthComparison EveryArchitecture { get; }

        /// <summary>Small models of nearly every architecture, their weights of types chosen by chance.</summary>
        internal TruthComparison SmallHeldOut { get; }

        /// <summary>Small models of nearly every architecture, really allocated.</summary>
        internal TruthComparison SmallReal { get; }

        private static readonly ConcurrentDictionary<ModelDefinition, ModelDefinition> Hidden = new();

        private static ModelDefinition WithoutName(ModelDefinition model) => Hidden.GetOrAdd(model, known => new(
            new ModelMetadata("nameless", known.Metadata.Keys.ToDictionary(key => key, key => known.Metadata[key]!)),
            known.Tensors,
            known.Accuracy));

        private static ModelDefinition LayOut(string name)
        {
            var parts = name.Split('|');
            var layout = ModelCatalog.Resolve(parts[0], NullSink.Instance).Layout!;
            return layout.Define(parts[1], new List<string>());
        }

        private static string DataPath(string name) =>
            RepositoryFolder.Path("tests", "data", "memory", name + ".txt.gz");
    }
}
