using ModelFit.Models;
using static ModelFit.Graph.Blocks.MultiHeadAttention;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Graph.Blocks;

/// <summary>
/// The cache of keys and values: what is stored, how it is read, and the rotations that spread outliers before it is
/// quantized (src/llama-kv-cache.cpp).
/// </summary>
internal static class KeyValueCache
{
    private const int RotationSize = 64;

    /// <summary>The Hadamard matrix over the indexer's heads (llama_kv_cache::build_input_k_rot).</summary>
    public static Tensor IndexerRotation(this GraphBuilder builder, long length) =>
        builder.RotationInput("k_rot_lid", length, grows: true);

    /// <summary>
    /// Stores the indexer's keys in a cache of their own; returns all of them, as attention would read.
    /// </summary>
    public static Tensor IndexerKeys(this GraphBuilder builder, int layer, Tensor k, string suffix)
    {
        var cache = builder.FullCache("k" + suffix, layer, builder.Settings.KeyType, k.Ne.D0);
        return builder.ViewOfKeys(builder.Store(cache, k, "k_idxs" + suffix), k.Ne.D0, 1);
    }

    /// <summary>
    /// The cache of values of a layer without attention: where values are stored transposed, all layers have the widest
    /// (src/llama-kv-cache.cpp, constructor).
    /// </summary>
    public static void ReserveValues(this GraphBuilder builder, int layer)
    {
        if (!builder.Settings.IsValueTransposed) return;
        builder.LayerCache("v", layer, builder.Settings.ValueType, builder.Model.LargestValueWidth);
    }

    /// <summary>The cache of a layer that the graph does not use.</summary>
    public static void ReserveCache(this GraphBuilder builder, int layer)
    {
        var (settings, model, heads) = (builder.Settings, builder.Model, builder.Model.KvHeads[layer]);
        var width = settings.IsValueTransposed ? model.LargestValueWidth : heads * model.ValueLengthOf(layer);
        builder.LayerCache("k", layer, settings.KeyType, heads * model.KeyLengthOf(layer));
        builder.LayerCache("v", layer, settings.ValueType, width);
    }

    /// <summary>Cells of one stream of a layer's cache.</summary>
    public static long CellsOf(this GraphBuilder builder, int layer) =>
        builder.Model.IsWindowLayer[layer]
            ? builder.Settings.WindowCells(builder.Model.Window)
            : builder.Settings.Cells;

    /// <summary>A cache with a cell for every position, whatever window the layer has.</summary>
    public static Tensor FullCache(this GraphBuilder builder, string kind, int layer, TensorType type, long width) =>
        builder.Cache(kind, layer, type, width, builder.Settings.Cells, builder.Settings.Streams);

    /// <summary>A cache with as many cells as the layer looks back.</summary>
    private static Tensor LayerCache(this GraphBuilder builder, string kind, int layer, TensorType type, long width) =>
        builder.Cache(kind, layer, type, width, builder.CellsOf(layer), builder.Settings.Streams);

    /// <summary>The input that says which cells a token sees.</summary>
    public static Tensor CacheMask(this GraphBuilder builder, int layer)
    {
        var (settings, name) = (builder.Settings, "mask" + builder.WindowSuffix(layer));
        var isCast = settings is { FlashAttention: true, CastsMask: true };
        var type = settings.FlashAttention && !isCast ? TensorType.F16 : TensorType.F32;
        var mask = builder.Input(
            name, type, builder.CellsOf(layer), builder.Tokens / settings.Masks, 1, settings.Masks);
        return isCast ? builder.Once(name + "_f16", () => Cast(mask, TensorType.F16)) : mask;
    }

    /// <summary>The same with all but the chosen cells hidden too, if there was a choice.</summary>
    public static Tensor CacheMask(this GraphBuilder builder, int layer, Tensor? chosen) =>
        chosen is null ? builder.CacheMask(layer) : MaskOf(builder.CacheMask(layer), chosen, TensorType.F32);

    /// <summary>The rotations of a layer's keys and values; null where they are stored as they are.</summary>
    public static (Tensor? Keys, Tensor? Values) Rotations(this GraphBuilder builder, int layer)
    {
        if (builder.Model.HasWindow && builder.Shape.RotatesNoWindowCache) return (null, null);
        var suffix = builder.WindowSuffix(layer);
        return (
            builder.Rotation("k_rot" + suffix, builder.Settings.KeyType, builder.Model.KeyLengthOf(layer), grows: true),
            builder.Rotation(
                "v_rot" + suffix, builder.Settings.ValueType, builder.Model.ValueLengthOf(layer), grows: false));
    }

