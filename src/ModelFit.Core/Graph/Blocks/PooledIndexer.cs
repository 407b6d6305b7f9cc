using ModelFit.Models;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Graph.Blocks;

/// <summary>
/// The indexer that scores blocks of cells by the mean of their keys (src/models/qwen4exp.cpp, build_qsa_top_k).
/// </summary>
internal static class PooledIndexer
{
    private const int PositionsPerBlock = 4;

    /// <summary>The indexer's cache of a layer that does not use it.</summary>
    public static void ReservePooledIndexer(this GraphBuilder builder, int layer) => builder.FullCache(
        "k_qsa", layer, builder.Settings.KeyType, builder.Model.Size("attention.indexer.key_length"));

    /// <summary>
    /// The cells that each token attends to, [cells kept, tokens a stream, 1, streams], in whole blocks of
    /// <paramref name="size"/> cells.
    /// </summary>
    public static Tensor ChooseBlocks(this GraphBuilder builder, int layer, Tensor x, long size)
    {
        var (model, settings) = (builder.Model, builder.Settings);
        var (heads, length) = (model.Size("attention.indexer.head_count"), model.Size("attention.indexer.key_length"));
        var (cells, tokens, streams) = (settings.Cells, settings.TokensPerStream, settings.Streams);
        var blocks = (cells + size - 1) / size;
        Tensor Of(string name, TensorType type, long n0, long n1 = 1, long n2 = 1) =>
            builder.Input(FormattableString.Invariant($"qsa_{name}_{size}"), type, n0, n1, n2);

        var own = Reshape(MulMat(builder.Required(layer, "indexer.k_proj"), x), length, 1, builder.Tokens);
        var cache = builder.FullCache("k_qsa", layer, settings.KeyType, length);
        builder.Store(cache, own, FormattableString.Invariant($"qsa_k_idxs_{size}"));
        var cellsOfBlocks = Of("blk_cells", TensorType.I32, size * blocks, streams);
        var keys = Pool(builder.ViewOfKeys(cache, length, 1), cellsOfBlocks, size);
        keys = builder.Norm(layer, "indexer.k_norm", Reshape(keys, length, blocks * streams));
        keys = Rope(
            Reshape(keys, length, 1, blocks * streams),
            Of("blk_pos", TensorType.I32, PositionsPerBlock * blocks * streams));
        keys = Reshape(keys, length, blocks, streams);

        var q = Reshape(MulMat(builder.Required(layer, "indexer.q_proj"), x), length, heads, builder.Tokens);
        q = Rope(builder.Norm(layer, "indexer.q_norm", q), builder.Positions());
        var scores = MulMat(keys, Reshape(q, length, heads * tokens, streams));
        scores = Apply(UnaryFunction.Relu, Reshape(scores, blocks, heads, tokens, streams));
        Tensor Head(long index) => View3(
            scores, blocks, tokens, streams, scores.Nb.D2, scores.Nb.D3, index * scores.Nb.D1);
        var sum = Cont(Head(0));
        for (long i = 1; i < heads; i++) sum = Add(sum, Head(i));
        sum = Add(sum, Of("bias", TensorType.F32, blocks, tokens, streams));

        var byCell = GetRows(Cont(Permute(sum, 1, 0, 2, 3)), Of("cell_blk", TensorType.I32, cells, streams));
        byCell = Cont(Permute(byCell, 1, 0, 2, 3));
        var mask = builder.CacheMask(layer);
        if (mask.Type != TensorType.F32) mask = Cast(mask, TensorType.F32);
        byCell = Add(byCell, Reshape(mask, cells, tokens, streams));
        var kept = Math.Min(cells, builder.Model.Size("attention.indexer.top_k") + size - 1);
        var chosen = Cont(new Tensor(Op.TopK, TensorType.I32, new Dims(kept, tokens, streams), byCell));
        return Reshape(chosen, kept, tokens, 1, streams);
    }

    /// <summary>The means of the keys of each block, [length, blocks, streams].</summary>
    private static Tensor Pool(Tensor keys, Tensor cellsOfBlocks, long size)
    {
        var (length, streams, blocks) = (keys.Ne.D0, keys.Ne.D3, cellsOfBlocks.Ne.D0 / size);
        var members = GetRows(View3(keys, length, keys.Ne.D2, streams, keys.Nb.D2, keys.Nb.D3), cellsOfBlocks);
        members = Reshape(members, length, size, blocks, streams);
        Tensor Member(long index) => Cont(View3(
            members, length, blocks, streams, members.Nb.D2, members.Nb.D3, index * members.Nb.D1));
        var sum = Member(0);
        for (long i = 1; i < size; i++) sum = Add(sum, Member(i));
        return Scale(sum);
    }
}
