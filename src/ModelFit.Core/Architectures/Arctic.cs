using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>Arctic (src/models/arctic.cpp): a dense feed-forward, and experts over the layer's own input.</summary>
internal static class Arctic
{
    public static Architecture[] All { get; } =
    {
        new("arctic")
        {
            Classes = "ArcticForCausalLM",
            Shape = new() { BlockNorms = new[] { "attn_norm", "ffn_norm", "ffn_norm_exps" } },
            BlockTensors = (list, layer) => list.DenseFeedForward(layer, list.Model.Embedding),
            Compose = Decoder.Composed(Layer),
        },
    };

    /// <summary>A dense feed-forward, and experts over the layer's own input.</summary>
    private static Tensor Layer(GraphBuilder builder, int layer, Tensor x)
    {
        var y = builder.KeepOutputs(layer, Decoder.Attention(builder, layer, builder.Norm(layer, "attn_norm", x)));
        x = builder.KeepOutputs(layer, x);
        var residual = Add(y, x);
        var dense = Add(builder.FeedForward(layer, builder.Norm(layer, "ffn_norm", residual)), residual);
        y = builder.Experts(layer, builder.Norm(layer, "ffn_norm_exps", x), ExpertRules.Default);
        return Add(y, dense);
    }
}
