using ModelFit.Catalog;
using ModelFit.Graph;
using ModelFit.Placement;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Memory;

/// <summary>
/// What is found for the devices of some layouts and put together for another is what building its own graphs gives.
/// </summary>
public class LayoutPatternTests
{
    [Fact]
    public void Devices_of_other_layouts_take_what_their_own_graphs_take() =>
        Assert.Empty(Enumerable.Range(0, RandomLayouts.Round).Select(RandomLayouts.Problem).OfType<string>().Take(5));

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
            Assert.False(RandomLayouts.Differs(definition, new RuntimeOptions(), layout), layout.ToString());
        }
    }

    /// <summary>
    /// Cards between others, of which some are known: caches that other layers attend over (Gemma 4 E4B), an output
    /// that a large batch takes to the first card (BitNet), scans and linear attention, whose layers come in rounds.
    /// </summary>
    [Theory]
    [InlineData("google/gemma-4-E4B", "Hip")]
    [InlineData("microsoft/bitnet-b1.58-2B-4T", "Hip")]
    [InlineData("nvidia/NVIDIA-Nemotron-Nano-9B-v2", "Vulkan")]
    [InlineData("tiiuae/Falcon-H1-34B-Instruct", "Cuda")]
    [InlineData("tiiuae/falcon-mamba-7b", "Vulkan")]
    [InlineData("ibm-granite/granite-4.0-h-tiny", "Hip")]
    [InlineData("Qwen/Qwen3.5-27B", "Cuda")]
    [InlineData("Qwen/Qwen3-Next-80B-A3B-Instruct", "Vulkan")]
    [InlineData("google/gemma-3-12b-it", "Vulkan")]
    [InlineData("Qwen/Qwen3-30B-A3B", "Cuda")]
    public void Cards_among_known_ones_take_what_their_own_graphs_take(string name, string backend)
    {
        const int layouts = 40;
        var definition = PublishedModels.Layout(ModelCatalog.Resolve(name, NullSink.Instance))!
            .Define("Q4_K_M", new List<string>());
        var layers = LayerCosts.Of(definition, loadMtp: false).LayerCount;
        var random = new Random(name.Length);
        for (var i = 0; i < layouts; i++)
        {
            var cards = random.Next(2, 9);
            var split = Enumerable.Range(0, cards)
                .Select(_ => (double)random.Next(i % 3 == 0 ? 0 : 1, Math.Max(2, 2 * layers / cards))).ToArray();
            split[split.Length - 1]++;
            var layout = LayerDevices.InLayers(
                new DeviceLayout
                {
                    Backend = Enum.Parse<ComputeBackend>(backend),
                    GpuCount = cards,
                    GpuLayers = layers,
                    Split = new(split),
                    IsWithoutCopies = i % 4 == 0,
                },
                layers);
            Assert.False(RandomLayouts.Differs(definition, new RuntimeOptions(), layout), layout.ToString());
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
        var usual = layout.Define("Q4_K_M", new List<string>());
        var places = new[] { ComputeBackend.Cuda, ComputeBackend.Vulkan }
            .Select(backend => RandomLayouts.LayoutOf(usual, backend, random)).ToArray();
        foreach (var quantization in new[] { "Q4_K_M", "Q2_K", "IQ4_XS", "Q5_0", "Q8_0", "F16" })
        {
            var definition = layout.Define(quantization, new List<string>());
            Assert.All(
                places.Append(new DeviceLayout()),
                place => Assert.False(RandomLayouts.Differs(definition, new RuntimeOptions(), place), $"{place}"));
        }
    }
}
