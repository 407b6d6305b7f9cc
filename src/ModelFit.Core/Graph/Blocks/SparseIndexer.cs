using ModelFit.Models;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Graph.Blocks;

/// <summary>
/// The lightning indexer of DeepSeek's sparse attention (src/models/deepseek32.cpp, glm-dsa.cpp): scores all cells with
/// few small heads over a cache of its own and leaves to attention only the best.
/// </summary>
internal static class SparseIndexer
{
    private const string Suffix = "_lid";

    /// <summary>
    /// The cells that each token attends to, [cells kept, tokens a stream, 1, streams], from the normed input and the
    /// normed low-rank queries of the layer, both rotated by a Hadamard matrix unless said otherwise.
    /// </summary>
    public static Tensor Choose(GraphBuilder builder, int layer, Tensor x, Tensor queries, bool isRotated = true)
    {
        var (model, settings) = (builder.Model, builder.Settings);
        var (heads, length) = (model.Size("attention.indexer.head_count"), model.Size("attention.indexer.key_length"));
        var q = MulMat(builder.Required(layer, "indexer.attn_q_b"), queries);
        q = Rope(Reshape(q, length, heads, builder.Tokens), builder.Positions());
        var k = Map(Op.Norm, MulMat(builder.Required(layer, "indexer.attn_k"), x));
        builder.Pinned.Add((k, layer));
        var bias = builder.Bias(layer, "indexer.k_norm")
            ?? throw new GraphException(FormattableString.Invariant($"'blk.{layer}.indexer.k_norm.bias' is missing"));
        k = Add(Mul(k, builder.Required(layer, "indexer.k_norm")), bias);
        k = Rope(Reshape(k, length, 1, builder.Tokens), builder.Positions());
        if (isRotated)
        {
            var rotation = builder.IndexerRotation(length);
            q = MulMat(rotation, q);
            k = MulMat(rotation, k);
        }

        var keys = builder.IndexerKeys(layer, k, Suffix);
        var weights = MulMat(builder.Required(layer, "indexer.proj"), x);
        var mask = builder.Input(
            "mask" + Suffix, TensorType.F16, settings.Cells, settings.TokensPerStream, 1, settings.Streams);
        return Best(builder, q, keys, Scale(ByStream(builder, weights)), mask);
    }

    private static Tensor ByStream(GraphBuilder builder, Tensor weights)
    {
        var streams = builder.Settings.Streams;
        return View4(
            weights, weights.Ne.D0, weights.Ne.D1 / streams, weights.Ne.D2, streams,
            weights.Nb.D1, weights.Nb.D2 / streams, weights.Nb.D3 / streams);
    }

    private static Tensor Best(GraphBuilder builder, Tensor q, Tensor keys, Tensor weights, Tensor mask)
    {
        var streams = builder.Settings.Streams;
        q = MultiHeadAttention.ByStream(q, streams);
        var shape = new Dims(keys.Ne.D2, q.Ne.D2, 1, q.Ne.D3);
        var scores = new Tensor(Op.LightningIndexer, TensorType.F32, shape, q, keys, weights, mask);
        var kept = Math.Min(scores.Ne.D0, builder.Model.Size("attention.indexer.top_k"));
        return Cont(new Tensor(
            Op.TopK, TensorType.I32, new Dims(kept, scores.Ne.D1, scores.Ne.D2, scores.Ne.D3), scores));
    }

    /// <summary>The same from cells that a compressor has stored (src/models/deepseek4.cpp, build_lid_top_k).</summary>
    public static Tensor Choose(GraphBuilder builder, int layer, Tensor x, Tensor queries, StateCompressor compressor)
    {
        var heads = builder.Model.Size("attention.indexer.head_count");
        var q = MulMat(builder.Required(layer, "indexer.attn_q_b"), queries);
        q = Rope(Reshape(q, compressor.Length, heads, builder.Tokens), builder.Positions());
        q = KeyValueCache.Rotate(q, builder.CellRotation(compressor.Kind, compressor.Length));
        var weights = Scale(MulMat(builder.Required(layer, "indexer.proj"), x));
        var mask = builder.CellMask(compressor, TensorType.F16);
        return Best(builder, q, builder.Cells(layer, compressor), ByStream(builder, weights), mask);
    }
}
