using System;
using ModelFit.Models;
using static ModelFit.Memory.Graph.TensorOps;

namespace ModelFit.Memory.Graph.Blocks;

/// <content>Attention over the cache (src/llama-graph.cpp, build_attn; src/llama-kv-cache.cpp).</content>
internal sealed partial class GraphBuilder
{
    private const int RotationSize = 64;

    /// <summary>Queries, keys and values, each [head length, heads, tokens] (build_qkv).</summary>
    public (Tensor Q, Tensor K, Tensor V) Qkv(int layer, Tensor x)
    {
        var (heads, kvHeads) = (Model.Heads[layer], Model.KvHeads[layer]);
        var (key, value) = (Model.KeyLengthOf(layer), Model.ValueLengthOf(layer));
        Tensor Project(string name)
        {
            var y = Linear(layer, name, x);
            return Model.ClampsHeads ? Map(Op.Clamp, y) : y;
        }

        if (Weight(layer, "attn_qkv") is null)
        {
            var q = Project("attn_q");
            var k = Project("attn_k");
            var v = Weight(layer, "attn_v") is null ? k : Project("attn_v");
            return (Reshape(q, key, heads, Tokens), Reshape(k, key, kvHeads, Tokens),
                Reshape(v, value, kvHeads, Tokens));
        }

        var all = Project("attn_qkv");
        const int size = sizeof(float);
        Tensor Part(long length, long count, long offset) =>
            View3(all, length, count, Tokens, length * size, all.Nb.D1, offset * size);
        return (Part(key, heads, 0), Part(key, kvHeads, key * heads),
            Part(value, kvHeads, key * (heads + kvHeads)));
    }

    /// <summary>
    /// The queries times the temperature of their positions, where the architecture reads it and the header has one.
    /// </summary>
    public Tensor WarmQueries(Tensor q) =>
        Architecture.ReadsTemperature && Model.Metadata.Number("attention.temperature_scale") is not (null or 0)
            ? Mul(q, Input("attn_scale", TensorType.F32, 1, 1, Tokens))
            : q;

    /// <summary>Stores K and V, attends, and projects with <c>attn_output</c>.</summary>
    public Tensor Attention(int layer, Tensor q, Tensor k, Tensor v) =>
        Linear(layer, "attn_output", AttentionValues(layer, q, k, v));

    /// <summary>
    /// Stores K and V and attends, with <paramref name="chosen"/> to those cells only; the result is [value length x
    /// heads, tokens], not yet projected. A bias is added to the scores of all cells.
    /// </summary>
    public Tensor AttentionValues(
        int layer, Tensor q, Tensor k, Tensor v, Tensor? bias = null, Tensor? chosen = null)
    {
        var suffix = WindowSuffix(layer);
        var (keyRotation, valueRotation) = Rotations(layer);
        if (keyRotation is not null)
        {
            q = Rotate(q, keyRotation);
            k = Rotate(k, keyRotation);
        }

        if (valueRotation is not null) v = Rotate(v, valueRotation);
        Expand(q);
        Expand(Model.HasWindow ? k : v);
        Expand(Model.HasWindow ? v : k);
        var keys = ViewOfKeys(StoreKeys(layer, k, suffix), k.Ne.D0, k.Ne.D1);
        var stored = StoreValues(layer, v, suffix);
        var values = Settings.IsValueTransposed
            ? ViewOfTransposedValues(stored, v.Ne.D0, v.Ne.D1)
            : ViewOfKeys(stored, v.Ne.D0, v.Ne.D1);
        var mask = chosen is null ? CacheMask(layer) : MaskOf(CacheMask(layer), chosen, TensorType.F32);
        var y = Expand(Attend(layer, q, keys, values, mask, Weight(layer, "attn_sinks"), null, bias));
        return valueRotation is null ? y : Rotate(y, valueRotation);
    }

    /// <summary>Attends over the cache that an earlier layer has filled, and projects.</summary>
    public Tensor AttentionOverCacheOf(int other, int layer, Tensor q)
    {
        var (keyRotation, valueRotation) = Rotations(layer);
        if (keyRotation is not null) q = Rotate(q, keyRotation);
        Expand(q);
        var (length, width, heads) = (Model.KeyLengthOf(layer), Model.ValueLengthOf(layer), Model.KvHeads[other]);
        var (keys, stored) = (CacheOf("k", other), CacheOf("v", other));
        var values = Settings.IsValueTransposed
            ? ViewOfTransposedValues(stored, width, heads)
            : ViewOfKeys(stored, width, heads);
        var y = Expand(Attend(layer, q, ViewOfKeys(keys, length, heads), values, CacheMask(layer), null, null));
        if (valueRotation is not null) y = Rotate(y, valueRotation);
        return Linear(layer, "attn_output", y);
    }

