using ModelFit.Catalog;
using ModelFit.Graph;
using ModelFit.Memory;
using ModelFit.Models;
using ModelFit.Placement;

namespace ModelFit.Testing;

/// <summary>Layouts by chance, of a model of each architecture, and what is put together wrongly for them.</summary>
internal static class RandomLayouts
{
    private const int LayoutsOfEach = 3;

    private static readonly ComputeBackend[] Backends =
        [ComputeBackend.Cuda, ComputeBackend.Vulkan, ComputeBackend.Metal];

    private static readonly string?[] Quantizations = [null, "BF16", "Q8_0", "Q5_K_M", "IQ4_XS", "Q2_K"];

    /// <summary>The first model of the catalog of each architecture that can be laid out.</summary>
    private static readonly Lazy<ModelSpec[]> Models = new(() => ModelCatalog.All
        .Where(model => model.Layout is not null && model.Architecture is not null)
        .GroupBy(model => model.Architecture).Select(group => group.First()).ToArray());

    /// <summary>Seeds until each architecture had each backend.</summary>
    public static int Round => Models.Value.Length * Backends.Length;

    /// <summary>
    /// The first of the seed's layouts whose devices differ from what building their own graphs gives; null if none.
    /// </summary>
    public static string? Problem(int seed)
    {
        var model = Models.Value[seed % Models.Value.Length];
        var random = new Random(seed);
        var quantization = Quantizations[random.Next(Quantizations.Length)];
        var definition = PublishedModels.Layout(model)!.Define(quantization, new List<string>());
        var options = new RuntimeOptions
        {
            ContextLength = RuntimeOptions.DefaultContextLength(model),
            ParallelSequences = random.Next(1, 5),
            KvUnified = random.Next(3) == 0,
            SwaFull = random.Next(4) == 0,
            OffloadKv = random.Next(5) != 0,
            FlashAttention = random.Next(4) == 0 ? FlashAttentionMode.Off : FlashAttentionMode.Auto,
            MicroBatchSize = 64 << random.Next(6),
            OutputCount = random.Next(4) == 0 ? 0 : null,
            KeyCacheType = random.Next(3) == 0 ? KvCacheType.Q8_0 : KvCacheType.F16,
        };
        for (var i = 0; i < LayoutsOfEach; i++)
        {
            var layout = LayoutOf(definition, Backends[seed / Models.Value.Length % Backends.Length], random);
            if (Differs(definition, options, layout)) return $"{model.Name}: {layout}";
        }

        return null;
    }

    /// <summary>Whether what is put together for a layout is not what building its own graphs gives.</summary>
    public static bool Differs(ModelDefinition definition, RuntimeOptions options, DeviceLayout layout)
    {
        var own = MemoryModel.Measure(definition, options, layout, isReal: true);
        var taken = MemoryModel.Measure(definition, options, layout, isReal: true, isShared: true);
        return !own.Devices.SequenceEqual(taken.Devices) || own with { Devices = [] } != taken with { Devices = [] };
    }

    /// <summary>A layout by chance.</summary>
    public static DeviceLayout LayoutOf(ModelDefinition definition, ComputeBackend backend, Random random)
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
