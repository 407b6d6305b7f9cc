using BenchmarkDotNet.Attributes;
using ModelFit.Catalog;

namespace ModelFit.Bench;

/// <summary>Looking up names once the catalogs are loaded.</summary>
[MemoryDiagnoser]
public class CatalogBenchmarks
{
    /// <summary>A card as people write it.</summary>
    [Benchmark]
    public object Gpu() => GpuCatalog.Resolve("rtx 3090", null, NullSink.Instance);

    /// <summary>A card as lspci prints it.</summary>
    [Benchmark]
    public object GpuOfDriver() => GpuCatalog.Resolve(
        "NVIDIA Corporation GA102 [GeForce RTX 3090] (rev a1)", null, NullSink.Instance);

    /// <summary>Several cards.</summary>
    [Benchmark]
    public object Gpus() => GpuCatalog.ResolveMany("2x RTX 3090 + RTX 3060", null, NullSink.Instance);

    /// <summary>A card that is not there, with the names nearest to it.</summary>
    [Benchmark]
    public object? UnknownGpu()
    {
        try
        {
            return GpuCatalog.Resolve("RTX 3091", null, NullSink.Instance);
        }
        catch (ModelFitException)
        {
            return null;
        }
    }

    /// <summary>A model as people write it.</summary>
    [Benchmark]
    public object Model() => ModelCatalog.Resolve("mixtral-8x22b", NullSink.Instance);

    /// <summary>A quantization.</summary>
    [Benchmark]
    public object Quantization() => QuantizationCatalog.Resolve("q4_k_m");
}
