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
    public static Architecture[] All { get; } =
    {
        new("bert")
        {
            Kind = ModelKind.Embedding,
            Classes =
                "BertModel BertForMaskedLM CamembertModel BertForSequenceClassification DistilBertModel "
                + "DistilBertForMaskedLM DistilBertForSequenceClassification RobertaModel "
                + "RobertaForSequenceClassification NomicBertModel XLMRobertaModel "
                + "XLMRobertaForSequenceClassification",
            Shape = new()
            {
                NormOp = Op.Norm, Output = OutputSource.None, HasRope = (_, _) => false, BlockNorms = Norms.Encoder,
                NormBias = true, OutputNormHasWeight = false, AlwaysTied = true, QkvBias = true,
                AttentionOutputBias = true, FeedForward = FeedForwardKind.Plain, FeedForwardBias = true,
            },
            FrameTensors = BertEmbeddings, Compose = ComposeBert,
            Likeness = new(23, "token_embd_norm.weight position_embd.weight !output_norm.weight"),
        },
        new("nomic-bert")
        {
            Kind = ModelKind.Embedding,
            Shape = new()
            {
                NormOp = Op.Norm, Output = OutputSource.None, BlockNorms = Norms.Encoder, NormBias = true,
                OutputNormHasWeight = false, AlwaysTied = true, FusedQkv = true,
            },
            FrameTensors = NomicEmbeddings, Compose = ComposeBert,
            Likeness = new(24, "token_embd_norm.weight !output_norm.weight"),
        },
        new("nomic-bert-moe")
        {
            Kind = ModelKind.Embedding,
            LayoutAccuracy = Accuracy.Modelled,
            Shape = new()
            {
                NormOp = Op.Norm, Output = OutputSource.None,
                Experts = metadata => ExpertRules.FromMetadata(metadata) with
                {
                    Gating = ExpertGating.SoftMax, NormalizesWeights = false,
                },
                BlockNorms = Norms.Encoder, NormBias = true, OutputNormHasWeight = false, AlwaysTied = true,
                FusedQkv = true, QkvBias = true, AttentionOutputBias = true, FeedForwardBias = true,
                FeedForward = FeedForwardKind.Plain, PlainExperts = true, IsExpertLayer = IsEverySecond,
            },
            FrameTensors = NomicEmbeddings, Compose = ComposeBert,
        },
        new("jina-bert-v2")
        {
            Kind = ModelKind.Embedding,
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "JinaBertModel JinaBertForMaskedLM",
            Shape = new()
            {
                NormOp = Op.Norm, Output = OutputSource.None, HasRope = (_, _) => false, BlockNorms = Norms.Encoder,
                NormBias = true, OutputNormHasWeight = false, AlwaysTied = true, QkvBias = true,
                AttentionOutputBias = true,
            },
            FrameTensors = NomicEmbeddings, Compose = ComposeBert,
        },
        new("jina-bert-v3")
        {
            Kind = ModelKind.Embedding,
            LayoutAccuracy = Accuracy.Modelled,
            Shape = new()
            {
                NormOp = Op.Norm, Output = OutputSource.None, BlockNorms = Norms.Encoder, NormBias = true,
                OutputNormHasWeight = false, AlwaysTied = true, QkvBias = true, AttentionOutputBias = true,
                FeedForward = FeedForwardKind.Plain, FeedForwardBias = true,
            },
            FrameTensors = Gpt2.NormedEmbeddings, Compose = ComposeBert,
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
            var (q, k, v) = Decoder.Heads(builder, layer, x);
            var y = builder.KeepOutputs(layer, builder.BatchAttention(layer, q, k, v));
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
        list.Add("position_embd.weight", list.Model.Embedding, list.Model.Metadata.Integer("context_length", 0));
    }

    private static void NomicEmbeddings(TensorList list)
    {
        list.Add("token_embd_norm.weight", list.Model.Embedding);
        list.Add("token_embd_norm.bias", list.Model.Embedding);
        var types = list.Model.Metadata.Integer("tokenizer.ggml.token_type_count", 2);
        list.Add("token_types.weight", list.Model.Embedding, types);
    }

    private static bool IsEverySecond(Hyperparameters model, int layer) =>
        model.Metadata.Integer("moe_every_n_layers", 2) is > 0 and var step && layer % step == 1;
}
