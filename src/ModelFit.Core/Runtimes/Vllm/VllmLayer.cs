using ModelFit.Architectures;
using ModelFit.Graph;
using ModelFit.Models;
using ModelFit.Runtimes.Serving;

namespace ModelFit.Runtimes.Vllm;

/// <summary>What a layer keeps of the tokens.</summary>
internal enum CacheKind
{
    /// <summary>All tokens.</summary>
    Full,

    /// <summary>The tokens of a window.</summary>
    Window,

    /// <summary>A state that does not grow.</summary>
    State,
}

/// <summary>The cache of one layer on one card (v1/kv_cache_interface.py, a KVCacheSpec).</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Kind">What it keeps.</param>
/// <param name="TokenBytes">Bytes of a token; of a state all its bytes.</param>
/// <param name="Window">Tokens of the window; 0 without.</param>
internal sealed record VllmLayer(int Layer, CacheKind Kind, long TokenBytes, long Window)
{
    /// <summary>Whether keys and values are kept as one latent vector, which every card has whole.</summary>
    public bool IsLatent { get; init; }

    /// <summary>Bytes of a token's key of a sparse-attention indexer: 128 of 8 bit and a scale.</summary>
    public const long IndexerScaleBytes = 4;

    /// <summary>Layers that have a recurrent state or a short convolution, by their tensors.</summary>
    public static HashSet<int> RecurrentOf(ModelDefinition model) => model.Prepared.Get(Find);

    /// <summary>The caches of a model's layers on a card.</summary>
    /// <param name="model">The model.</param>
    /// <param name="share">How cards share it.</param>
    /// <param name="number">A number of the cache.</param>
    /// <param name="told">Tokens that are drafted, and how.</param>
    public static IReadOnlyList<VllmLayer> Of(
        ModelDefinition model, Parallelism share, VllmNumber number, ServingOptions told)
    {
        var shape = ModelShapes.Of(model);
        var recurrent = RecurrentOf(model);
        var shared = model.Metadata.Integer("attention.shared_kv_layers", 0);
        var layers = new List<VllmLayer>();
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            if (recurrent.Contains(layer))
                layers.Add(new(layer, CacheKind.State, VllmState.Bytes(model, share.Tensor, told), 0));
            if (layer >= shape.Layers - shared) continue;
            if (!HasAttention(shape, layer, recurrent)) continue;
            var bytes = TokenBytesOf(model, shape, layer, share.Tensor, number);
            var isWindow = shape.IsWindowLayer[layer] && !Has(model, ServedTraits.CachesChunksWhole);
            layers.Add(new(layer, isWindow ? CacheKind.Window : CacheKind.Full, bytes, isWindow ? shape.Window : 0)
            {
                IsLatent = model.Metadata.Integer("attention.kv_lora_rank", 0) > 0,
            });
        }

        var last = layers.LastOrDefault(layer => layer.Kind == CacheKind.Full);
        if (IsPredicted(told) && !Has(model, ServedTraits.DraftsWithoutCache) && last is { } full)
            layers.Add(full with { Layer = shape.Layers - 1 });
        return layers;
    }

    /// <summary>Whether the model's own layer for multi-token prediction drafts; it has a cache as others do.</summary>
    public static bool IsPredicted(ServingOptions told) =>
        told.DraftMethod?.EndsWith("mtp", StringComparison.Ordinal) == true;

    private static bool Has(ModelDefinition model, ServedTraits trait) =>
        (ModelShapes.ArchitectureOf(model).Served & trait) != 0;

    private static bool HasAttention(ModelShape shape, int layer, HashSet<int> recurrent) =>
        shape.KvHeads[layer] > 0 && (!recurrent.Contains(layer) || shape.Weights.At(layer, "attn_k") is not null);

    private static long TokenBytesOf(ModelDefinition model, ModelShape shape, int layer, int cards, VllmNumber number)
    {
        var rank = model.Metadata.Integer("attention.kv_lora_rank", 0);
        if (rank > 0)
        {
            var indexer = model.Metadata.Integer("attention.indexer.key_length", 0);
            var latent = number.Row(rank + model.Metadata.Integer("rope.dimension_count", 64));
            return latent + (indexer > 0 ? indexer + IndexerScaleBytes : 0);
        }

        var heads = Math.Max(1, shape.KvHeads[layer] / cards);
        return heads * (number.Row(shape.KeyLengthOf(layer)) + number.Row(shape.ValueLengthOf(layer)));
    }

    private static HashSet<int> Find(ModelDefinition model) => new(model.Tensors
        .Select(tensor => VllmMatrix.Split(tensor.Name))
        .Where(split => split.Layer >= 0
            && (split.Name.StartsWith("ssm_", StringComparison.Ordinal)
                || split.Name.StartsWith("shortconv.", StringComparison.Ordinal)))
        .Select(split => split.Layer));
}

/// <summary>
/// The state of a recurrent layer (layers/mamba/mamba_utils.py, MambaStateShapeCalculator): the last inputs of the
/// convolution at 16 bit, and the state itself.
/// </summary>
internal static class VllmState
{
    private const int ConvolutionBytes = 2;

    /// <summary>Bytes on a card; drafted tokens lengthen the convolution.</summary>
    public static long Bytes(ModelDefinition model, int cards, ServingOptions told)
    {
        var metadata = model.Metadata;
        var kernel = metadata.Integer("ssm.conv_kernel", 0) - 1 + told.DraftTokens;
        var (inner, size) = (metadata.Integer("ssm.inner_size", 0), metadata.Integer("ssm.state_size", 0));
        var groups = metadata.Integer("ssm.group_count", 1);
        if (metadata.Integer("shortconv.l_cache") is { } length)
            return (length - 1) * metadata.Integer("embedding_length", 0) / cards * ConvolutionBytes;
        if (metadata.Integer("kda.head_dim") is { } head)
        {
            var heads = metadata.Integers("attention.head_count", 1, 1)[0] / cards;
            return (3 * heads * head * kernel * ConvolutionBytes) + (heads * head * head * told.StateBytes);
        }

        // Groups are repeated on every card where they are fewer than the cards.
        var channels = inner + (2 * Math.Max(groups, groups % cards == 0 ? groups : cards) * size);
        return (kernel * channels / cards * ConvolutionBytes) + (inner * size / cards * told.StateBytes);
    }
}
