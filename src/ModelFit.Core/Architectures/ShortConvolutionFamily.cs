using System.Collections.Generic;
using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>Short gated convolutions between attention layers (src/models/lfm2.cpp, lfm2moe.cpp).</summary>
internal static class ShortConvolutionFamily
{
    public static IEnumerable<Architecture> All { get; } = new[]
    {
        Named("lfm2") with { Window = WindowRule.Standard(0), RotatesNoWindowCache = true }, Named("lfm2moe"),
    };

    private static Architecture Named(string name) => new(name)
    {
        Compose = Decoder.Composed(Layer), OutputNorm = "token_embd_norm",
        Experts = metadata => ExpertRules.FromMetadata(metadata) with { NormalizesWeights = true },
    };

    private static Tensor Layer(GraphBuilder builder, int layer, Tensor x)
    {
        var y = builder.Norm(layer, "attn_norm", x);
        y = builder.Model.KvHeads[layer] == 0
            ? Convolution(builder, layer, y)
            : Decoder.Attention(builder, layer, y);
        y = builder.KeepOutputs(layer, y);
        x = Add(builder.KeepOutputs(layer, x), y);
        return Add(x, Decoder.FeedForward(builder, layer, builder.Norm(layer, "ffn_norm", x)));
    }

    /// <summary>B and C gate the input and the output of the convolution; all three are one projection.</summary>
    private static Tensor Convolution(GraphBuilder builder, int layer, Tensor x)
    {
        var (tokens, sequences) = (builder.Settings.TokensPerSequence, builder.Settings.Sequences);
        var width = x.Ne.D0;
        var all = MulMat(builder.Required(layer, "shortconv.in_proj"), Reshape(x, width, tokens, sequences));
        Tensor Part(int i) =>
            View3(all, width, tokens, sequences, all.Nb.D1, all.Nb.D2, i * width * sizeof(float));
        var (b, c, input) = (Part(0), Part(1), Part(2));
        var kernel = builder.Model.Size("shortconv.l_cache");
        var y = builder.Convolve(layer, Mul(b, input), kernel, weight: "shortconv.conv");
        y = MulMat(builder.Required(layer, "shortconv.out_proj"), Mul(c, y));
        return Reshape(y, y.Ne.D0, tokens * sequences);
    }
}
