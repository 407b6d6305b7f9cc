using ModelFit.Capacity;
using ModelFit.Catalog;
using ModelFit.Fit;
using ModelFit.Hardware;
using Xunit;

namespace ModelFit.Core.Tests.Capacity;

/// <summary>The lines that start the copies of a capacity plan.</summary>
public sealed class CapacityLaunchTests
{
    [Theory]
    [InlineData("RTX 4090", ModelRuntime.LlamaCpp, 1)]
    [InlineData("RTX 4090", ModelRuntime.LlamaCpp, 13)]
    [InlineData("2x RTX 3060 12GB", ModelRuntime.LlamaCpp, 40)]
    [InlineData("RTX 4090", ModelRuntime.Ollama, 9)]
    [InlineData("L40S", ModelRuntime.Vllm, 64)]
    public void A_copy_starts_as_the_offload_plan_of_its_settings_does(string cards, ModelRuntime runtime, int users)
    {
        var question = Of("Qwen3-8B", cards, runtime);
        var plan = CapacityEngine.Plan(
            question, new CapacityDemand { Users = users, MachineCount = 1 }, NullSink.Instance);

        // A machine of several cards has a line a copy; each is compared on its own cards.
        var copies = plan.ReplicasPerMachine!.Value;
        var own = plan.CardsPerReplica!.Value;
        var lines = plan.CommandLine!.Split('\n');
        Assert.Equal(copies, lines.Length);
        for (var copy = 0; copy < copies; copy++)
        {
            var asked = question with
            {
                IsContextSupposed = false,
                Options = question.Options with
                {
                    ContextLength = plan.ContextLength!.Value, ParallelSequences = plan.ParallelSequences!.Value,
                },
                Devices = copies == 1 ? null : new(Enumerable.Range(copy * own, own).ToArray()),
            };
            var offload = FitEngine.Plan(asked, new PlanOptions { PortOffset = copy }, NullSink.Instance);
            Assert.Equal(offload.CommandLine, lines[copy]);
        }
    }

    [Fact]
    public void Copies_of_unlike_cards_name_the_cards_as_CUDA_numbers_them()
    {
        // CUDA numbers the fastest first: typed second and third, the RTX 4090 are 0 and 1.
        var plan = CapacityEngine.Plan(
            Of("Qwen3-14B", "RTX 3060 12GB; 2x RTX 4090", ModelRuntime.LlamaCpp),
            new CapacityDemand { Users = 8, MachineCount = 1 },
            NullSink.Instance);

        var lines = plan.CommandLine!.Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.Contains("-mg 0", lines[0], StringComparison.Ordinal);
        Assert.Contains("-mg 1", lines[1], StringComparison.Ordinal);
        Assert.Contains("RTX 3060 idle", plan.Assumptions, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RTX 4060 + Radeon 8060S", "llama-3.3-70b")]
    [InlineData("GT 1030 + Radeon 780M", "llama-3.3-70b")]
    public void A_copy_on_the_card_of_another_vendor_starts_there(string cards, string model)
    {
        // HIP counts AMD's cards alone: the machine's second card is its first.
        var plan = CapacityEngine.Plan(
            Of(model, cards, ModelRuntime.LlamaCpp),
            new CapacityDemand { Users = 2, MachineCount = 1 },
            NullSink.Instance);

        Assert.Equal("Meets", plan.Outcome);
        Assert.Equal("Hip", plan.Backend);
        Assert.EndsWith("-sm none -mg 0", plan.CommandLine, StringComparison.Ordinal);
    }

    private static FitQuestion Of(string model, string cards, ModelRuntime runtime) => new()
    {
        Model = ModelCatalog.Resolve(model, NullSink.Instance),
        Machine = MachineSpecs.Create(
            GpuCatalog.ResolveMany(cards, null, NullSink.Instance), 64L << 30, GpuCatalogLookup.Instance),
        IsContextSupposed = true,
        Options = new RuntimeOptions { Runtime = runtime },
    };
}
