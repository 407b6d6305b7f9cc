using System;
using ModelFit.Models;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Graph.Blocks;

/// <content>Attention over the cache (src/llama-graph.cpp, build_attn; src/llama-kv-cache.cpp).</content>
internal sealed partial class GraphBuilder
{
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
        Shape.ReadsTemperature && Model.Metadata.IsNonZero("attention.temperature_scale")
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
        (q, k, v) = (Rotate(q, keyRotation), Rotate(k, keyRotation), Rotate(v, valueRotation));
        Expand(q);
        Expand(Model.HasWindow ? k : v);
        Expand(Model.HasWindow ? v : k);
        var keys = ViewOfKeys(StoreKeys(layer, k, suffix), k.Ne.D0, k.Ne.D1);
        var values = ViewOfValues(StoreValues(layer, v, suffix), v.Ne.D0, v.Ne.D1);
        var mask = CacheMask(layer, chosen);
        var y = Expand(Attend(layer, q, keys, values, mask, Weight(layer, "attn_sinks"), null, bias));
        return Rotate(y, valueRotation);
    }

    /// <summary>
    /// The result of attention times a projection of the layer's input, a head or an element each, where the layer has
    /// such a gate.
    /// </summary>
    public Tensor GatedValues(int layer, Tensor y, Tensor x)
    {
        if (Weight(layer, "attn_gate") is not { } weight) return y;
        var gate = Apply(Shape.AttentionGate, MulMat(weight, x));
        var (width, heads) = (y.Ne.D0, gate.Ne.D0);
        if (heads == width) return Mul(y, gate);
        var byHead = Mul(Reshape(y, width / heads, heads, Tokens), Reshape(gate, 1, heads, Tokens));
        return Reshape(byHead, width, Tokens);
    }

    /// <summary>Attends over the cache that an earlier layer has filled, and projects.</summary>
    public Tensor AttentionOverCacheOf(int other, int layer, Tensor q)
    {
        var (keyRotation, valueRotation) = Rotations(layer);
        q = Expand(Rotate(q, keyRotation));
        var (length, width, heads) = (Model.KeyLengthOf(layer), Model.ValueLengthOf(layer), Model.KvHeads[other]);
        var keys = ViewOfKeys(CacheOf("k", other), length, heads);
        var values = ViewOfValues(CacheOf("v", other), width, heads);
        var y = Expand(Attend(layer, q, keys, values, CacheMask(layer), null, null));
        return Linear(layer, "attn_output", Rotate(y, valueRotation));
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
        var mask = CacheMask(layer, chosen);
        var y = Attend(layer, q, keys, values, mask, Weight(layer, "attn_sinks"), Required(layer, "attn_v_b"));
        Expand(y);
        return Linear(layer, "attn_output", gate is null ? y : gate(y));
    }

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
        Fused(FusedOps.FlashAttention, layer, y);
        if (expand is not null) y = Cont(SwapMiddle(MulMat(expand, SwapMiddle(y))));
        return Reshape(y, y.Ne.D0 * y.Ne.D1, y.Ne.D2 * y.Ne.D3);
    }

    private Tensor PlainAttend(
        Tensor q, Tensor k, Tensor v, Tensor mask, Tensor? sinks, Tensor? expand, Tensor? bias)
    {
        var scores = MulMat(k, q);
        if (Shape.CapsAttention(Model.Metadata)) scores = Scale(Apply(UnaryFunction.Tanh, Scale(scores)));
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
