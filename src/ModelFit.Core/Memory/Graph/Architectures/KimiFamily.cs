using System.Collections.Generic;
using ModelFit.Memory.Graph.Blocks;
using static ModelFit.Memory.Graph.TensorOps;

namespace ModelFit.Memory.Graph.Architectures;

/// <summary>
/// Hybrids of Kimi's delta attention, whose decay is one number a channel, and latent attention without rope
/// (src/models/kimi-linear.cpp).
/// </summary>
internal static class KimiFamily
{
    public static IEnumerable<Architecture> All { get; } = new Architecture[]
    {
        new("kimi-linear")
        {
            Compose = Compose, HasRope = (_, _) => false,
            Experts = metadata => ExpertRules.FromMetadata(metadata) with { NormalizesWeights = true },
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
                : DeepSeekFamily.Attention(
                    builder, layer, normed, MulMat(builder.Required(layer, "attn_q"), normed), null);
            x = DeepSeekFamily.Feed(builder, layer, y, x);
        }

        builder.Head(x);
    }

    private static Tensor DeltaAttention(GraphBuilder builder, int layer, Tensor x)
    {
        var (model, tokens, sequences) =
            (builder.Model, builder.Settings.TokensPerSequence, builder.Settings.Sequences);
        var (heads, length) = (model.Heads[0], model.Size("kda.head_dim"));
        Tensor Split(Tensor all, long width) => Reshape(all, width, heads, tokens, sequences);
        var convolution = new JointConvolution(builder, layer, length * heads, "attn_q", "attn_k", "attn_v");
        var q = Split(convolution.Apply(0, x), length);
        var k = Split(convolution.Apply(1, x), length);
        var v = Split(convolution.Apply(2, x), length);
        var gate = MulMat(builder.Required(layer, "ssm_f_b"), MulMat(builder.Required(layer, "ssm_f_a"), x));
        gate = Apply(UnaryFunction.Softplus, Add(gate, builder.Bias(layer, "ssm_dt")!));
        gate = Reshape(gate, length, heads, builder.Tokens);
        gate = Split(Mul(gate, Reshape(builder.Required(layer, "ssm_a"), 1, heads)), length);
        var beta = Sigmoid(Split(MulMat(builder.Required(layer, "ssm_beta"), x), 1));
        var sequential = Reshape(x, x.Ne.D0, tokens, sequences);
        var (stored, read) = builder.RecurrentState("s", layer, length * length * heads);
        var state = Reshape(read, length, length, heads, sequences);
        q = Scale(Map(Op.RmsNorm, q));
        k = Scale(Map(Op.RmsNorm, k));
        var (result, next) = DeltaNet.Scan(q, k, v, gate, beta, state);
        var y = Cont(result);
        builder.Expand(Copy(next, View1(stored, stored.Elements)));
        var flat = Reshape(sequential, x.Ne.D0, builder.Tokens);
        var outer = MulMat(builder.Required(layer, "ssm_g_b"), MulMat(builder.Required(layer, "ssm_g_a"), flat));
        outer = Reshape(outer, length, heads, builder.Tokens);
        y = builder.Norm(layer, "ssm_norm", Reshape(y, length, heads, builder.Tokens));
        y = Mul(y, Sigmoid(outer));
        return MulMat(builder.Required(layer, "attn_output"), Cont(y, length * heads, builder.Tokens));
    }
}
