using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using ModelFit.Models;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>
/// Text encoders: they attend over the batch, keep no cache and give embeddings (src/models/bert.cpp, nomic-bert.cpp,
/// jina-bert-v2.cpp).
/// </summary>
internal static class Bert
{
    /// <summary>Norms after attention and feed-forward, with biases; no cache and no output.</summary>
    private static readonly Architecture Encoder = new(string.Empty)
    {
        Kind = ModelKind.Embedding,
        Shape = new()
        {
            NormOp = Op.Norm, Output = OutputSource.None, AttendsBatchOnly = true, BlockNorms = Norms.Encoder,
            NormBias = true, OutputNormHasWeight = false, AlwaysTied = true,
        },
        FrameTensors = NomicEmbeddings, Compose = ComposeBert,
    };

    /// <summary>Biases everywhere, and a feed-forward without a gate.</summary>
    private static readonly ArchitectureShape Biased = Encoder.Shape with
    {
        QkvBias = true, AttentionOutputBias = true, FeedForwardBias = true, FeedForward = FeedForwardKind.Plain,
    };

    public static Architecture[] All { get; } =
    {
        Encoder with
        {
            Name = "bert",
            Classes =
                "BertModel BertForMaskedLM CamembertModel BertForSequenceClassification DistilBertModel "
                + "DistilBertForMaskedLM DistilBertForSequenceClassification RobertaModel "
                + "RobertaForSequenceClassification NomicBertModel XLMRobertaModel "
                + "XLMRobertaForSequenceClassification",
            Shape = Biased with { HasRope = (_, _) => false },
            FrameTensors = BertEmbeddings,
            Likeness = new(23, "token_embd_norm.weight position_embd.weight !output_norm.weight"),
        },
        Encoder with
        {
            Name = "nomic-bert",
            Shape = Encoder.Shape with { FusedQkv = true },
            Likeness = new(24, "token_embd_norm.weight !output_norm.weight"),
        },
        Encoder with
        {
            Name = "nomic-bert-moe",
            LayoutAccuracy = Accuracy.Modelled,
            Shape = Biased with
            {
                Experts = metadata => ExpertRules.FromMetadata(metadata) with
                {
                    Gating = ExpertGating.SoftMax, NormalizesWeights = false,
                },
                FusedQkv = true, PlainExperts = true, IsExpertLayer = IsEverySecond,
            },
        },
        Encoder with
        {
            Name = "jina-bert-v2",
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "JinaBertModel JinaBertForMaskedLM",
            Shape = Encoder.Shape with { HasRope = (_, _) => false, QkvBias = true, AttentionOutputBias = true },
        },
        Encoder with
        {
            Name = "jina-bert-v3",
            LayoutAccuracy = Accuracy.Modelled,
            Shape = Biased,
            FrameTensors = Gpt2.NormedEmbeddings,
        },
    };

    private static void ComposeBert(GraphBuilder builder)
    {
        var x = builder.EmbedTokens();
        if (builder.Global("token_types.weight", -1) is { } types) x = Add(x, View1(types, builder.Model.Embedding));
        if (builder.Global("position_embd.weight", -1) is { } table) x = Add(GetRows(table, builder.Positions()), x);
        x = builder.Norm(
            x, builder.Global("token_embd_norm.weight", 0), builder.Global("token_embd_norm.bias", 0), 0);
        for (var layer = 0; layer < builder.Model.Layers; layer++)
        {
            var y = builder.KeepOutputs(layer, Decoder.Attention(builder, layer, x));
            var residual = builder.Norm(layer, "attn_output_norm", Add(y, builder.KeepOutputs(layer, x)));
            if (builder.Weight(layer, "attn_norm_2") is not null)
                residual = builder.Norm(layer, "attn_norm_2", residual);
            y = Decoder.FeedForward(builder, layer, residual);
            x = builder.Norm(layer, "layer_output_norm", Add(y, residual));
        }

        builder.Expand(x).IsOutput = true;
    }

    private static void BertEmbeddings(TensorList list)
    {
        NomicEmbeddings(list);
        Gpt2.Positions(list);
    }

    private static void NomicEmbeddings(TensorList list)
    {
        Gpt2.NormedEmbeddings(list);
        var types = list.Model.Metadata.Integer("tokenizer.ggml.token_type_count", 2);
        list.Add("token_types.weight", list.Model.Embedding, types);
    }

    private static bool IsEverySecond(Hyperparameters model, int layer) =>
        model.Metadata.Integer("moe_every_n_layers", 2) is > 0 and var step && layer % step == 1;
}
