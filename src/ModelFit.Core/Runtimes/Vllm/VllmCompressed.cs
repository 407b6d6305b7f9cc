using ModelFit.Architectures;
using ModelFit.Models;

namespace ModelFit.Runtimes.Vllm;

/// <summary>
/// The compressed cache of DeepSeek V4: every few tokens are one cell, and an indexer has cells of its own where few
/// are joined (vllm/models/deepseek_v4; the 9.62 GiB that vLLM publishes for 1 Mi tokens of V4 Pro). Windows,
/// compressor states and the padding of its pools are not followed.
/// </summary>
internal static class VllmCompressed
{
    /// <summary>Tokens a cell where an indexer chooses among the cells.</summary>
    private const long ChosenRatio = 4;

    private const long Half = 2;
    private const long ScaleBytes = 8;

    /// <summary>Whether a model has such a cache.</summary>
    public static bool Has(ModelDefinition model) => model.Metadata.Has("attention.compress_ratios");

    /// <summary>The caches of its layers; null for other models.</summary>
    /// <param name="model">The model.</param>
    /// <param name="number">A number of the cache, which has an 8-bit form of its own.</param>
    public static IReadOnlyList<VllmLayer>? Of(ModelDefinition model, VllmNumber number)
    {
        if (!Has(model)) return null;
        var layers = ModelShapes.Of(model).Layers;
        var ratios = model.Metadata.Integers("attention.compress_ratios", layers, 0);
        return Enumerable.Range(0, layers)
            .Where(layer => ratios[layer] > 0)
            .Select(layer => new VllmLayer(layer, CacheKind.Full, TokenBytes(model, ratios[layer], number), 0)
            {
                IsLatent = true,
            })
            .ToArray();
    }

    private static long TokenBytes(ModelDefinition model, long ratio, VllmNumber number)
    {
        var length = model.Metadata.Integer("attention.key_length", 0);
        var indexer = ratio == ChosenRatio ? model.Metadata.Integer("attention.indexer.key_length", 0) : 0;
        var rotary = model.Metadata.Integer("rope.dimension_count", 0);
        var (cell, chosen) = number.IsSmall
            ? (length - rotary + (Half * rotary) + ScaleBytes, indexer > 0 ? indexer + VllmLayer.IndexerScaleBytes : 0)
            : (number.Row(length), number.Row(indexer));
        return (cell + chosen + ratio - 1) / ratio;
    }
}
