using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>Short gated convolutions between attention layers (src/models/lfm2.cpp, lfm2moe.cpp).</summary>
internal static class Lfm2
{
    private static readonly Architecture Sparse = new("lfm2moe")
    {
        Classes = "Lfm2MoeForCausalLM",
        TiesByDefault = true,
        Configure = Configure,
        Shape = new()
        {
            OutputNorm = "token_embd_norm",
            Experts = ExpertRules.Normalized,
            HeadNorms = QkNormKind.Head, RouterBias = ArchitectureShape.RouterBiasName, AddsToInput = true,
            AddsToResidual = true,
        },
        AttentionTensors = DecoderTensors.Hybrid(DecoderTensors.Attention, Convolution),
        Compose = Decoder.WithAttention(Decoder.Hybrid(Decoder.Attention, Convolution)),
        Likeness = new(8, "shortconv.in_proj.weight ffn_gate_exps.weight"),
    };

    public static Architecture[] All { get; } =
    {
        Sparse with
        {
            Name = "lfm2",
            Classes = "Lfm2ForCausalLM LFM2ForCausalLM Lfm2Model Lfm2BidirectionalModel Lfm25AudioTokenizer",
            Types = "lfm2text",
            Shape = Sparse.Shape with { Window = WindowRule.Standard(0), RotatesNoWindowCache = true },
            Likeness = new(9, "shortconv.in_proj.weight"),
        },
        Sparse,
    };

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

    private static void Convolution(TensorList list, int layer)
    {
        var width = list.Model.Embedding;
        list.Linear(layer, "shortconv.conv", list.Key("shortconv.l_cache"), width);
        list.Linear(layer, "shortconv.in_proj", width, 3 * width);
        list.Linear(layer, "shortconv.out_proj", width, width);
    }

    /// <summary>Short convolutions, and attention in the layers that are listed.</summary>
    private static void Configure(ConfigDraft draft)
    {
        var isFull = draft.OfType("full_attention");
        var attended = draft.Config.Integers("full_attn_idxs") ?? Array.Empty<long>();
        draft.AttentionWhere(layer => attended.Contains(layer) || isFull(layer));
    }
}
