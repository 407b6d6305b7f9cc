using System.Collections.Generic;
using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using ModelFit.Models;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>
/// Hybrids of Kimi's delta attention, whose decay is one number a channel, and latent attention without rope
/// (src/models/kimi-linear.cpp, kimi-k3.cpp).
/// </summary>
internal static class KimiFamily
{
    public static IEnumerable<Architecture> All { get; } = new Architecture[]
    {
        new("kimi-linear")
        {
            Compose = Compose, HasRope = (_, _) => false, ReservesOneSequence = true,
            Experts = metadata => ExpertRules.FromMetadata(metadata) with { NormalizesWeights = true },
        },
        new("kimi-k3")
        {
            Compose = ComposeMixed, HasRope = (_, _) => false, Experts = ExpertRules.FromMetadata, Gate = Situ,
            RowsCut = OutputRowsCut.BeforeFinalNorm, KeepsHidden = false,
        },
    };

    private static void Compose(GraphBuilder builder)
    {
        var model = builder.Model;
        var x = builder.Embed();
        for (var layer = 0; layer < model.Layers; layer++)
        {
            var normed = builder.Expand(builder.Norm(layer, "attn_norm", x));
            var y = model.KvHeads[layer] == 0
                ? DeltaAttention(builder, layer, normed)
                : LatentAttention(builder, layer, normed);
            x = DeepSeekFamily.Feed(builder, layer, y, x);
        }

        builder.Head(x);
    }

    /// <summary>
    /// Kimi K3: the input of attention and feed-forward is a mixture of the residual stream and of its checkpoints, one
    /// every few layers, after which the stream begins anew.
    /// </summary>
    private static void ComposeMixed(GraphBuilder builder)
    {
        var model = builder.Model;
        var interval = model.Size("attn_res.block_size", 0);
        var x = builder.Embed();
        Tensor? stack = null;
        for (var layer = 0; layer < model.Layers; layer++)
        {
            var normed = interval > 0 ? Mix(x, stack, builder.Required(layer, "attn_res_score")) : x;
            var isCheckpoint = interval > 0 && layer % interval == 0;
            if (isCheckpoint)
            {
                var point = Reshape(x, model.Embedding, 1, builder.Tokens);
                stack = stack is null ? point : Concat(stack, point, 1);
            }

            normed = builder.Expand(builder.Norm(layer, "attn_norm", normed));
            var y = model.KvHeads[layer] == 0
                ? DeltaAttention(builder, layer, normed)
                : LatentAttention(builder, layer, normed);
            x = isCheckpoint ? y : Add(x, y);
            y = interval > 0 ? Mix(x, stack, builder.Required(layer, "ffn_res_score")) : x;
            x = Add(x, LatentExperts(builder, layer, builder.Norm(layer, "ffn_norm", y)));
        }

        if (interval > 0 && builder.OutputWeight("output_res_score.weight") is { } score) x = Mix(x, stack, score);
        builder.Head(x);
    }

    /// <summary>The sum of the stream and its checkpoints, weighed by the soft-max of their scores.</summary>
    private static Tensor Mix(Tensor x, Tensor? stack, Tensor score)
    {
        if (stack is null) return x;
        var (count, tokens) = (stack.Ne.D1, x.Ne.D1);
        var scores = Reshape(SumRows(Mul(Map(Op.RmsNorm, stack), score)), count, tokens);
        var own = SumRows(Mul(Map(Op.RmsNorm, x), score));
        var weights = SoftMax(Concat(scores, own));
        var past = Cont(View2(weights, count, tokens, weights.Nb.D1));
        var present = Cont(View2(weights, 1, tokens, weights.Nb.D1, count * weights.Nb.D0));
        var sum = new Tensor(Op.WeightedStreams, TensorType.F32, new Dims(x.Ne.D0, tokens), stack, past);
        return Add(sum, Mul(x, present));
    }

    /// <summary>
    /// Experts over a narrower projection of the input; a dense layer or a shared expert over all of it.
    /// </summary>
    private static Tensor LatentExperts(GraphBuilder builder, int layer, Tensor x)
    {
        if (builder.Weight(layer, "ffn_gate_inp") is not { } router) return builder.FeedForward(layer, x);
        var routed = builder.Weight(layer, "ffn_routed_down") is { } down ? MulMat(down, x) : x;
        var rules = builder.Architecture.Experts(builder.Model.Metadata);
        var y = builder.Experts(layer, routed, rules, MulMat(router, x));
        if (builder.Weight(layer, "ffn_routed_norm") is not null) y = builder.Norm(layer, "ffn_routed_norm", y);
        if (builder.Weight(layer, "ffn_routed_up") is { } up) y = MulMat(up, y);
        return builder.Weight(layer, "ffn_gate_shexp") is null ? y : Add(y, builder.FeedForward(layer, x, "_shexp"));
    }

