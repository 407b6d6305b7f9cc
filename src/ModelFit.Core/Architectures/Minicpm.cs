using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>
/// MiniCPM, plain and with latent attention (src/models/minicpm.cpp, minicpm3.cpp), and PLM, whose keys are expanded
/// (plm.cpp).
/// </summary>
internal static class Minicpm
{
    public static Architecture[] All { get; } =
    {
        new("minicpm")
        {
            Classes = "MiniCPMForCausalLM",
            IgnoresWindow = true,
            Shape = new()
            {
                LogitScaling = ArchitectureShape.ScaledLogits, ScalesEmbeddings = _ => true,
                ScalesResidual = _ => true,
            },
        },
        new("minicpm3")
        {
            Classes = "MiniCPM3ForCausalLM",
            KeepsFullHeads = true, RefusesTensorSplit = true,
            Shape = new() { ScalesEmbeddings = _ => true, LogitScaling = _ => LogitScale.BeforeOutput },
            AttentionTensors = Deepseek2.Attention, Compose = ComposeScaled,
        },
        new("plm")
        {
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "PLMForCausalLM",
            KeepsFullHeads = true,
            Shape = new()
            {
                Activation = UnaryFunction.Relu, SquaresActivation = true, BreaksUnderFlashAttention = true,
                FeedForward = FeedForwardKind.Plain,
            },
            AttentionTensors = ExpandedAttention, Compose = Decoder.Composed(Deepseek2.Layer),
        },
    };

    /// <summary>The same with scaled residuals (src/models/minicpm3.cpp).</summary>
    private static void ComposeScaled(GraphBuilder builder)
    {
        var x = builder.Embed();
        for (var layer = 0; layer < builder.Model.Layers; layer++)
        {
            var y = Deepseek2.Attention(builder, layer, builder.Norm(layer, "attn_norm", x));
            y = builder.KeepOutputs(layer, y);
            var residual = Add(Scale(y), builder.KeepOutputs(layer, x));
            x = Add(Scale(builder.FeedForward(layer, builder.Norm(layer, "ffn_norm", residual))), residual);
        }

        builder.Head(x);
    }

    /// <summary>Queries of one matrix, keys and values expanded from one latent.</summary>
    private static void ExpandedAttention(TensorList list, int layer)
    {
        var (width, heads, key, rope) =
            (list.Model.Embedding, list.Model.Heads(layer), list.Model.KeyLength, list.Model.RotaryDimensions);
        var (latent, value) = (list.Key("attention.kv_lora_rank"), list.Model.ValueLength);
        list.Linear(layer, "attn_q", width, heads * key);
        list.Linear(layer, "attn_kv_a_mqa", width, latent + rope);
        list.Norm(layer, "attn_kv_a_norm", latent);
        list.Linear(layer, "attn_kv_b", latent, heads * (key - rope + value));
        list.Linear(layer, "attn_output", heads * value, width);
    }
}
