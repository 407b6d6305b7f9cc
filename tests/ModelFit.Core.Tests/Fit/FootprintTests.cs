using System;
using System.Linq;
using ModelFit.Catalog;
using ModelFit.Core.Tests.Support;
using ModelFit.Fit;
using Xunit;

namespace ModelFit.Core.Tests.Fit;

/// <summary>What a model takes on one device.</summary>
public sealed class FootprintTests
{
    /// <summary>A fleet's cards are asked about one after another: that is looked up, not computed.</summary>
    [Theory]
    [InlineData("RTX 3090", "RTX 4090", "RX 7900 XTX")]
    [InlineData("8x H100 SXM", "4x A100 80GB", "2x L40S")]
    public void Memory_asked_again_for_another_machine_costs_no_kibibyte(params string[] cards)
    {
        var model = ModelCatalog.Resolve("llama-3.1-8b", NullSink.Instance);
        var questions = cards
            .Select((text, i) => new FitQuestion { Model = model, Machine = Machines.Of(text, 64 + i) })
            .ToArray();
        foreach (var question in questions) FitEngine.Measure(question, NullSink.Instance);
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var question in questions) FitEngine.Measure(question, NullSink.Instance);
        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / questions.Length;
        Assert.InRange(each, 1, 1023);
    }

    /// <summary>The machine only says which backend drives the device.</summary>
    [Fact]
    public void A_machine_of_unknown_memory_does_not_matter()
    {
        var model = ModelCatalog.Resolve("llama-3.1-8b", NullSink.Instance);
        var known = new FitQuestion { Model = model, Machine = Machines.Of("Radeon 8060S", 128) };
        var unknown = known with { Machine = Machines.Of("Radeon 8060S") };
        Assert.Equal(
            FitEngine.Measure(known, NullSink.Instance).TotalBytes,
            FitEngine.Measure(unknown, NullSink.Instance).TotalBytes);
    }
}
