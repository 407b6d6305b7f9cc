using ModelFit.Models;
using static ModelFit.Graph.Blocks.KeyValueCache;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Graph.Blocks;

/// <summary>Attention over the cache (src/llama-graph.cpp, build_attn; src/llama-kv-cache.cpp).</summary>
internal static class SelfAttention
{
    /// <summary>Queries, keys and values, each [head length, heads, tokens] (build_qkv).</summary>
    public static (Tensor Q, Tensor K, Tensor V) Qkv(this GraphBuilder builder, int layer, Tensor x)
    {
        var (heads, kvHeads) = (builder.Model.Heads[layer], builder.Model.KvHeads[layer]);
        var (key, value) = (builder.Model.KeyLengthOf(layer), builder.Model.ValueLengthOf(layer));
        Tensor Project(string name)
        {
            var y = builder.Linear(layer, name, x);
            return builder.Model.ClampsHeads ? Map(Op.Clamp, y) : y;
        }

        if (builder.Weight(layer, "attn_qkv") is null)
        {
            var q = Project("attn_q");
            var k = Project("attn_k");
            var v = builder.Weight(layer, "attn_v") is null ? k : Project("attn_v");
            return (Reshape(q, key, heads, builder.Tokens), Reshape(k, key, kvHeads, builder.Tokens),
                Reshape(v, value, kvHeads, builder.Tokens));
        }

        var all = Project("attn_qkv");
        const int size = sizeof(float);
        Tensor Part(long length, long count, long offset) =>
            View3(all, length, count, builder.Tokens, length * size, all.Nb.D1, offset * size);
        return (Part(key, heads, 0), Part(key, kvHeads, key * heads),
            Part(value, kvHeads, key * (heads + kvHeads)));
    }

    /// <summary>
    /// The queries times the temperature of their positions, where the architecture reads it and the header has one.
    /// </summary>
    public static Tensor ScaleByPosition(this GraphBuilder builder, Tensor q) =>
        builder.Shape.ReadsTemperature && builder.Model.Metadata.IsNonZero("attention.temperature_scale")
            ? Mul(q, builder.Input("attn_scale", TensorType.F32, 1, 1, builder.Tokens))
            : q;

    /// <summary>Stores K and V, attends, and projects with <c>attn_output</c>.</summary>
    public static Tensor Attention(this GraphBuilder builder, int layer, Tensor q, Tensor k, Tensor v) =>
        builder.Linear(layer, "attn_output", builder.AttentionValues(layer, q, k, v));

    /// <summary>
    /// Stores K and V and attends, with <paramref name="chosen"/> to those cells only; the result is [value length x
    /// heads, tokens], not yet projected. A bias is added to the scores of all cells.
    /// </summary>
    public static Tensor AttentionValues(
        this GraphBuilder builder, int layer, Tensor q, Tensor k, Tensor v, Tensor? bias = null, Tensor? chosen = null)
    {
        var suffix = builder.WindowSuffix(layer);
        var (keyRotation, valueRotation) = builder.Rotations(layer);
        (q, k, v) = (Rotate(q, keyRotation), Rotate(k, keyRotation), Rotate(v, valueRotation));
        builder.ExpandHeads(q, k, v);
        var keys = builder.ViewOfKeys(builder.StoreKeys(layer, k, suffix), k.Ne.D0, k.Ne.D1);
        var values = builder.ViewOfValues(builder.StoreValues(layer, v, suffix), v.Ne.D0, v.Ne.D1);
        var mask = builder.CacheMask(layer, chosen);
        var sinks = builder.Weight(layer, "attn_sinks");
        var y = builder.Expand(builder.Attend(layer, q, keys, values, mask, sinks, null, bias));
        return Rotate(y, valueRotation);
    }

