using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>Short gated convolutions between attention layers (src/models/lfm2.cpp, lfm2moe.cpp).</summary>
internal static class Lfm2
{
    public static Architecture[] All { get; } =
    {
        new("lfm2")
        {
            Classes = "Lfm2ForCausalLM LFM2ForCausalLM Lfm2Model Lfm2BidirectionalModel Lfm25AudioTokenizer",
            Types = "lfm2text",
            TiesByDefault = true,
            Configure = Configure,
            Shape = new()
            {
                OutputNorm = "token_embd_norm",
                Experts = metadata => ExpertRules.FromMetadata(metadata) with { NormalizesWeights = true },
                Window = WindowRule.Standard(0), RotatesNoWindowCache = true, HeadNorms = QkNormKind.Head,
                RouterBias = ArchitectureShape.RouterBiasName,
            },
            AttentionTensors = ConvolutionOrAttention, Compose = Decoder.Composed(Layer),
            Likeness = new(9, "shortconv.in_proj.weight"),
        },
        new("lfm2moe")
        {
            Classes = "Lfm2MoeForCausalLM",
            TiesByDefault = true,
            Configure = Configure,
            Shape = new()
            {
                OutputNorm = "token_embd_norm",
                Experts = metadata => ExpertRules.FromMetadata(metadata) with { NormalizesWeights = true },
                HeadNorms = QkNormKind.Head, RouterBias = ArchitectureShape.RouterBiasName,
            },
            AttentionTensors = ConvolutionOrAttention, Compose = Decoder.Composed(Layer),
            Likeness = new(8, "shortconv.in_proj.weight ffn_gate_exps.weight"),
        },
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

    private static void ConvolutionOrAttention(TensorList list, int layer)
    {
        if (list.Model.KvHeads(layer) > 0)
        {
            list.Attention(layer);
            return;
        }

        var width = list.Model.Embedding;
        list.Linear(layer, "shortconv.conv", list.Key("shortconv.l_cache"), width);
        list.Linear(layer, "shortconv.in_proj", width, 3 * width);
        list.Linear(layer, "shortconv.out_proj", width, width);
    }

    /// <summary>Short convolutions, and attention in the layers that are listed.</summary>
    private static void Configure(ConfigDraft draft)
    {
        var types = draft.Config.Texts("layer_types") ?? Array.Empty<string>();
        var attended = draft.Config.Integers("full_attn_idxs") ?? Array.Empty<long>();
        draft.AttentionWhere(
            layer => attended.Contains(layer) || (layer < types.Length && types[layer] == "full_attention"));
    }
}
