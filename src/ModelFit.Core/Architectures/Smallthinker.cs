using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>SmallThinker (src/models/smallthinker.cpp): the router reads the layer's input, before attention.</summary>
internal static class Smallthinker
{
    public static Architecture[] All { get; } =
    {
        new("smallthinker")
        {
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "SmallThinkerForCausalLM",
            Configure = draft => draft.Set(Keys.FeedForward, draft.Config.Integer("moe_ffn_hidden_size")),
            Shape = new()
            {
                Experts = ExpertRules.Normalized,
                Window = metadata => metadata.Integer("attention.sliding_window", 0) > 0
                    ? new WindowRule(4096, 4, GlobalFirst: true)
                    : null,
                HasRope = (model, layer) => !model.HasWindow || layer % 4 != 0,
            },
            Compose = Decoder.Composed(RoutesEarly),
        },
    };

    /// <summary>The router reads the layer's input, before attention.</summary>
    private static Tensor RoutesEarly(GraphBuilder builder, int layer, Tensor x)
    {
        var logits = MulMat(builder.Required(layer, "ffn_gate_inp"), x);
        var y = Decoder.Attention(builder, layer, builder.Norm(layer, "attn_norm", x));
        var residual = Add(builder.KeepOutputs(layer, y), builder.KeepOutputs(layer, x));
        var rules = builder.Shape.Experts(builder.Model.Metadata);
        var normed = builder.Norm(layer, "ffn_norm", residual);
        return Add(builder.Experts(layer, normed, rules, builder.KeepOutputs(layer, logits)), residual);
    }
}
