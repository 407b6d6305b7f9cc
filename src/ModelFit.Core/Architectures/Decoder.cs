using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using ModelFit.Models;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>Builds a layer, or a part of one, over [embedding, tokens].</summary>
internal delegate Tensor LayerPart(GraphBuilder builder, int layer, Tensor x);

/// <summary>
/// The decoder that most architectures are (src/models/llama.cpp and its kin): attention, then a dense or sparse
/// feed-forward, each with a residual, or both side by side. Its optional parts follow from the tensors.
/// </summary>
internal static class Decoder
{
    public static void Compose(GraphBuilder builder) =>
        Compose(builder, builder.Shape.IsParallel ? ParallelLayer : Layer);

    /// <summary>The composition of layers of another kind, one after the other.</summary>
    public static Action<GraphBuilder> Composed(LayerPart layer) =>
        builder => Compose(builder, layer);

    /// <summary>The composition of common layers with something else in the place of attention.</summary>
    public static Action<GraphBuilder> WithAttention(LayerPart attention) =>
        Composed((builder, layer, x) => LayerWith(attention, builder, layer, x));

    /// <summary>Attention in the layers that have key heads, something else in the others.</summary>
    public static LayerPart Hybrid(LayerPart attention, LayerPart other) =>
        (builder, layer, x) => (builder.Model.KvHeads[layer] > 0 ? attention : other)(builder, layer, x);

    private static void Compose(GraphBuilder builder, LayerPart layer)
    {
        var x = builder.Embed();
        foreach (var i in builder.Layers) x = layer(builder, i, x);
        builder.Head(x);
    }

    /// <summary>The draft graph of the common layer.</summary>
    public static void ComposeDraft(GraphBuilder builder) => ComposeDraft(builder, Attention);

    /// <summary>
    /// The draft graph (src/models/qwen35.cpp, graph_mtp): the embedded token and the hidden state of the token before,
    /// each normed, are joined and projected; the first layer after the main ones runs over that, then the output.
    /// </summary>
    public static void ComposeDraft(GraphBuilder builder, LayerPart attention)
    {
        var (model, first) = (builder.Model, builder.Model.Layers);
        var tokens = builder.Input("inp_tokens", TensorType.I32, builder.Tokens);
        var hidden = builder.Input("mtp_h_input", TensorType.F32, model.Embedding, builder.Tokens);
        var table = builder.Weight(first, "nextn.embed_tokens") ?? builder.RequiredGlobal("token_embd.weight", -1);
        var embedded = GetRows(table, tokens);
        var before = builder.Norm(first, "nextn.hnorm", hidden);
        var token = builder.Norm(first, "nextn.enorm", embedded);
        var x = LayerWith(attention, builder, first, builder.Linear(first, "nextn.eh_proj", Concat(token, before)));
        var norm = builder.Weight(first, "nextn.shared_head_norm") ?? builder.OutputWeight("output_norm.weight");
        x = builder.Norm(x, norm, null, -1);
        x.IsOutput = true;
        x = GetRows(x, builder.OutputRows());
        if (builder.Weight(first, "nextn.shared_head_head") is { } head)
        {
            x = builder.Expand(MulMat(head, x));
            x.IsOutput = true;
            return;
        }

        builder.Logits(x);
    }

    /// <summary>Attention over the normed input, gated by it where the layer has a gate, and its projection.</summary>
    public static Tensor Attention(GraphBuilder builder, int layer, Tensor x)
    {
        var (q, k, v) = Heads(builder, layer, x);
        var y = builder.Shape.AttendsBatchOnly
            ? builder.UncachedAttention(layer, q, k, v, "mask" + builder.WindowSuffix(layer))
            : builder.AttentionValues(layer, q, k, v);
        return builder.Linear(layer, "attn_output", builder.GatedValues(layer, y, x));
    }

    /// <summary>Queries, keys and values, normed and turned as the architecture says.</summary>
    public static (Tensor Q, Tensor K, Tensor V) Heads(GraphBuilder builder, int layer, Tensor x)
    {
        var shape = builder.Shape;
        var (q, k, v) = builder.Qkv(layer, x);
        if (!shape.NormsHeadsAfterRope) (q, k) = NormHeads(builder, layer, q, k);
        var hasRope = shape.HasRope(builder.Model, layer);
        if (hasRope)
        {
            var isPlain = shape.HasPlainWindowRope && builder.Model.IsWindowLayer[layer];
            var factors = isPlain ? null : builder.RopeFactors(layer);
            q = Rope(q, builder.Positions(), factors);
            k = Rope(k, builder.Positions(), factors);
        }

        if (shape.NormsHeadsAfterRope) (q, k) = NormHeads(builder, layer, q, k);
        if (shape.NormsAfterRope && hasRope)
        {
            q = Map(Op.RmsNorm, q);
            k = Map(Op.RmsNorm, k);
        }
        else if (shape.NormsAfterRope)
        {
            q = Mul(q, builder.Input("attn_scale", TensorType.F32, 1, 1, builder.Tokens));
        }

        if (shape.ScalesQueries) q = Scale(q);
        return (builder.ScaleByPosition(q), k, v);
    }

