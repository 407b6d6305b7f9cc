using ModelFit.Catalog;
using ModelFit.Graph;
using ModelFit.Memory;
using ModelFit.Models;
using ModelFit.Placement;
using Xunit;

namespace ModelFit.Core.Tests.Memory;

/// <summary>
/// What is found for the devices of some layouts and put together for another is what building its own graphs gives.
/// </summary>
public class LayoutPatternTests
{
    private const int LayoutsOfEach = 7;

    /// <summary>The first model of the catalog of each architecture that can be laid out.</summary>
    public static TheoryData<string> Models => new(ModelCatalog.All
        .Where(model => model.Layout is not null && model.Architecture is not null)
        .GroupBy(model => model.Architecture).Select(group => group.First().Name));

    [Theory]
    [MemberData(nameof(Models))]
    public void Devices_of_other_layouts_take_what_their_own_graphs_take(string name)
    {
        var model = ModelCatalog.Resolve(name, NullSink.Instance);
        var definition = PublishedModels.Layout(model)!.Define(null, new List<string>());
        var random = new Random(name.Length);
        foreach (var backend in new[] { ComputeBackend.Cuda, ComputeBackend.Vulkan, ComputeBackend.Metal })
        {
            var options = new RuntimeOptions
            {
                ContextLength = RuntimeOptions.DefaultContextLength(model),
                ParallelSequences = random.Next(1, 3),
                KeyCacheType = random.Next(3) == 0 ? KvCacheType.Q8_0 : KvCacheType.F16,
            };
            for (var i = 0; i < LayoutsOfEach; i++)
            {
                var layout = LayoutOf(definition, backend, random);
                var own = MemoryModel.Measure(definition, options, layout, isReal: true);
                var taken = MemoryModel.Measure(definition, options, layout, isReal: true, isShared: true);
                Assert.Equal(own.Devices, taken.Devices);
                Assert.Equal(own with { Devices = [] }, taken with { Devices = [] });
            }
        }
    }

    /// <summary>
    /// The ends of a model: cards with the output or the last layer alone, all experts on the host, layers for the next
    /// tokens that nothing runs (GLM 4.5), windows in turn (gpt-oss).
    /// </summary>
    [Theory]
    [InlineData("zai-org/GLM-4.5-Air")]
    [InlineData("openai/gpt-oss-20b")]
    [InlineData("Qwen/Qwen3-30B-A3B")]
    [InlineData("meta-llama/Llama-3.1-8B-Instruct")]
    public void Cards_with_the_ends_of_a_model_alone_take_what_their_own_graphs_take(string name)
    {
        const int layouts = 80;
        var definition = PublishedModels.Layout(ModelCatalog.Resolve(name, NullSink.Instance))!
            .Define(null, new List<string>());
        var costs = LayerCosts.Of(definition, loadMtp: false);
        var random = new Random(name.Length);
        for (var i = 0; i < layouts; i++)
        {
            var split = Enumerable.Range(0, random.Next(2, 4)).Select(_ => (double)random.Next(0, 4)).ToArray();
            split[split.Length - 1] = 1;
            var layout = LayerDevices.InLayers(
                new DeviceLayout
                {
                    Backend = ComputeBackend.Cuda,
                    GpuCount = split.Length,
                    GpuLayers = (int)split.Sum(),
                    CpuMoeLayers = costs.HasExperts && random.Next(2) == 0 ? costs.LayerCount : 0,
                    Split = new(split),
                },
                costs.LayerCount);
            var options = new RuntimeOptions();
            var own = MemoryModel.Measure(definition, options, layout, isReal: true);
            var taken = MemoryModel.Measure(definition, options, layout, isReal: true, isShared: true);
            Assert.Equal(own.Devices, taken.Devices);
        }
    }

    /// <summary>
    /// What was measured of one quantization is taken for others: tied embeddings and an output of its own, experts,
    /// types that no product has on the host.
    /// </summary>
    [Theory]
    [InlineData("meta-llama/Llama-3.2-3B-Instruct")]
    [InlineData("Qwen/Qwen3-30B-A3B")]
    [InlineData("google/gemma-3-12b-it")]
    [InlineData("ibm-granite/granite-4.0-h-tiny")]
    public void Devices_of_other_quantizations_take_what_their_own_graphs_take(string name)
    {
        var layout = PublishedModels.Layout(ModelCatalog.Resolve(name, NullSink.Instance))!;
        var random = new Random(name.Length);
        var places = new[] { ComputeBackend.Cuda, ComputeBackend.Vulkan }
            .Select(backend => LayoutOf(layout.Define("Q4_K_M", new List<string>()), backend, random)).ToArray();
        foreach (var quantization in new[] { "Q4_K_M", "Q2_K", "IQ4_XS", "Q5_0", "Q8_0", "F16" })
        {
            var definition = layout.Define(quantization, new List<string>());
            foreach (var place in places.Append(new DeviceLayout()))
            {
                var options = new RuntimeOptions();
                var own = MemoryModel.Measure(definition, options, place, isReal: true);
                var taken = MemoryModel.Measure(definition, options, place, isReal: true, isShared: true);
                Assert.Equal(own.Devices, taken.Devices);
                Assert.Equal(own with { Devices = [] }, taken with { Devices = [] });
            }
        }
    }

    private static DeviceLayout LayoutOf(ModelDefinition definition, ComputeBackend backend, Random random)
    {
        var costs = LayerCosts.Of(definition, loadMtp: false);
        var cards = random.Next(1, 9);
        var whole = random.Next(2) == 0;
        var layout = new DeviceLayout
        {
            Backend = backend,
            GpuCount = cards,
            GpuLayers = whole ? costs.LayerCount : random.Next(costs.LayerCount / 2, costs.LayerCount + 1),
            CpuMoeLayers = costs.HasExperts && random.Next(2) == 0 ? random.Next(costs.ExpertLayers + 1) : 0,
            Split = cards == 1 ? null : new(Enumerable.Range(0, cards).Select(_ => (double)random.Next(1, 5))),
            IsWithoutCopies = random.Next(2) == 0,
        };
        return LayerDevices.InLayers(layout, costs.LayerCount);
    }
}