    /// <summary>
    /// Attends over the batch itself, without a cache, and projects (build_attn, llm_graph_input_attn_no_cache).
    /// </summary>
    public Tensor BatchAttention(int layer, Tensor q, Tensor k, Tensor v) =>
        Linear(layer, "attn_output", UncachedAttention(layer, q, k, v, "mask" + WindowSuffix(layer)));

    /// <summary>
    /// Attends over keys and values that are in no cache, masked by the input of that name; not yet projected.
    /// </summary>
    public Tensor UncachedAttention(int layer, Tensor q, Tensor k, Tensor v, string mask, Tensor? bias = null)
    {
        Expand(q);
        Expand(k);
        Expand(v);
        var type = Settings.FlashAttention ? TensorType.F16 : TensorType.F32;
        return Expand(Attend(layer, q, k, v, Input(mask, type, k.Ne.D2, Tokens), null, null, bias));
    }

    /// <summary>
    /// Attention with a compressed cache (MLA): values are the first part of the keys, expanded after attention by
    /// <c>attn_v_b</c>; then the gate, if there is one, and the projection. With <paramref name="chosen"/> only those
    /// cells are attended to.
    /// </summary>
    public Tensor CompressedAttention(
        int layer, Tensor q, Tensor k, Tensor v, Tensor? chosen = null, Func<Tensor, Tensor>? gate = null)
    {
        Expand(q);
        Expand(Model.HasWindow ? k : v);
        Expand(Model.HasWindow ? v : k);
        var keys = ViewOfKeys(StoreKeys(layer, k, WindowSuffix(layer)), k.Ne.D0, k.Ne.D1);
        var values = View4(
            keys, v.Ne.D0, keys.Ne.D1, keys.Ne.D2, keys.Ne.D3, keys.Nb.D1, keys.Nb.D2, keys.Nb.D3);
        var mask = chosen is null ? CacheMask(layer) : MaskOf(CacheMask(layer), chosen, TensorType.F32);
        var y = Attend(layer, q, keys, values, mask, Weight(layer, "attn_sinks"), Required(layer, "attn_v_b"));
        Expand(y);
        return Linear(layer, "attn_output", gate is null ? y : gate(y));
    }

    /// <summary>The Hadamard matrix over the indexer's heads (llama_kv_cache::build_input_k_rot).</summary>
    public Tensor IndexerRotation(long length) => RotationInput("k_rot_lid", length, grows: true);

    /// <summary>
    /// Stores the indexer's keys in a cache of their own; returns all of them, as attention would read.
    /// </summary>
    public Tensor IndexerKeys(int layer, Tensor k, string suffix)
    {
        var cache = Cache("k" + suffix, layer, Settings.KeyType, k.Ne.D0, Settings.Cells, Settings.Streams);
        Expand(SetRows(AllStreams(cache), Rows(k), Input("k_idxs" + suffix, TensorType.I64, Tokens)));
        return ViewOfKeys(cache, k.Ne.D0, 1);
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
        CellsOf(layer), Settings.TokensPerStream, 1, Settings.Streams);

    /// <summary>The mask with all but the chosen cells hidden too.</summary>
    private static Tensor MaskOf(Tensor mask, Tensor chosen, TensorType type)
    {
        var hidden = Map(Op.Fill, mask);
        hidden = View4(hidden, 1, mask.Ne.D0, mask.Ne.D1, mask.Ne.D3, mask.Nb.D0, mask.Nb.D1, mask.Nb.D2);
        var ids = View4(
            chosen, chosen.Ne.D0, chosen.Ne.D1, chosen.Ne.D3, 1,
            chosen.Nb.D1, chosen.Nb.D2, chosen.Ne.D3 * chosen.Nb.D3);
        var shape = new Dims(1, ids.Ne.D0, ids.Ne.D1, ids.Ne.D2);
        var zeros = Map(Op.Fill, new Tensor(Op.None, type, shape));
        var seen = SetRows(hidden, zeros, ids);
        return Add(
            View4(seen, seen.Ne.D1, seen.Ne.D2, 1, seen.Ne.D3, seen.Nb.D2, seen.Nb.D3, seen.Nb.D3), mask);
    }

