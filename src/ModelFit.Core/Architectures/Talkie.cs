using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>
/// Talkie (src/models/talkie.cpp): norms without weights, and the embedded tokens added again in each layer.
/// </summary>
internal static class Talkie
{
    public static Architecture[] All { get; } =
    {
        new("talkie")
        {
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "TalkieForCausalLM",
            Shape = new()
            {
                NormsEmbeddings = true, NormsHeadsAfterRope = true, LogitScaling = _ => LogitScale.Scale,
                BlockNorms = Norms.None, OutputNormHasWeight = false,
            },
            BlockTensors = Scales, Compose = ComposeTalkie,
        },
    };

    /// <summary>Norms without weights, and the embedded tokens added again in each layer.</summary>
    private static void ComposeTalkie(GraphBuilder builder)
    {
        var embedded = builder.Embed();
        var x = embedded;
        for (var layer = 0; layer < builder.Model.Layers; layer++)
        {
            var (q, k, v) = Decoder.Heads(builder, layer, builder.Norm(layer, "attn_norm", x));
            var y = builder.KeepOutputs(layer, builder.Attention(layer, q, Map(Op.RmsNorm, k), v));
            var residual = Add(y, builder.KeepOutputs(layer, x));
            y = Add(builder.FeedForward(layer, builder.Norm(layer, "ffn_norm", residual)), residual);
            x = Add(y, Mul(builder.KeepOutputs(layer, embedded), builder.Required(layer, "layer_output_scale")));
        }

        builder.Head(x);
    }

    private static void Scales(TensorList list, int layer)
    {
        list.Block(layer, "attn_q_norm.weight", 1, list.Model.Heads(layer));
        list.Block(layer, "layer_output_scale.weight", 1);
    }
}
