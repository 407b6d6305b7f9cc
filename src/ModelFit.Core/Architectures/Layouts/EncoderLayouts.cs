using System.Collections.Generic;

namespace ModelFit.Architectures.Layouts;

/// <summary>Text encoders, after llama.cpp's src/models/bert.cpp, nomic-bert.cpp and gemma-embedding.cpp.</summary>
internal static class EncoderLayouts
{
    private static readonly DecoderStyle Bert = new()
    {
        BlockNorms = new[] { "attn_output_norm", "layer_output_norm" },
        NormBias = true,
        OutputNorm = false,
        AlwaysTied = true,
        QkvBias = true,
        AttentionOutputBias = true,
        FeedForward = FeedForwardKind.Plain,
        FeedForwardBias = true,
        Extra = BertEmbeddings,
    };

    private static readonly DecoderStyle NomicBert = Bert with
    {
        FusedQkv = true,
        QkvBias = false,
        AttentionOutputBias = false,
        FeedForward = FeedForwardKind.Gated,
        FeedForwardBias = false,
        Extra = NomicEmbeddings,
    };

    private static readonly DecoderStyle GemmaEmbedding = new()
    {
        BlockNorms = new[] { "attn_norm", "post_attention_norm", "ffn_norm", "post_ffw_norm" },
        AlwaysTied = true,
        QkNorm = QkNormKind.Head,
    };

    /// <summary>The layouts of these architectures.</summary>
    public static IReadOnlyDictionary<string, TensorLayout> Layouts { get; } = new Dictionary<string, TensorLayout>
    {
        ["bert"] = new(list => DecoderLayout.Build(list, Bert)),
        ["nomic-bert"] = new(list => DecoderLayout.Build(list, NomicBert)),
        ["gemma-embedding"] = new(list => DecoderLayout.Build(list, GemmaEmbedding)),
    };

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
}
