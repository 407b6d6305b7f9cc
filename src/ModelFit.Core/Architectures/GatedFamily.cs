using System.Collections.Generic;
using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>
/// Decoders whose attention is gated by a projection of its input, a head or an element each, and may be normed after
/// it (src/models/afmoe.cpp and the files of the other names).
/// </summary>
internal static class GatedFamily
{
    public static IEnumerable<Architecture> All { get; } = new Architecture[]
    {
        new("afmoe")
        {
            Compose = Decoder.Composed(Layer), Window = WindowRule.Standard(4), ScalesEmbeddings = _ => true,
            HasRope = (_, layer) => (layer + 1) % 4 != 0,
            Experts = ExpertRules.FromMetadata, PinsLastNorm = true,
        },
        new("laguna")
        {
            Compose = Decoder.Composed(Layer), Window = WindowRule.Standard(4, globalFirst: true),
            AttentionGate = UnaryFunction.Softplus, Experts = ExpertRules.FromMetadata,
        },
        new("step35")
        {
            Compose = Decoder.Composed(Layer), Window = WindowRule.Standard(4), HasPlainWindowRope = true,
            ReadsGateLimits = true, RowsCut = OutputRowsCut.BeforeFinalNorm,
            Experts = metadata => ExpertRules.FromMetadata(metadata, ExpertGating.Sigmoid),
            KeptPredictionWeights = new[]
            {
                "attn_q_norm", "attn_k_norm", "attn_gate", "ffn_gate", "ffn_up", "ffn_down", "exp_probs_b",
                "nextn.embed_tokens", "nextn.shared_head", "rope_freqs", "rope_factors",
            },
        },
        new("spark2_5") { Compose = Decoder.Composed(Layer), Window = WindowRule.Standard(0) },
        new("muse-glimmer")
        {
            Compose = Decoder.Composed(Layer), Window = WindowRule.Standard(4), NormsEmbeddings = true,
            HasRope = (model, layer) => model.IsWindowLayer[layer], LogitScaling = _ => LogitScale.ScaleAndSoftCap,
        },
    };

    /// <summary>Attention whose result is gated by a projection of its input, a head or an element each.</summary>
    private static Tensor Layer(GraphBuilder builder, int layer, Tensor x)
    {
        var y = Attention(builder, layer, builder.Norm(layer, "attn_norm", x));
        if (builder.Weight(layer, "post_attention_norm") is not null) y = builder.Norm(layer, "post_attention_norm", y);
        if (builder.Architecture.RowsCut == OutputRowsCut.InLastLayer)
        {
            y = builder.KeepOutputs(layer, y);
            x = builder.KeepOutputs(layer, x);
        }

        var residual = Add(y, x);
        y = Decoder.FeedForward(builder, layer, builder.Norm(layer, "ffn_norm", residual));
        if (builder.Weight(layer, "post_ffw_norm") is not null) y = builder.Norm(layer, "post_ffw_norm", y);
        return Add(y, residual);
    }

    private static Tensor Attention(GraphBuilder builder, int layer, Tensor x)
    {
        var (q, k, v) = Decoder.Heads(builder, layer, x);
        var y = builder.GatedValues(layer, builder.AttentionValues(layer, q, k, v), x);
        return builder.Linear(layer, "attn_output", y);
    }
}
