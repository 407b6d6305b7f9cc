using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>StableLM (src/models/stablelm.cpp).</summary>
internal static class StableLm
{
    public static Architecture[] All { get; } =
    {
        new("stablelm")
        {
            Classes = "StableLmForCausalLM StableLMEpochForCausalLM LlavaStableLMEpochForCausalLM",
            Shape = new()
            {
                NormOp = Op.Norm, NormBias = true, HeadNorms = QkNormKind.EachHead, HeadNormsByTrait = true,
            },
            Compose = Decoder.Composed(Layer),
        },
    };

    /// <summary>Without a second norm the feed-forward reads the first one's result.</summary>
    private static Tensor Layer(GraphBuilder builder, int layer, Tensor x)
    {
        var normed = builder.Norm(layer, "attn_norm", x);
        var y = builder.KeepOutputs(layer, Decoder.Attention(builder, layer, normed));
        var residual = Add(y, builder.KeepOutputs(layer, x));
        var input = builder.Weight(layer, "ffn_norm") is null
            ? builder.KeepOutputs(layer, normed)
            : builder.Norm(layer, "ffn_norm", residual);
        return Add(builder.FeedForward(layer, input), residual);
    }
}
