using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>OLMo (src/models/olmo.cpp, olmoe.cpp) and OLMo 2, whose norms follow (olmo2.cpp).</summary>
internal static class Olmo
{
    public static Architecture[] All { get; } =
    {
        new("olmo")
        {
            Classes = "OlmoForCausalLM OLMoForCausalLM",
            Shape = new()
            {
                NormOp = Op.Norm, ReadsClamp = true, BlockNorms = Norms.None, OutputNormHasWeight = false,
            },
            Mix = new() { SeventyBillionLayers = 80 },
        },
        new("olmoe")
        {
            Classes = "OlmoeForCausalLM",
            RefusesTensorSplit = true,
            Shape = new() { Experts = _ => ExpertRules.AsChosen, HeadNorms = QkNormKind.Row },
        },
        new("olmo2")
        {
            Classes = "Olmo2ForCausalLM Olmo3ForCausalLM",
            RefusesTensorSplit = true,
            Configure = draft => draft.WindowPattern(everyFull: 4),
            Shape = new() { Window = WindowRule.Standard(4), BlockNorms = Norms.After, HeadNorms = QkNormKind.Row },
            Compose = Decoder.Composed(NormsAfter),
        },
    };

    /// <summary>Norms only after attention and after the feed-forward.</summary>
    public static Tensor NormsAfter(GraphBuilder builder, int layer, Tensor x)
    {
        var y = builder.KeepOutputs(layer, Decoder.Attention(builder, layer, x));
        x = builder.KeepOutputs(layer, x);
        var residual = Add(builder.Norm(layer, "post_attention_norm", y), x);
        y = builder.FeedForward(layer, residual);
        return Add(builder.Norm(y, builder.Weight(layer, "post_ffw_norm"), null, -1), residual);
    }
}
