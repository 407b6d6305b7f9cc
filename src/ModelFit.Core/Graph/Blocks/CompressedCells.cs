using ModelFit.Models;
using static ModelFit.Graph.Blocks.KeyValueCache;
using static ModelFit.Graph.Blocks.MultiHeadAttention;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Graph.Blocks;

/// <summary>
/// Attention over raw keys of a window and compressed cells, both of which are their own values
/// (src/models/deepseek4.cpp, build_raw_attention, build_csa_lid_attention, build_hca_attention).
/// </summary>
internal static class CompressedCells
{
    /// <summary>Stores compressed cells, [length, 1, cells], at the places that an input names.</summary>
    public static void StoreCells(
        this GraphBuilder builder, int layer, StateCompressor compressor, Tensor cells, Tensor ids)
    {
        cells = Rotate(cells, builder.CellRotation(compressor.Kind, compressor.Length));
        var rows = View2(cells, cells.Ne.D0, cells.Ne.D2, cells.Nb.D2);
        builder.Expand(SetRows(AllStreams(builder.CellCache(layer, compressor)), rows, ids));
    }

    /// <summary>All cells of a compressed cache, [length, 1, cells, streams].</summary>
    public static Tensor Cells(this GraphBuilder builder, int layer, StateCompressor compressor)
    {
        var all = builder.ViewOfKeys(builder.CellCache(layer, compressor), compressor.Length, 1);
        return View4(all, all.Ne.D0, all.Ne.D1, all.Ne.D2, all.Ne.D3, all.Nb.D1, all.Nb.D2, all.Nb.D3);
    }

    /// <summary>The input that says which cells a token sees.</summary>
    public static Tensor CellMask(this GraphBuilder builder, StateCompressor compressor, TensorType type) =>
        builder.Input(
        "mask_" + compressor.Kind, type, compressor.Cells(builder.Settings), builder.Settings.TokensPerStream, 1,
        builder.Settings.Streams);

    /// <summary>The Hadamard matrix of a compressed cache; the indexer's always has one.</summary>
    public static Tensor? CellRotation(this GraphBuilder builder, string kind, long length) =>
        length == builder.Model.Size("attention.indexer.key_length")
            ? builder.RotationInput("k_rot_" + kind, length, grows: true)
            : builder.Rotation("k_rot_" + kind, builder.Settings.KeyType, length, grows: true);

    /// <summary>
    /// Stores the raw keys and attends over them and, where there is a compressor, its cells or the chosen of them; the
    /// result is [length x heads, tokens], not yet projected.
    /// </summary>
    public static Tensor SharedAttention(
        this GraphBuilder builder, int layer, Tensor q, Tensor kv, StateCompressor? compressor, Tensor? chosen)
    {
        var rotation = builder.CellRotation("raw", kv.Ne.D0);
        (q, kv) = (Rotate(q, rotation), Rotate(kv, rotation));
        builder.Expand(q);
        builder.Expand(kv);
        var keys = builder.ViewOfKeys(builder.StoreKeys(layer, kv, builder.WindowSuffix(layer)), kv.Ne.D0, 1);
        var mask = builder.CacheMask(layer);
        if (compressor is not null)
        {
            keys = Concat(keys, builder.Cells(layer, compressor), 2);
            var seen = builder.CellMask(compressor, mask.Type);
            mask = Concat(mask, chosen is null ? seen : MaskOf(seen, chosen, seen.Type));
        }

        var y = builder.Attend(layer, q, keys, keys, mask, builder.Weight(layer, "attn_sinks"), null);
        return Rotate(y, rotation);
    }

    private static Tensor CellCache(this GraphBuilder builder, int layer, StateCompressor compressor) => builder.Cache(
        "k_" + compressor.Kind, layer, builder.Settings.KeyType, compressor.Length, compressor.Cells(builder.Settings),
        builder.Settings.Streams);
}
