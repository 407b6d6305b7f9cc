using System;
using System.Collections.Generic;
using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>
/// State space models and their hybrids with attention (src/models/mamba.cpp, mamba2.cpp, jamba.cpp, falcon-h1.cpp,
/// granite-hybrid.cpp, plamo2.cpp).
/// </summary>
internal static class StateSpaceFamily
{
    public static IEnumerable<Architecture> All { get; } = new Architecture[]
    {
        new("mamba") { Compose = Mamba(StateSpace.Mamba1), ScansState = true },
        new("mamba2") { Compose = Mamba(StateSpace.Mamba2), ScansState = true },
        new("jamba")
        {
            Compose = Decoder.Composed(JambaLayer), ScansState = true, HasRope = (_, _) => false,
            Experts = _ => new ExpertRules { NormalizesWeights = false },
        },
        new("plamo2") { Compose = Decoder.Composed(PlamoLayer), ScansState = true, PinsLastNorm = true },
        new("falcon-h1") { Compose = Decoder.Composed(BesideLayer), ScansState = true },
        new("granitehybrid")
        {
            Compose = Decoder.Composed(GraniteLayer), ScansState = true,
            ScalesEmbeddings = Architecture.HasEmbeddingScale, ScalesResidual = Architecture.HasResidualScale,
            LogitScaling = Architecture.ScaledLogits,
            HasRope = (model, _) => model.Metadata.Flag("rope.scaling.finetuned") ?? true,
        },
    };

    private static Action<GraphBuilder> Mamba(Func<GraphBuilder, int, Tensor, Tensor> block) =>
        Decoder.Composed((builder, layer, x) =>
        {
            var y = block(builder, layer, builder.Norm(layer, "attn_norm", x));
            y = builder.KeepOutputs(layer, y);
            return Add(y, builder.KeepOutputs(layer, x));
        });

    /// <summary>Attention in the layers that have key heads, the state space in the others.</summary>
    private static Tensor AttentionOr(
        Func<GraphBuilder, int, Tensor, Tensor> stateSpace, GraphBuilder builder, int layer, Tensor x) =>
        builder.Model.KvHeads[layer] == 0 ? stateSpace(builder, layer, x) : Decoder.Attention(builder, layer, x);

    /// <summary>Mamba 1, or attention without rope, then a dense or sparse feed-forward.</summary>
    private static Tensor JambaLayer(GraphBuilder builder, int layer, Tensor x)
    {
        var y = AttentionOr(StateSpace.Mamba1, builder, layer, builder.Norm(layer, "attn_norm", x));
        y = builder.KeepOutputs(layer, y);
        var residual = Add(builder.KeepOutputs(layer, x), y);
        return Add(residual, Decoder.FeedForward(builder, layer, builder.Norm(layer, "ffn_norm", residual)));
    }

    /// <summary>The common layer, whose attention is Mamba 2 in most.</summary>
    private static Tensor PlamoLayer(GraphBuilder builder, int layer, Tensor x) =>
        Decoder.LayerWith((_, _, y) => AttentionOr(StateSpace.NormedMamba2, builder, layer, y), builder, layer, x);

    /// <summary>Attention and state space side by side in each layer.</summary>
    private static Tensor BesideLayer(GraphBuilder builder, int layer, Tensor x)
    {
        var attention = Decoder.Attention(builder, layer, builder.Norm(layer, "attn_norm", x));
        var y = Add(attention, StateSpace.Mamba2(builder, layer, builder.Norm(layer, "attn_norm", x)));
        var residual = builder.KeepOutputs(layer, Add(y, x));
        return Add(builder.FeedForward(layer, builder.Norm(layer, "ffn_norm", residual)), residual);
    }

    /// <summary>The common layer, whose attention is Mamba 2 in most.</summary>
    private static Tensor GraniteLayer(GraphBuilder builder, int layer, Tensor x) =>
        Decoder.LayerWith((_, _, y) => AttentionOr(StateSpace.Mamba2, builder, layer, y), builder, layer, x);
}
