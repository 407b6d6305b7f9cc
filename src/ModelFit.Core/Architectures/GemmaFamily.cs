using System.Collections.Generic;
using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using ModelFit.Models;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>
/// Gemma 4: two kinds of heads, layers that share the cache of earlier ones, embeddings a layer, experts beside a dense
/// feed-forward (src/models/gemma4.cpp).
/// </summary>
internal static class GemmaFamily
{
    public static IEnumerable<Architecture> All { get; } = new Architecture[]
    {
        new("gemma4")
        {
            Compose = Compose, Window = WindowRule.Standard(6), ScalesEmbeddings = _ => true,
            RowsCut = OutputRowsCut.AfterFinalNorm, LogitScaling = Capped, Output = OutputSource.OwnOrCopied,
            LoadsFactorsForGlobal = true,
        },
    };

    /// <summary>Caps the logits where the header has a cap.</summary>
    public static LogitScale Capped(ModelMetadata metadata) =>
        metadata.IsNonZero("final_logit_softcapping") ? LogitScale.SoftCap : LogitScale.None;

    /// <summary>
    /// The layer whose cache a layer attends over: its own, or the last of its kind before the shared ones begin
    /// (src/llama-model.cpp, create_memory).
    /// </summary>
    public static int CacheLayer(ModelShape model, int layer)
    {
        var own = model.Architecture.LayersWithCache
            ?? model.AllLayers - (int)model.Size("attention.shared_kv_layers", 0);
        return layer < own ? layer : own - (model.IsWindowLayer[layer] ? 2 : 1);
    }

    /// <summary>
    /// The embeddings of all layers, [width, tokens, layers], looked up and joined with a projection.
    /// </summary>
    public static Tensor? PerLayerInputs(GraphBuilder builder, Tensor x)
    {
        if (builder.Global("per_layer_token_embd.weight", -1) is not { } table) return null;
        var (layers, tokens) = (builder.Model.Layers, builder.Tokens);
        var width = table.Ne.D0 / layers;
        var ids = builder.Input("inp_tokens_per_layer", TensorType.I32, tokens);
        var looked = builder.Expand(Scale(Reshape(GetRows(table, ids), width, layers, tokens)));
        var projection = builder.Global("per_layer_model_proj.weight", 0)
            ?? throw new GraphException("'per_layer_model_proj.weight' is missing");
        var projected = Reshape(Scale(MulMat(projection, x)), width, layers, tokens);
        projected = builder.Norm(projected, builder.Global("per_layer_proj_norm.weight", 0), null, -1);
        return Cont(SwapMiddle(Scale(Add(projected, looked))));
    }

    /// <summary>One plane of a stack, [width, tokens].</summary>
    public static Tensor Plane(Tensor stack, long index) =>
        View2(stack, stack.Ne.D0, stack.Ne.D1, stack.Ne.D0 * sizeof(float),
            index * stack.Ne.D0 * stack.Ne.D1 * sizeof(float));

    /// <summary>The gated embedding of a layer, projected to the width of the model and normed.</summary>
    public static Tensor PerLayerBlock(GraphBuilder builder, int layer, Tensor x, Tensor inputs)
    {
        var y = Apply(UnaryFunction.Gelu, MulMat(builder.Required(layer, "inp_gate"), x));
        y = MulMat(builder.Required(layer, "proj"), Mul(y, Plane(inputs, layer)));
        return builder.Norm(layer, "post_norm", y);
    }

    /// <summary>Queries, and keys and values where the layer has a cache of its own, through attention.</summary>
    public static Tensor Attention(GraphBuilder builder, int layer, Tensor x, Tensor? factors)
    {
        var model = builder.Model;
        var (length, heads, tokens) = (model.KeyLengthOf(layer), model.Heads[layer], builder.Tokens);
        var q = Reshape(builder.Linear(layer, "attn_q", x), length, heads, tokens);
        q = Rope(builder.Norm(layer, "attn_q_norm", q), builder.Positions(), factors);
        var other = CacheLayer(model, layer);
        if (other != layer) return builder.AttentionOverCacheOf(other, layer, q);
        var projected = builder.Linear(layer, "attn_k", x);
        var v = builder.Weight(layer, "attn_v") is null ? projected : builder.Linear(layer, "attn_v", x);
        var k = Reshape(projected, length, model.KvHeads[layer], tokens);
        v = Map(Op.RmsNorm, Reshape(v, length, model.KvHeads[layer], tokens));
        k = Rope(builder.Norm(layer, "attn_k_norm", k), builder.Positions(), factors);
        return builder.Attention(layer, q, k, v);
    }

    private static void Compose(GraphBuilder builder)
    {
        var x = builder.Embed();
        var inputs = PerLayerInputs(builder, x);
        for (var layer = 0; layer < builder.Model.Layers; layer++) x = Layer(builder, layer, x, inputs);
        builder.Head(x);
    }

    private static Tensor Layer(GraphBuilder builder, int layer, Tensor x, Tensor? inputs)
    {
        var factors = builder.Model.IsWindowLayer[layer] ? null : builder.Global("rope_freqs.weight", layer);
        var y = Attention(builder, layer, builder.Norm(layer, "attn_norm", x), factors);
        var residual = Add(builder.Norm(layer, "post_attention_norm", y), x);
        y = builder.Weight(layer, "ffn_gate_inp") is null
            ? builder.FeedForward(layer, builder.Norm(layer, "ffn_norm", residual))
            : Experts(builder, layer, residual);
        x = Add(builder.Norm(y, builder.Weight(layer, "post_ffw_norm"), null, -1), residual);
        if (inputs is not null) x = Add(x, PerLayerBlock(builder, layer, x, inputs));
        return builder.Weight(layer, "layer_output_scale") is { } scale ? Mul(x, scale) : x;
    }

    /// <summary>A dense feed-forward and experts, each normed; the router reads the residual itself.</summary>
    private static Tensor Experts(GraphBuilder builder, int layer, Tensor residual)
    {
        var dense = builder.FeedForward(layer, builder.Norm(layer, "ffn_norm", residual));
        dense = builder.Norm(layer, "post_ffw_norm_1", dense);
        var input = builder.Norm(layer, "pre_ffw_norm_2", residual);
        var routed = Scale(Map(Op.RmsNorm, residual));
        if (builder.Weight(layer, "ffn_gate_inp.scale") is { } scale) routed = Mul(routed, scale);
        var logits = MulMat(builder.Required(layer, "ffn_gate_inp"), routed);
        var sparse = builder.Experts(layer, input, ExpertRules.Default, logits);
        return Add(dense, builder.Norm(layer, "post_ffw_norm_2", sparse));
    }
}
