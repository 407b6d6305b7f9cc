using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>
/// GPT-NeoX (src/models/gptneox.cpp): the residuals of attention and feed-forward side by side or not.
/// </summary>
internal static class GptNeox
{
    public static Architecture[] All { get; } =
    {
        new("gptneox")
        {
            Classes = "GPTNeoXForCausalLM",
            Shape = Gpt2.Biased with { FusedQkv = true },
            Compose = Decoder.Composed(Layer),
        },
    };

    private static Tensor Layer(GraphBuilder builder, int layer, Tensor x)
    {
        var y = Decoder.Attention(builder, layer, builder.Norm(layer, "attn_norm", x));
        if (builder.Model.Metadata.Flag("use_parallel_residual") == false) return Decoder.Feed(builder, layer, y, x);
        (y, x) = (builder.KeepOutputs(layer, y), builder.KeepOutputs(layer, x));
        return Add(Add(builder.FeedForward(layer, builder.Norm(layer, "ffn_norm", x)), x), y);
    }
}
