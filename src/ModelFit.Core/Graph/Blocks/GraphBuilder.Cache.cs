using ModelFit.Models;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Graph.Blocks;

/// <content>
/// The cache of keys and values: what is stored, how it is read, and the rotations that spread outliers before it is
/// quantized (src/llama-kv-cache.cpp).
/// </content>
internal sealed partial class GraphBuilder
{
    private const int RotationSize = 64;

    /// <summary>The Hadamard matrix over the indexer's heads (llama_kv_cache::build_input_k_rot).</summary>
    public Tensor IndexerRotation(long length) => RotationInput("k_rot_lid", length, grows: true);

    /// <summary>
    /// Stores the indexer's keys in a cache of their own; returns all of them, as attention would read.
    /// </summary>
    public Tensor IndexerKeys(int layer, Tensor k, string suffix)
    {
        var cache = Cache("k" + suffix, layer, Settings.KeyType, k.Ne.D0, Settings.Cells, Settings.Streams);
        return ViewOfKeys(Store(cache, k, "k_idxs" + suffix), k.Ne.D0, 1);
    }

    /// <summary>
    /// The cache of values of a layer without attention: where values are stored transposed, all layers have the widest
    /// (src/llama-kv-cache.cpp, constructor).
    /// </summary>
    public void ReserveValues(int layer)
    {
        if (!Settings.IsValueTransposed) return;
        Cache("v", layer, Settings.ValueType, Model.LargestValueWidth, CellsOf(layer), Settings.Streams);
    }

    /// <summary>The cache of a layer that the graph does not use.</summary>
    public void ReserveCache(int layer)
    {
        var (heads, cells) = (Model.KvHeads[layer], CellsOf(layer));
        var width = Settings.IsValueTransposed ? Model.LargestValueWidth : heads * Model.ValueLengthOf(layer);
        Cache("k", layer, Settings.KeyType, heads * Model.KeyLengthOf(layer), cells, Settings.Streams);
        Cache("v", layer, Settings.ValueType, width, cells, Settings.Streams);
    }

    /// <summary>Cells of one stream of a layer's cache.</summary>
    public long CellsOf(int layer) =>
        Model.IsWindowLayer[layer] ? Settings.WindowCells(Model.Window) : Settings.Cells;

    /// <summary>The input that says which cells a token sees.</summary>
    public Tensor CacheMask(int layer) => Input(
        "mask" + WindowSuffix(layer), Settings.FlashAttention ? TensorType.F16 : TensorType.F32,
        CellsOf(layer), Tokens / Settings.Masks, 1, Settings.Masks);

    /// <summary>The same with all but the chosen cells hidden too, if there was a choice.</summary>
    private Tensor CacheMask(int layer, Tensor? chosen) =>
        chosen is null ? CacheMask(layer) : MaskOf(CacheMask(layer), chosen, TensorType.F32);

    private (Tensor? Keys, Tensor? Values) Rotations(int layer)
    {
        if (Model.HasWindow && Shape.RotatesNoWindowCache) return (null, null);
        var suffix = WindowSuffix(layer);
        return (
            Rotation("k_rot" + suffix, Settings.KeyType, Model.KeyLengthOf(layer), grows: true),
            Rotation("v_rot" + suffix, Settings.ValueType, Model.ValueLengthOf(layer), grows: false));
    }

    private string WindowSuffix(int layer) => Model.IsWindowLayer[layer] ? "_swa" : string.Empty;

    /// <summary>
    /// The Hadamard matrix that spreads outliers before a quantized cache: 64 wide, for keys the largest multiple by
    /// two that divides the head (src/llama-kv-cache.cpp, build_input_k_rot); null if the cache is not rotated.
    /// </summary>
    private Tensor? Rotation(string name, TensorType type, long length, bool grows) =>
        !type.IsQuantized() || length % RotationSize != 0 || length == 0 ? null : RotationInput(name, length, grows);

    private Tensor RotationInput(string name, long length, bool grows)
    {
        long size = RotationSize;
        while (grows && length % (2 * size) == 0) size *= 2;
        return Input(name, TensorType.F32, size, size);
    }

    /// <summary>The heads times a rotation, or as they are without one.</summary>
    public static Tensor Rotate(Tensor x, Tensor? rotation)
    {
        if (rotation is null) return x;
        var size = rotation.Ne.D0;
        var rows = x.Elements / size;
        var flat = x.IsContiguous ? Reshape(x, size, rows) : Cont(x, size, rows);
        return Reshape(MulMat(rotation, flat), x.Ne);
    }

    private Tensor StoreKeys(int layer, Tensor k, string suffix)
    {
        var width = k.Ne.D0 * k.Ne.D1;
        var cache = Cache("k", layer, Settings.KeyType, width, CellsOf(layer), Settings.Streams);
        return Store(cache, k, "k_idxs" + suffix);
    }

    private Tensor StoreValues(int layer, Tensor v, string suffix)
    {
        var width = v.Ne.D0 * v.Ne.D1;
        if (!Settings.IsValueTransposed)
        {
            var cache = Cache("v", layer, Settings.ValueType, width, CellsOf(layer), Settings.Streams);
            return Store(cache, v, "v_idxs" + suffix);
        }

        var widest = Model.LargestValueWidth;
        var transposed = Cache("v", layer, Settings.ValueType, widest, CellsOf(layer), Settings.Streams);
        var rows = v.Type.RowBytes(width) == v.Nb.D2 ? Reshape(v, width, Tokens) : Cont(v, width, Tokens);
        if (width < widest) rows = Pad(rows, widest - width);
        Expand(SetRows(
            Reshape(transposed, 1, transposed.Elements), Reshape(rows, 1, rows.Elements),
            Input("v_idxs" + suffix, TensorType.I64, Tokens * widest)));
        return transposed;
    }

    /// <summary>Stores a row a token at the places that the input of that name gives; returns the cache.</summary>
    private Tensor Store(Tensor cache, Tensor heads, string places)
    {
        var rows = View2(heads, heads.Ne.D0 * heads.Ne.D1, Tokens, heads.Nb.D2);
        Expand(SetRows(AllStreams(cache), rows, Input(places, TensorType.I64, Tokens)));
        return cache;
    }

    private static Tensor AllStreams(Tensor cache) =>
        cache.Ne.D2 > 1 ? Reshape(cache, cache.Ne.D0, cache.Ne.D1 * cache.Ne.D2) : cache;

    private Tensor ViewOfKeys(Tensor cache, long length, long heads)
    {
        var (type, cells) = (cache.Type, cache.Ne.D1);
        return View4(
            cache, length, heads, cells, Settings.Streams,
            type.RowBytes(length), type.RowBytes(cache.Ne.D0), type.RowBytes(cache.Ne.D0 * cells));
    }

    private Tensor ViewOfValues(Tensor cache, long length, long heads) => Settings.IsValueTransposed
        ? ViewOfTransposedValues(cache, length, heads)
        : ViewOfKeys(cache, length, heads);

    private Tensor ViewOfTransposedValues(Tensor cache, long length, long heads)
    {
        var (type, cells) = (cache.Type, cache.Ne.D1);
        return View4(
            cache, cells, heads, length, Settings.Streams,
            type.RowBytes(cells * length), type.RowBytes(cells), type.RowBytes(cells * cache.Ne.D0));
    }
}