    private (Tensor? Keys, Tensor? Values) Rotations(int layer)
    {
        if (Model.HasWindow && Architecture.RotatesNoWindowCache) return (null, null);
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

    public static Tensor Rotate(Tensor x, Tensor rotation)
    {
        var size = rotation.Ne.D0;
        var rows = x.Elements / size;
        var flat = x.IsContiguous ? Reshape(x, size, rows) : Cont(x, size, rows);
        return Reshape(MulMat(rotation, flat), x.Ne);
    }

    private Tensor StoreKeys(int layer, Tensor k, string suffix)
    {
        var width = k.Ne.D0 * k.Ne.D1;
        var cache = Cache("k", layer, Settings.KeyType, width, CellsOf(layer), Settings.Streams);
        Expand(SetRows(AllStreams(cache), Rows(k), Input("k_idxs" + suffix, TensorType.I64, Tokens)));
        return cache;
    }

    private Tensor StoreValues(int layer, Tensor v, string suffix)
    {
        var width = v.Ne.D0 * v.Ne.D1;
        if (!Settings.IsValueTransposed)
        {
            var cache = Cache("v", layer, Settings.ValueType, width, CellsOf(layer), Settings.Streams);
            Expand(SetRows(AllStreams(cache), Rows(v), Input("v_idxs" + suffix, TensorType.I64, Tokens)));
            return cache;
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

    private static Tensor AllStreams(Tensor cache) =>
        cache.Ne.D2 > 1 ? Reshape(cache, cache.Ne.D0, cache.Ne.D1 * cache.Ne.D2) : cache;

    private Tensor Rows(Tensor heads) => View2(heads, heads.Ne.D0 * heads.Ne.D1, Tokens, heads.Nb.D2);

    private Tensor ViewOfKeys(Tensor cache, long length, long heads)
    {
        var (type, cells) = (cache.Type, cache.Ne.D1);
        return View4(
            cache, length, heads, cells, Settings.Streams,
            type.RowBytes(length), type.RowBytes(cache.Ne.D0), type.RowBytes(cache.Ne.D0 * cells));
    }

    private Tensor ViewOfTransposedValues(Tensor cache, long length, long heads)
    {
        var (type, cells) = (cache.Type, cache.Ne.D1);
        return View4(
            cache, cells, heads, length, Settings.Streams,
            type.RowBytes(cells * length), type.RowBytes(cells), type.RowBytes(cells * cache.Ne.D0));
    }

    /// <summary>The attention itself (build_attn_mha): one node with flash attention, else its parts.</summary>
    private Tensor Attend(
        int layer, Tensor q, Tensor keys, Tensor values, Tensor mask, Tensor? sinks, Tensor? expand,
        Tensor? bias = null)
    {
        var streams = keys.Ne.D3;
        var isTransposed = values.Nb.D1 > values.Nb.D2;
        q = SwapMiddle(View4(
            q, q.Ne.D0, q.Ne.D1, q.Ne.D2 / streams, streams, q.Nb.D1, q.Nb.D2, q.Nb.D3 / streams));
        keys = SwapMiddle(keys);
        values = SwapMiddle(values);
        return Settings.FlashAttention && bias is null
            ? FlashAttend(layer, q, keys, isTransposed ? Transpose(values) : values, mask, sinks, expand)
            : PlainAttend(q, keys, isTransposed ? values : Cont(Transpose(values)), mask, sinks, expand, bias);
    }

    private Tensor FlashAttend(int layer, Tensor q, Tensor k, Tensor v, Tensor mask, Tensor? sinks, Tensor? expand)
    {
        if (k.Type == TensorType.F32) k = Cast(k, TensorType.F16);
        if (v.Type == TensorType.F32) v = Cast(v, TensorType.F16);
        var shape = new Dims(v.Ne.D0, q.Ne.D2, q.Ne.D1, q.Ne.D3);
        var y = new Tensor(Op.FlashAttention, TensorType.F32, shape, Present(q, k, v, mask, sinks));
        FusedNodes.Add((FusedOps.FlashAttention, y, layer));
        if (expand is not null) y = Cont(SwapMiddle(MulMat(expand, SwapMiddle(y))));
        return Reshape(y, y.Ne.D0 * y.Ne.D1, y.Ne.D2 * y.Ne.D3);
    }

    private Tensor PlainAttend(
        Tensor q, Tensor k, Tensor v, Tensor mask, Tensor? sinks, Tensor? expand, Tensor? bias)
    {
        var scores = MulMat(k, q);
        if (Architecture.CapsAttention(Model.Metadata)) scores = Scale(Apply(UnaryFunction.Tanh, Scale(scores)));
        if (bias is not null) scores = Add(scores, bias);
        scores = new Tensor(Op.SoftMax, TensorType.F32, scores.Ne, Present(scores, mask, sinks));
        var y = MulMat(v, scores);
        if (expand is not null) y = MulMat(expand, y);
        y = SwapMiddle(y);
        y = Cont(y, y.Ne.D0 * y.Ne.D1, y.Ne.D2 * y.Ne.D3);
        HostAttention.Add(y);
        return y;
    }
}
