using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>Chameleon (src/models/chameleon.cpp).</summary>
internal static class Chameleon
{
    public static Architecture[] All { get; } =
    {
        new("chameleon")
        {
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "ChameleonForConditionalGeneration ChameleonForCausalLM",
            Shape = new()
            {
                HeadNormOp = Op.Norm, LogitScaling = _ => LogitScale.WithoutImages, HeadNorms = QkNormKind.EachHead,
            },
            Compose = Decoder.Composed(ChameleonLayer),
        },
    };

    /// <summary>
    /// The common decoder or, in the larger model, norms after attention and feed-forward, which then does not read the
    /// residual.
    /// </summary>
    private static Tensor ChameleonLayer(GraphBuilder builder, int layer, Tensor x) =>
        builder.Model.Metadata.Flag("swin_norm") is true
            ? NormsAfter(builder, layer, x)
            : Decoder.Layer(builder, layer, x);

    private static Tensor NormsAfter(GraphBuilder builder, int layer, Tensor x)
    {
        var y = builder.KeepOutputs(layer, Decoder.Attention(builder, layer, x));
        y = builder.Norm(layer, "attn_norm", y);
        var residual = Add(y, builder.KeepOutputs(layer, x));
        return Add(builder.Norm(layer, "ffn_norm", builder.FeedForward(layer, y)), residual);
    }
}