    /// <summary>
    /// The norms of queries and keys, where the layer has them, over each head or over all of a token.
    /// </summary>
    public static (Tensor Q, Tensor K) NormHeads(GraphBuilder builder, int layer, Tensor q, Tensor k) =>
        (NormHeads(builder, layer, "attn_q_norm", q), NormHeads(builder, layer, "attn_k_norm", k));

    /// <summary>The layer's experts if it has any, else its dense feed-forward.</summary>
    public static Tensor FeedForward(GraphBuilder builder, int layer, Tensor x)
    {
        if (builder.Weight(layer, "ffn_gate_inp") is null) return builder.FeedForward(layer, x);
        return builder.Shape.IgnoresExperts
            ? builder.Activate(x)
            : builder.ExpertsAndShared(layer, x, builder.Shape.Experts(builder.Model.Metadata));
    }

    private static Tensor NormHeads(GraphBuilder builder, int layer, string name, Tensor x)
    {
        if (builder.Weight(layer, name) is not { } weight) return x;
        var isWhole = weight.Ne.D1 == 1 && weight.Ne.D0 != x.Ne.D0;
        if (!isWhole) return builder.Norm(x, weight, builder.Bias(layer, name), layer, builder.Shape.HeadNormOp);
        var flat = x.Op == Op.Reshape ? x.Sources[0] : Reshape(x, x.Ne.D0 * x.Ne.D1, x.Ne.D2);
        return Reshape(builder.Norm(flat, weight, builder.Bias(layer, name), layer), x.Ne);
    }

    /// <summary>One layer of the common decoder.</summary>
    public static Tensor Layer(GraphBuilder builder, int layer, Tensor x) => LayerWith(Attention, builder, layer, x);

    /// <summary>The same with something else in the place of attention.</summary>
    public static Tensor LayerWith(LayerPart attention, GraphBuilder builder, int layer, Tensor x) =>
        Feed(builder, layer, attention(builder, layer, builder.Norm(layer, "attn_norm", x)), x);

    /// <summary>
    /// What follows attention: the residual, the norm and the feed-forward with its own; in the last layer of the
    /// wanted rows only. A norm after attention that stands alone is the feed-forward's.
    /// </summary>
    public static Tensor Feed(GraphBuilder builder, int layer, Tensor y, Tensor x)
    {
        var shape = builder.Shape;
        var hasFeedForwardNorm = builder.Weight(layer, "ffn_norm") is not null;
        Tensor Normed(Tensor attended) =>
            hasFeedForwardNorm && builder.Weight(layer, "post_attention_norm") is not null
                ? builder.Norm(layer, "post_attention_norm", attended)
                : attended;
        y = shape.NormsBeforeCut
            ? builder.KeepOutputs(layer, Normed(y))
            : Normed(builder.KeepOutputs(layer, y));
        x = builder.KeepOutputs(layer, x);
        var scalesResidual = shape.ScalesResidual(builder.Model.Metadata);
        if (scalesResidual) y = Scale(y);
        var residual = shape.AddsToInput ? Add(x, y) : Add(y, x);
        y = builder.Norm(layer, hasFeedForwardNorm ? "ffn_norm" : "post_attention_norm", residual);
        y = FeedForward(builder, layer, y);
        if (builder.Weight(layer, "post_ffw_norm") is { } norm)
            y = builder.Norm(y, norm, null, shape.PinsLastNorm ? layer : -1);
        if (scalesResidual) y = Scale(y);
        return shape.AddsToResidual ? Add(residual, y) : Add(y, residual);
    }

    private static Tensor ParallelLayer(GraphBuilder builder, int layer, Tensor x)
    {
        var normed = builder.Norm(layer, "attn_norm", x);
        var y = builder.KeepOutputs(layer, Attention(builder, layer, normed));
        x = builder.KeepOutputs(layer, x);
        normed = builder.KeepOutputs(layer, normed);
        return Add(Add(FeedForward(builder, layer, normed), x), y);
    }
}
