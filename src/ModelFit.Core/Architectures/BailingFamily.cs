using System.Collections.Generic;
using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>
/// Hybrids of Kimi's delta attention and latent attention with a gate a head (src/models/bailingmoe3.cpp).
/// </summary>
internal static class BailingFamily
{
    public static IEnumerable<Architecture> All { get; } = new Architecture[]
    {
        new("bailingmoe3")
        {
            Compose = Decoder.Composed(Layer), Experts = ExpertRules.FromMetadata,
            RowsCut = OutputRowsCut.AfterFinalNorm, ReadsGateLimits = true,
        },
    };

    private static Tensor Layer(GraphBuilder builder, int layer, Tensor x) => Decoder.LayerWith(
        builder.Model.KvHeads[layer] == 0 ? DeltaAttention : LatentAttention, builder, layer, x);

    private static Tensor DeltaAttention(GraphBuilder builder, int layer, Tensor x)
    {
        var (heads, length) = (builder.Model.Heads[0], builder.Model.Size("kda.head_dim"));
        var gate = Add(MulMat(builder.Required(layer, "ssm_f_a"), x), builder.Bias(layer, "ssm_dt")!);
        gate = Reshape(gate, length, heads, builder.Tokens);
        gate = Scale(Sigmoid(Mul(gate, Reshape(builder.Required(layer, "ssm_a"), 1, heads))));
        return KimiFamily.DeltaAttention(builder, layer, x, gate, MulMat(builder.Required(layer, "ssm_g_a"), x));
    }

    private static Tensor LatentAttention(GraphBuilder builder, int layer, Tensor x)
    {
        var (heads, tokens) = (builder.Model.Heads[0], builder.Tokens);
        return DeepSeekFamily.Attention(
            builder, layer, x, DeepSeekFamily.Queries(builder, layer, x), null, Gated);

        Tensor Gated(Tensor y)
        {
            var gate = Sigmoid(Reshape(MulMat(builder.Required(layer, "attn_gate"), x), 1, heads, tokens));
            var byHead = Mul(Reshape(y, y.Ne.D0 / heads, heads, tokens), gate);
            return Cont(byHead, y.Ne.D0, tokens);
        }
    }
}
