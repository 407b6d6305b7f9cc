using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>Grok (src/models/grok.cpp).</summary>
internal static class Grok
{
    public static Architecture[] All { get; } =
    {
        new("grok")
        {
            Classes = "GrokForCausalLM Grok1ForCausalLM",
            RefusesTensorSplit = true,
            Shape = new()
            {
                RefusesFlashAttention = true, ScalesEmbeddings = _ => true, CapsAttention = _ => true,
                Activation = UnaryFunction.Gelu,
                LogitScaling = metadata => metadata.Number("final_logit_softcapping") is null or 0
                    ? LogitScale.Scale
                    : LogitScale.SoftCap,
                Experts = metadata => ExpertRules.Normalized(metadata) with { Gating = ExpertGating.SoftMax },
                BlockNorms = new[] { "attn_norm", "attn_output_norm", "ffn_norm", "layer_output_norm" },
            },
            BlockTensors = DenseBeside, Compose = Decoder.Composed(Layer),
        },
    };

    /// <summary>Norms behind attention and experts, and a dense feed-forward beside the experts.</summary>
    private static Tensor Layer(GraphBuilder builder, int layer, Tensor x)
    {
        var y = builder.KeepOutputs(layer, Decoder.Attention(builder, layer, builder.Norm(layer, "attn_norm", x)));
        var residual = Add(builder.Norm(layer, "attn_output_norm", y), builder.KeepOutputs(layer, x));
        var normed = builder.Norm(layer, "ffn_norm", residual);
        y = Decoder.FeedForward(builder, layer, normed);
        if (builder.Weight(layer, "ffn_up") is not null) y = Scale(Add(builder.FeedForward(layer, normed), y));
        var norm = builder.Weight(layer, "layer_output_norm") is null ? "post_ffw_norm" : "layer_output_norm";
        return Add(builder.Norm(layer, norm, y), residual);
    }

    /// <summary>A dense feed-forward that runs beside the experts of the same layer.</summary>
    private static void DenseBeside(TensorList list, int layer)
    {
        if (list.Model.Metadata.Has(Keys.ExpertFeedForward))
            list.DenseFeedForward(layer, list.Model.FeedForward(layer));
    }
}
