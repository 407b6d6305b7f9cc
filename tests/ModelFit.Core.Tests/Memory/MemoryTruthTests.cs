using System.IO;
using ModelFit.Architectures;
using ModelFit.Testing;
using ModelFit.Testing.Truth;
using ModelFit.Tools.Pages;
using Xunit;

namespace ModelFit.Core.Tests.Memory;

/// <summary>
/// The memory model against what llama.cpp 0.5.0-dev says it allocates, asked for each row of
/// <c>tests/data/memory</c>: the truth, the held-out rows, those of catalog entries, of all architectures
/// and of other processors through its no-allocation mode, the real rows by allocating. The tool <c>pages</c>
/// (tools/ModelFit.Tools) writes the baseline and <c>docs/internals/accuracy.md</c> anew.
/// </summary>
public sealed class MemoryTruthTests(MemoryTruth truth) : IClassFixture<MemoryTruth>
{
    private static readonly string Baseline = RepositoryFolder.Path("tests", "data", "memory", "baseline.txt");

    [Fact]
    public void No_figure_is_worse_than_the_baseline()
    {
        var output = TestContext.Current.TestOutputHelper!;
        foreach (var line in truth.Table) output.WriteLine(line.ToLine());
        foreach (var miss in truth.Misses.Take(40)) output.WriteLine(miss);
        var now = truth.Table.ToDictionary(line => line.Key);
        var worse = File.ReadLines(Baseline).Select(TruthFigure.FromLine)
            .Where(old => !now.TryGetValue(old.Key, out var line) || line.IsWorseThan(old));
        Assert.Empty(worse);
    }

    [Fact]
    public void The_document_says_what_was_measured() =>
        Assert.Equal(AccuracyPage.Write(truth), File.ReadAllText(AccuracyPage.FullPath).ReplaceLineEndings("\n"));

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
        Assert.Empty(ArchitectureList.All
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
}
