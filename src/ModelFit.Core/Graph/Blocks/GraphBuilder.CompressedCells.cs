using ModelFit.Models;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Graph.Blocks;

/// <content>
/// Attention over raw keys of a window and compressed cells, both of which are their own values
/// (src/models/deepseek4.cpp, build_raw_attention, build_csa_lid_attention, build_hca_attention).
/// </content>
internal sealed partial class GraphBuilder
{
    /// <summary>Stores compressed cells, [length, 1, cells], at the places that an input names.</summary>
    public void StoreCells(int layer, StateCompressor compressor, Tensor cells, Tensor ids)
    {
        cells = Rotate(cells, CellRotation(compressor.Kind, compressor.Length));
        var rows = View2(cells, cells.Ne.D0, cells.Ne.D2, cells.Nb.D2);
        Expand(SetRows(AllStreams(CellCache(layer, compressor)), rows, ids));
    }

    /// <summary>All cells of a compressed cache, [length, 1, cells, streams].</summary>
    public Tensor Cells(int layer, StateCompressor compressor)
    {
        var all = ViewOfKeys(CellCache(layer, compressor), compressor.Length, 1);
        return View4(all, all.Ne.D0, all.Ne.D1, all.Ne.D2, all.Ne.D3, all.Nb.D1, all.Nb.D2, all.Nb.D3);
    }

    /// <summary>The input that says which cells a token sees.</summary>
    public Tensor CellMask(StateCompressor compressor, TensorType type) => Input(
        "mask_" + compressor.Kind, type, compressor.Cells(Settings), Settings.TokensPerStream, 1, Settings.Streams);

    /// <summary>The Hadamard matrix of a compressed cache; the indexer's always has one.</summary>
    public Tensor? CellRotation(string kind, long length) =>
        length == Model.Size("attention.indexer.key_length")
            ? RotationInput("k_rot_" + kind, length, grows: true)
            : Rotation("k_rot_" + kind, Settings.KeyType, length, grows: true);

    /// <summary>
    /// Stores the raw keys and attends over them and, where there is a compressor, its cells or the chosen of them; the
    /// result is [length x heads, tokens], not yet projected.
    /// </summary>
    public Tensor SharedAttention(int layer, Tensor q, Tensor kv, StateCompressor? compressor, Tensor? chosen)
    {
        var rotation = CellRotation("raw", kv.Ne.D0);
        (q, kv) = (Rotate(q, rotation), Rotate(kv, rotation));
        Expand(q);
        Expand(kv);
        var keys = ViewOfKeys(StoreKeys(layer, kv, WindowSuffix(layer)), kv.Ne.D0, 1);
        var mask = CacheMask(layer);
        if (compressor is not null)
        {
            keys = Concat(keys, Cells(layer, compressor), 2);
            var seen = CellMask(compressor, mask.Type);
            mask = Concat(mask, chosen is null ? seen : MaskOf(seen, chosen, seen.Type));
        }

        var y = Attend(layer, q, keys, keys, mask, Weight(layer, "attn_sinks"), null);
        return Rotate(y, rotation);
    }

    private Tensor CellCache(int layer, StateCompressor compressor) => Cache(
        "k_" + compressor.Kind, layer, Settings.KeyType, compressor.Length, compressor.Cells(Settings),
        Settings.Streams);
}
