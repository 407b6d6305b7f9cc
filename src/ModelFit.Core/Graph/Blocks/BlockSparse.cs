using ModelFit.Models;
using static ModelFit.Graph.Blocks.KeyValueCache;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Graph.Blocks;

/// <summary>
/// Attention to the best blocks of positions only, chosen by an indexer with one head a group
/// (src/models/minimax-m3.cpp; src/llama-kv-cache-msa.cpp).
/// </summary>
internal static class BlockSparse
{
    private const string IndexerSuffix = "_idx";

    /// <summary>The indexer's cache of a layer: it has keys, and values that nothing uses.</summary>
    public static void ReserveIndexer(this GraphBuilder builder, int layer)
    {
        var length = builder.Model.Size("attention.indexer.key_length");
        builder.FullCache("k" + IndexerSuffix, layer, builder.Settings.KeyType, length);
        builder.FullCache("v" + IndexerSuffix, layer, builder.Settings.ValueType, builder.Model.ValueLength);
    }

    /// <summary>Stores K and V, attends to the chosen blocks, and projects.</summary>
    public static Tensor BlockSparseAttention(
        this GraphBuilder builder, int layer, Tensor x, Tensor q, Tensor k, Tensor v)
    {
        var length = builder.Model.Size("attention.indexer.key_length");
        var groups = builder.Model.Size("attention.indexer.head_count");
        var queries = Reshape(builder.Linear(layer, "indexer.q_proj", x), length, groups, builder.Tokens);
        var keys = Reshape(builder.Linear(layer, "indexer.k_proj", x), length, 1, builder.Tokens);
        queries = Rope(builder.Norm(layer, "indexer.q_norm", queries), builder.Positions());
        keys = Rope(builder.Norm(layer, "indexer.k_norm", keys), builder.Positions());
        keys = builder.IndexerKeys(layer, keys, IndexerSuffix);

        var (keyRotation, valueRotation) = builder.Rotations(layer);
        (q, k, v) = (Rotate(q, keyRotation), Rotate(k, keyRotation), Rotate(v, valueRotation));
        builder.Expand(q);
        builder.Expand(k);
        builder.Expand(v);
        var allKeys = builder.ViewOfKeys(builder.StoreKeys(layer, k, string.Empty), k.Ne.D0, k.Ne.D1);
        var allValues = builder.ViewOfKeys(builder.StoreValues(layer, v, string.Empty), v.Ne.D0, v.Ne.D1);
        var blocks = new BlockChoice(builder, queries, keys);
        Tensor y;
        if (builder.Settings.TokensPerStream == 1)
        {
            var (gatheredKeys, gatheredValues, mask) = blocks.Gather(allKeys, allValues);
            y = GroupedAttention(q, gatheredKeys, gatheredValues, mask, groups);
        }
        else
        {
            y = OneStream(0);
            for (var stream = 1; stream < builder.Settings.Streams; stream++) y = Concat(y, OneStream(stream), 1);
        }

        return builder.Linear(layer, "attn_output", Rotate(y, valueRotation));

        Tensor OneStream(int stream)
        {
            var count = builder.Settings.TokensPerStream;
            var mine = View3(q, q.Ne.D0, q.Ne.D1, count, q.Nb.D1, q.Nb.D2, stream * count * q.Nb.D2);
            Tensor Of(Tensor all) => Permute(
                View4(
                    all, all.Ne.D0, all.Ne.D1, all.Ne.D2, 1, all.Nb.D1, all.Nb.D2, all.Nb.D3, stream * all.Nb.D3),
                0, 3, 1, 2);
            var (cellKeys, cellValues) = (Of(allKeys), Of(allValues));
            return GroupedAttention(mine, cellKeys, cellValues, blocks.Mask(stream, builder.WideMask()), groups);
        }
    }

    /// <summary>The mask in single precision, once a graph.</summary>
    private static Tensor WideMask(this GraphBuilder builder) =>
        builder.Once("wide_mask", () => Cast(builder.CacheMask(0), TensorType.F32));

    /// <summary>Flash attention with the groups of heads in the last dimension (build_attn_msa_fa).</summary>
    private static Tensor GroupedAttention(Tensor q, Tensor k, Tensor v, Tensor mask, long groups)
    {
        var (length, heads, tokens, channels) = (q.Ne.D0, q.Ne.D1, q.Ne.D2, k.Ne.D3);
        var each = Each(heads, groups);
        var rows = Each(heads * tokens, each * channels);
        var grouped = Permute(Reshape(q, length, each, channels, rows), 0, 2, 3, 1);
        var shape = new Dims(v.Ne.D0, grouped.Ne.D2, grouped.Ne.D1, grouped.Ne.D3);
        var y = Permute(new Tensor(Op.FlashAttention, TensorType.F32, shape, grouped, k, v, mask), 0, 1, 3, 2);
        return Reshape(y.IsContiguous ? y : Cont(y), length * heads, tokens);
    }
}