    /// <summary>A bounded gate: both halves through a hyperbolic tangent, the gate by its sigmoid too.</summary>
    private static Tensor Situ(ModelMetadata metadata, Tensor gate, Tensor up)
    {
        static Tensor Bound(Tensor x) => Scale(Apply(UnaryFunction.Tanh, Scale(x)));
        var y = Mul(Bound(gate), Sigmoid(gate));
        return Mul(y, metadata.Number("activation.situ_linear_beta") is > 0 ? Bound(up) : up);
    }

    private static Tensor LatentAttention(GraphBuilder builder, int layer, Tensor x)
    {
        var q = DeepSeekFamily.Queries(builder, layer, x);
        return DeepSeekFamily.Attention(builder, layer, x, q, null, y => builder.GatedValues(layer, y, x));
    }

    private static Tensor DeltaAttention(GraphBuilder builder, int layer, Tensor x)
    {
        var model = builder.Model;
        var (heads, length) = (model.Heads[0], model.Size("kda.head_dim"));
        var gate = MulMat(builder.Required(layer, "ssm_f_b"), MulMat(builder.Required(layer, "ssm_f_a"), x));
        gate = Add(gate, builder.Bias(layer, "ssm_dt")!);
        var decay = Reshape(builder.Required(layer, "ssm_a"), 1, heads);
        var isBounded = builder.Weight(layer, "ssm_g") is not null
            && model.Metadata.Number("kda.gate_lower_bound") is > double.NegativeInfinity;
        if (!isBounded) gate = Apply(UnaryFunction.Softplus, gate);
        gate = Mul(Reshape(gate, length, heads, builder.Tokens), decay);
        if (isBounded) gate = Scale(Sigmoid(Scale(gate)));
        var sequential = Reshape(x, x.Ne.D0, builder.Settings.TokensPerSequence, builder.Settings.Sequences);
        var flat = Reshape(sequential, x.Ne.D0, builder.Tokens);
        var outer = builder.Weight(layer, "ssm_g") is { } whole
            ? MulMat(whole, flat)
            : MulMat(builder.Required(layer, "ssm_g_b"), MulMat(builder.Required(layer, "ssm_g_a"), flat));
        return DeltaAttention(builder, layer, x, gate, outer);
    }

    /// <summary>
    /// Delta attention with the logarithm of its decay given, [head length, heads, tokens], and with what gates its
    /// result.
    /// </summary>
    public static Tensor DeltaAttention(GraphBuilder builder, int layer, Tensor x, Tensor gate, Tensor outer)
    {
        var (model, tokens, sequences) =
            (builder.Model, builder.Settings.TokensPerSequence, builder.Settings.Sequences);
        var (heads, length) = (model.Heads[0], model.Size("kda.head_dim"));
        Tensor Split(Tensor all, long width) => Reshape(all, width, heads, tokens, sequences);
        var convolution = new JointConvolution(builder, layer, length * heads, "attn_q", "attn_k", "attn_v");
        var q = Split(convolution.Apply(0, x), length);
        var k = Split(convolution.Apply(1, x), length);
        var v = Split(convolution.Apply(2, x), length);
        var beta = Sigmoid(Split(MulMat(builder.Required(layer, "ssm_beta"), x), 1));
        var (stored, read) = builder.RecurrentState("s", layer, length * length * heads);
        var state = Reshape(read, length, length, heads, sequences);
        q = Scale(Map(Op.RmsNorm, q));
        k = Scale(Map(Op.RmsNorm, k));
        var (result, next) = DeltaNet.Scan(q, k, v, Split(gate, length), beta, state);
        var y = Cont(result);
        builder.Expand(Copy(next, View1(stored, stored.Ne.D0 * sequences)));
        outer = Reshape(outer, length, heads, builder.Tokens);
        y = builder.Norm(layer, "ssm_norm", Reshape(y, length, heads, builder.Tokens));
        y = Mul(y, Sigmoid(outer));
        return MulMat(builder.Required(layer, "attn_output"), Cont(y, length * heads, builder.Tokens));
    }
}
