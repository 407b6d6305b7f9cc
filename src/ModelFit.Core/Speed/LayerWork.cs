using ModelFit.Architectures;
using ModelFit.Graph;
using ModelFit.Models;

namespace ModelFit.Speed;

/// <summary>What the layers of a model cost beside their weights: attention, caches and recurrent state.</summary>
internal static class LayerWork
{
    /// <summary>
    /// State of a recurrent layer whose header does not say its size, in elements for each of its width.
    /// </summary>
    private const int AssumedStateDepth = 64;

    private static readonly string[] RecurrentParts = { "ssm_", "shortconv", "time_mix" };

    /// <summary>The work of each layer, and the tokens that layers with a window look back.</summary>
    public static (TokenWork[] Layers, double Window) Of(ModelDefinition model, int layers)
    {
        var work = new TokenWork[layers];
        var (recurrent, attending) = Kinds(model, layers);
        var state = StateCellsOf(model.Metadata);
        var latent = model.Metadata.Integer("attention.kv_lora_rank", 0);
        var shape = ModelShapes.Find(model);
        for (var i = 0; i < layers; i++)
        {
            work[i] = recurrent[i]
                ? new TokenWork { Layers = 1, StateLayers = 1, StateCells = state }
                : new TokenWork { Layers = 1 };
            if (recurrent[i] && !attending[i]) continue;
            var (heads, kvHeads, key, value, isWindow) = AttentionOf(shape, model.Metadata, i);
            work[i] = work[i] with
            {
                AttentionFlops = isWindow ? 0 : 2 * heads * (key + value),
                WindowAttentionFlops = isWindow ? 2 * heads * (key + value) : 0,
                Cache = Cells(kvHeads, key, value, latent, model.Metadata, isWindow),
            };
        }

        return (work, shape?.Window ?? 0);
    }

    private static (bool[] Recurrent, bool[] Attending) Kinds(ModelDefinition model, int layers)
    {
        var recurrent = new bool[layers];
        var attending = new bool[layers];
        foreach (var tensor in model.Tensors)
        {
            if (tensor.Parsed.Block is not (>= 0 and var layer) || layer >= layers) continue;
            foreach (var part in RecurrentParts)
                recurrent[layer] |= tensor.Name.IndexOf(part, StringComparison.Ordinal) >= 0;
            attending[layer] |= tensor.Name.EndsWith(".attn_k.weight", StringComparison.Ordinal)
                || tensor.Name.EndsWith(".attn_kv_a_mqa.weight", StringComparison.Ordinal);
        }

        return (recurrent, attending);
    }

    private static double StateCellsOf(ModelMetadata metadata)
    {
        var cells = (double)metadata.Integer("ssm.inner_size", 0) * metadata.Integer("ssm.state_size", 0);
        return cells > 0 ? cells : (double)metadata.Integer("embedding_length", 0) * AssumedStateDepth;
    }

    private static (double Heads, double KvHeads, double Key, double Value, bool IsWindow) AttentionOf(
        ModelShape? shape, ModelMetadata metadata, int layer)
    {
        if (shape is not null && layer < shape.AllLayers)
        {
            return (shape.Heads[layer], shape.KvHeads[layer], shape.KeyLengthOf(layer), shape.ValueLengthOf(layer),
                shape.IsWindowLayer[layer]);
        }

        var heads = Math.Max(1, metadata.Integer("attention.head_count", 1));
        var length = metadata.Integer("embedding_length", 0) / heads;
        return (heads, metadata.Integer("attention.head_count_kv", heads),
            metadata.Integer("attention.key_length", length), metadata.Integer("attention.value_length", length),
            false);
    }

    /// <summary>Latent attention keeps one compressed row a token, and V is read from K.</summary>
    private static CacheCells Cells(
        double kvHeads, double key, double value, long latent, ModelMetadata metadata, bool isWindow)
    {
        if (latent > 0) return new CacheCells(latent + metadata.Integer("rope.dimension_count", 0), 0, 0, 0);
        return isWindow
            ? new CacheCells(0, 0, kvHeads * key, kvHeads * value)
            : new CacheCells(kvHeads * key, kvHeads * value, 0, 0);
    }
}