    // build_attn expands k last, so that rope is fused with the write into the cache; its overload for a cache with
    // windows expands q, k and v in order.
    private static void ExpandHeads(this GraphBuilder builder, Tensor q, Tensor k, Tensor v)
    {
        builder.Expand(q);
        builder.Expand(builder.Model.HasWindow ? k : v);
        builder.Expand(builder.Model.HasWindow ? v : k);
    }

    /// <summary>
    /// The result of attention times a projection of the layer's input, a head or an element each, where the layer has
    /// such a gate.
    /// </summary>
    public static Tensor GatedValues(this GraphBuilder builder, int layer, Tensor y, Tensor x)
    {
        if (builder.Weight(layer, "attn_gate") is not { } weight) return y;
        var gate = Apply(builder.Shape.AttentionGate, MulMat(weight, x));
        var (width, heads) = (y.Ne.D0, gate.Ne.D0);
        if (heads == width) return Mul(y, gate);
        var byHead = Mul(Reshape(y, Each(width, heads), heads, builder.Tokens),
            Reshape(gate, 1, heads, builder.Tokens));
        return Reshape(byHead, width, builder.Tokens);
    }

    /// <summary>Attends over the cache that an earlier layer has filled, and projects.</summary>
    public static Tensor AttentionOverCacheOf(this GraphBuilder builder, int other, int layer, Tensor q)
    {
        var (keyRotation, valueRotation) = builder.Rotations(layer);
        q = builder.Expand(Rotate(q, keyRotation));
        var (storedKeys, storedValues) = (builder.CacheOf("k", other), builder.CacheOf("v", other));
        var (model, heads) = (builder.Model, builder.Model.KvHeads[other]);
        var keys = builder.ViewOfKeys(storedKeys, model.KeyLengthOf(layer), heads);
        var values = builder.ViewOfValues(storedValues, model.ValueLengthOf(layer), heads);
        var y = builder.Expand(builder.Attend(layer, q, keys, values, builder.CacheMask(layer), null, null));
        return builder.Linear(layer, "attn_output", Rotate(y, valueRotation));
    }

    /// <summary>
    /// Attends over keys and values that are in no cache, as those of the batch itself, masked by the input of that
    /// name; not yet projected (build_attn, llm_graph_input_attn_no_cache).
    /// </summary>
    public static Tensor UncachedAttention(
        this GraphBuilder builder, int layer, Tensor q, Tensor k, Tensor v, string mask, Tensor? bias = null)
    {
        builder.Expand(q);
        builder.Expand(k);
        builder.Expand(v);
        var type = builder.Settings.FlashAttention ? TensorType.F16 : TensorType.F32;
        var seen = builder.Input(mask, type, k.Ne.D2, builder.Tokens);
        return builder.Expand(builder.Attend(layer, q, k, v, seen, null, null, bias));
    }

    /// <summary>
    /// Attention with a compressed cache (MLA): values are the first part of the keys, expanded after attention by
    /// <c>attn_v_b</c>; then the gate, if there is one, and the projection. With <paramref name="chosen"/> only those
    /// cells are attended to.
    /// </summary>
    public static Tensor CompressedAttention(
        this GraphBuilder builder, int layer, Tensor q, Tensor k, Tensor v, Tensor? chosen = null,
        Func<Tensor, Tensor>? gate = null)
    {
        builder.ExpandHeads(q, k, v);
        var keys = builder.ViewOfKeys(builder.StoreKeys(layer, k, builder.WindowSuffix(layer)), k.Ne.D0, k.Ne.D1);
        var values = View4(
            keys, v.Ne.D0, keys.Ne.D1, keys.Ne.D2, keys.Ne.D3, keys.Nb.D1, keys.Nb.D2, keys.Nb.D3);
        var mask = builder.CacheMask(layer, chosen);
        var (sinks, expand) = (builder.Weight(layer, "attn_sinks"), builder.Required(layer, "attn_v_b"));
        var y = builder.Expand(builder.Attend(layer, q, keys, values, mask, sinks, expand));
        return builder.Linear(layer, "attn_output", gate is null ? y : gate(y));
    }

}
