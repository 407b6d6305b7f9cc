using System.Collections.Generic;
using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>
/// Layers that are state space, attention or feed-forward, one of them each (src/models/nemotron-h.cpp).
/// </summary>
internal static class NemotronFamily
{
    public static IEnumerable<Architecture> All { get; } = new[] { Named("nemotron_h"), Named("nemotron_h_moe") };

    private static Architecture Named(string name) => new(name)
    {
        Compose = Decoder.Composed(Layer), ScansState = true, HasRope = (_, _) => false,
        RowsCut = OutputRowsCut.AfterFinalNorm, Activation = UnaryFunction.Relu, SquaresActivation = true,
        Experts = metadata => ExpertRules.FromMetadata(metadata) with { Gating = ExpertGating.Sigmoid, Groups = 0 },
    };

    private static Tensor Layer(GraphBuilder builder, int layer, Tensor x) =>
        Add(Block(builder, layer, builder.Norm(layer, "attn_norm", x)), x);

    private static Tensor Block(GraphBuilder builder, int layer, Tensor x)
    {
        if (builder.Weight(layer, "ssm_in") is not null) return StateSpace.Mamba2(builder, layer, x);
        if (builder.Weight(layer, "attn_output") is not null) return Decoder.Attention(builder, layer, x);
        return builder.Weight(layer, "ffn_gate_inp") is null
            ? builder.FeedForward(layer, x)
            : Experts(builder, layer, x);
    }

    /// <summary>Experts over a narrower latent where the layer has one, beside a shared expert.</summary>
    private static Tensor Experts(GraphBuilder builder, int layer, Tensor x)
    {
        var latent = builder.Weight(layer, "ffn_latent_down") is { } down ? MulMat(down, x) : x;
        var logits = MulMat(builder.Required(layer, "ffn_gate_inp"), x);
        var y = builder.Experts(layer, latent, builder.Architecture.Experts(builder.Model.Metadata), logits);
        if (builder.Weight(layer, "ffn_latent_up") is { } up) y = MulMat(up, y);
        return Add(y, builder.FeedForward(layer, x, "_shexp"));
    }
}
