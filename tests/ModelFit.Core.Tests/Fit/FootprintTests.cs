using System.Threading;
using ModelFit.Catalog;
using ModelFit.Fit;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Fit;

/// <summary>What a model takes on one device.</summary>
public sealed class FootprintTests
{
    /// <summary>A fleet's cards are asked about one after another: that is looked up, not computed. The answer itself,
    /// which repeats the question, is most of what is allocated.</summary>
    [Theory]
    [InlineData("RTX 3090", "RTX 4090", "RX 7900 XTX")]
    [InlineData("8x H100 SXM", "4x A100 80GB", "2x L40S")]
    public void Memory_asked_again_for_another_machine_costs_less_than_two_kibibytes(params string[] cards)
    {
        var model = ModelCatalog.Resolve("llama-3.1-8b", NullSink.Instance);
        var questions = cards
            .Select((text, i) => new FitQuestion { Model = model, Machine = Machines.Of(text, 64 + i) })
            .ToArray();
        // A fleet's questions are many: what counts is the code as it is compiled after the first hundreds, whenever
        // the compiler finds the time.
        var each = long.MaxValue;
        for (var round = 0; round < 50 && each > 2047; round++)
        {
            for (var i = 0; i < 300; i++)
                foreach (var question in questions) FitEngine.Measure(question, NullSink.Instance);
            Thread.Sleep(100);
            var before = GC.GetAllocatedBytesForCurrentThread();
            foreach (var question in questions) FitEngine.Measure(question, NullSink.Instance);
            each = (GC.GetAllocatedBytesForCurrentThread() - before) / questions.Length;
        }

        Assert.InRange(each, 1, 2047);
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

    /// <summary>
    /// Llama 3.2 1B at Q8_0 has one matrix for embeddings and output, [2048, 128256]: 266 MiB that a processor with
    /// another form of it holds twice; AMX's tiles have 4 bytes more a block, of all other products too.
    /// </summary>
    [Theory]
    [InlineData("AVX2 FMA F16C", 0, "Exact")]
    [InlineData("NEON", 0, "Exact")]
    [InlineData("NEON DOTPROD I8MM", 279_085_056, "Exact")]
    [InlineData("AVX2 AVX512F AVX512BW", 0, "Exact")]
    [InlineData("AVX2 AVX512F AVX512BW AVX512-VNNI AMX-TILE AMX-INT8", 433_553_408, "Exact")]
    [InlineData("AVX2 AVX512F", 0, "Modelled")]
    [InlineData(null, 0, "Modelled")]
    public void A_processor_has_weights_in_its_own_form(string? features, long moreBytes, string accuracy)
    {
        var messages = new RecordingSink();
        var question = new FitQuestion
        {
            Model = ModelCatalog.Resolve("llama-3.2-1b", NullSink.Instance),
            Quantization = "Q8_0",
            Options = new RuntimeOptions { Backend = ComputeBackend.Cpu },
        };
        var usual = FitEngine.Measure(question, messages);
        Assert.Contains(messages.Verboses, text => text.Contains("AVX2", StringComparison.Ordinal));
        Assert.Equal("Exact", usual.Accuracy);
        var machine = new MachineSpec { SystemMemoryBytes = 16L << 30, CpuFeatures = features };
        var footprint = FitEngine.Measure(question with { Machine = machine }, NullSink.Instance);
        Assert.Equal(usual.WeightBytes + moreBytes, footprint.WeightBytes);
        Assert.Equal(accuracy, footprint.Accuracy);
        var answer = FitEngine.Test(question with { Machine = machine }, NullSink.Instance);
        Assert.Equal(footprint.TotalBytes, answer.RequiredBytes);
        Assert.Equal(accuracy, answer.Accuracy);
    }
}