    /// <summary>What the inputs of layers with a window are told by.</summary>
    public static string WindowSuffix(this GraphBuilder builder, int layer) =>
        builder.Model.IsWindowLayer[layer] ? "_swa" : string.Empty;

    /// <summary>
    /// The Hadamard matrix that spreads outliers before a quantized cache: 64 wide, for keys the largest multiple by
    /// two that divides the head (src/llama-kv-cache.cpp, build_input_k_rot); null if the cache is not rotated.
    /// </summary>
    public static Tensor? Rotation(this GraphBuilder builder, string name, TensorType type, long length, bool grows) =>
        !type.IsQuantized() || length % RotationSize != 0 || length == 0
            ? null
            : builder.RotationInput(name, length, grows);

    public static Tensor RotationInput(this GraphBuilder builder, string name, long length, bool grows)
    {
        long size = RotationSize;
        while (grows && length % (2 * size) == 0) size *= 2;
        return builder.Input(name, TensorType.F32, size, size);
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

    /// <summary>Stores keys, [length, heads, tokens]; returns the cache, [length x heads, cells, streams].</summary>
    public static Tensor StoreKeys(this GraphBuilder builder, int layer, Tensor k, string suffix)
    {
        var width = k.Ne.D0 * k.Ne.D1;
        var cache = builder.LayerCache("k", layer, builder.Settings.KeyType, width);
        return builder.Store(cache, k, "k_idxs" + suffix);
    }

    /// <summary>
    /// Stores values as <see cref="StoreKeys"/> does keys or, without flash attention, an element a row: the cache is
    /// then as wide as the widest layer's (src/llama-kv-cache.cpp, cpy_v).
    /// </summary>
    public static Tensor StoreValues(this GraphBuilder builder, int layer, Tensor v, string suffix)
    {
        var width = v.Ne.D0 * v.Ne.D1;
        if (!builder.Settings.IsValueTransposed)
        {
            var cache = builder.LayerCache("v", layer, builder.Settings.ValueType, width);
            return builder.Store(cache, v, "v_idxs" + suffix);
        }

        var widest = builder.Model.LargestValueWidth;
        var transposed = builder.LayerCache("v", layer, builder.Settings.ValueType, widest);
        var tokens = builder.Tokens;
        var rows = v.Type.RowBytes(width) == v.Nb.D2 ? Reshape(v, width, tokens) : Cont(v, width, tokens);
        if (width < widest) rows = Pad(rows, widest - width);
        builder.Expand(SetRows(
            Reshape(transposed, 1, transposed.Elements), Reshape(rows, 1, rows.Elements),
            builder.Input("v_idxs" + suffix, TensorType.I64, tokens * widest)));
        return transposed;
    }

    /// <summary>Stores a row a token at the places that the input of that name gives; returns the cache.</summary>
    public static Tensor Store(this GraphBuilder builder, Tensor cache, Tensor heads, string places)
    {
        var rows = View2(heads, heads.Ne.D0 * heads.Ne.D1, builder.Tokens, heads.Nb.D2);
        builder.Expand(SetRows(AllStreams(cache), rows, builder.Input(places, TensorType.I64, builder.Tokens)));
        return cache;
    }

    /// <summary>A cache with the cells of all streams one after another.</summary>
    public static Tensor AllStreams(Tensor cache) =>
        cache.Ne.D2 > 1 ? Reshape(cache, cache.Ne.D0, cache.Ne.D1 * cache.Ne.D2) : cache;

    /// <summary>The heads of a cache, [length, heads, cells, streams] (get_k).</summary>
    public static Tensor ViewOfKeys(this GraphBuilder builder, Tensor cache, long length, long heads)
    {
        var (type, cells) = (cache.Type, cache.Ne.D1);
        return View4(
            cache, length, heads, cells, builder.Settings.Streams,
            type.RowBytes(length), type.RowBytes(cache.Ne.D0), type.RowBytes(cache.Ne.D0 * cells));
    }

    /// <summary>The same of values, or [cells, heads, length, streams] where they are transposed (get_v).</summary>
    public static Tensor ViewOfValues(this GraphBuilder builder, Tensor cache, long length, long heads) =>
        builder.Settings.IsValueTransposed
        ? builder.ViewOfTransposedValues(cache, length, heads)
        : builder.ViewOfKeys(cache, length, heads);

    private static Tensor ViewOfTransposedValues(this GraphBuilder builder, Tensor cache, long length, long heads)
    {
        var (type, cells) = (cache.Type, cache.Ne.D1);
        return View4(
            cache, cells, heads, length, builder.Settings.Streams,
            type.RowBytes(cells * length), type.RowBytes(cells), type.RowBytes(cells * cache.Ne.D0));
    }
}
