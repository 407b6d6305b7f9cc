using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>Cohere with experts (src/models/cohere2moe.cpp).</summary>
internal static class Cohere2Moe
{
    public static Architecture[] All { get; } =
    {
        new("cohere2moe")
        {
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "Cohere2MoeForCausalLM",
            TiesByDefault = true,
            Configure = draft => draft.WindowPattern(),
            KeepsPredictionLayers = true,
            Shape = new()
            {
                Window = WindowRule.Standard(4, globalFirst: true),
                HasRope = (model, layer) =>
                    model.IsWindowLayer[layer] || layer < model.Metadata.Integer("leading_dense_block_count", 0),
                Experts = ExpertRules.FromMetadata, RowsCut = OutputRowsCut.AfterFinalNorm,
                LogitScaling = _ => LogitScale.Scale, BlockNorms = Norms.One,
            },
            Compose = Decoder.Composed(Parallel),
        },
    };

    /// <summary>Attention and feed-forward side by side; the shared expert's sum is halved.</summary>
    private static Tensor Parallel(GraphBuilder builder, int layer, Tensor x)
    {
        var normed = builder.Norm(layer, "attn_norm", x);
        var y = Decoder.Attention(builder, layer, normed);
        var fed = Decoder.FeedForward(builder, layer, normed);
        if (builder.Weight(layer, "ffn_up_shexp") is not null) fed = Scale(fed);
        return Add(Add(fed, x), y);
    }
}
