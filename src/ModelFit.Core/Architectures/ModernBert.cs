using ModelFit.Graph;
using ModelFit.Graph.Blocks;

namespace ModelFit.Architectures;

/// <summary>
/// Encoders of a decoder's layers (src/models/modern-bert.cpp, neo-bert.cpp, eurobert.cpp, llama-embed of llama.cpp,
/// gemma-embedding.cpp).
/// </summary>
internal static class ModernBert
{
    public static Architecture[] All { get; } =
    {
        new("modern-bert")
        {
            Kind = ModelKind.Embedding,
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "ModernBertModel ModernBertForMaskedLM ModernBertForSequenceClassification",
            TiesByDefault = true,
            Shape = new()
            {
                NormOp = Op.Norm, Output = OutputSource.None, AttendsBatchOnly = true, NormsEmbeddings = true,
                Window = WindowRule.Standard(3, globalFirst: true), BlockNorms = Norms.None, AlwaysTied = true,
                FusedQkv = true, FeedForward = FeedForwardKind.Fused,
            },
            FrameTensors = list => list.Add("token_embd_norm.weight", list.Model.Embedding),
            BlockTensors = LayerNorms, Compose = ComposeLayers,
        },
        new("neo-bert")
        {
            Kind = ModelKind.Embedding,
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "NeoBERT NeoBERTLMHead NeoBERTForSequenceClassification",
            Shape = new()
            {
                Output = OutputSource.None, AttendsBatchOnly = true, OutputNorm = "enc.output_norm",
                AlwaysTied = true, FusedQkv = true, FeedForward = FeedForwardKind.Fused,
            },
            Compose = ComposeLayers,
        },
        new("eurobert")
        {
            Kind = ModelKind.Embedding,
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "EuroBertModel JinaEmbeddingsV5Model",
            Shape = new() { Output = OutputSource.None, AttendsBatchOnly = true },
            Compose = ComposeLayers,
        },
        new("llama-embed")
        {
            Kind = ModelKind.Embedding,
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "LlamaBidirectionalModel",
            Shape = new() { AttendsBatchOnly = true, KeepsUnusedCache = true, PlainExperts = true },
            Compose = ComposeLayers,
        },
        new("gemma-embedding")
        {
            Kind = ModelKind.Embedding,
            Classes = "Gemma3TextModel",
            TiesByDefault = true,
            Shape = new()
            {
                AttendsBatchOnly = true, ScalesEmbeddings = _ => true, ScalesQueries = true, AlwaysTied = true,
                Window = WindowRule.Standard(6), BlockNorms = Norms.Sandwich, HeadNorms = QkNormKind.Head,
            },
            Compose = ComposeLayers,
        },
    };

    /// <summary>The layers of a decoder, the first with or without a norm, and the final norm.</summary>
    private static void ComposeLayers(GraphBuilder builder)
    {
        var x = builder.Embed();
        for (var layer = 0; layer < builder.Model.Layers; layer++)
        {
            if (builder.Shape.KeepsUnusedCache) builder.ReserveCache(layer);
            var normed = builder.Weight(layer, "attn_norm") is null ? x : builder.Norm(layer, "attn_norm", x);
            x = Decoder.Feed(builder, layer, Decoder.Attention(builder, layer, normed), x);
        }

        builder.EmbeddingHead(x);
    }

    /// <summary>No norm before the first attention, for the embeddings are normed.</summary>
    private static void LayerNorms(TensorList list, int layer)
    {
        if (layer > 0) list.Norm(layer, "attn_norm", list.Model.Embedding);
        list.Norm(layer, "ffn_norm", list.Model.Embedding);
    }
}
