using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>Phi 2 (src/models/phi2.cpp): attention and feed-forward behind one norm.</summary>
internal static class Phi2
{
    public static Architecture[] All { get; } =
    {
        new("phi2")
        {
            Classes = "PhiForCausalLM",
            Types = "phi",
            Configure = ConfigDraft.FourTimesWider,
            IgnoresWindow = true,
            Shape = Gpt2.Biased with { ScalesQueries = true, BlockNorms = Norms.One, OutputBias = true },
            Compose = Decoder.Composed(Layer),
        },
    };

    private static Tensor Layer(GraphBuilder builder, int layer, Tensor x)
    {
        var normed = builder.Norm(layer, "attn_norm", x);
        var y = builder.KeepOutputs(layer, Decoder.Attention(builder, layer, normed));
        x = builder.KeepOutputs(layer, x);
        return Add(Add(y, builder.FeedForward(layer, builder.KeepOutputs(layer, normed))), x);
    }
}
