using System.Collections.Generic;

namespace ModelFit.Architectures.Layouts;

/// <summary>
/// MiniMax-01, whose layers are lightning attention but for each eighth, and MiniMax-M3, whose attention is sparse by
/// an indexer (load_arch_tensors in llama.cpp's src/models/minimax-01.cpp and minimax-m3.cpp).
/// </summary>
internal static class MiniMaxLayouts
{
    private const int DefaultInterval = 8;

    private static readonly DecoderStyle Plain = new();

    private static readonly DecoderStyle Sparse = new()
    {
        QkNorm = QkNormKind.Head,
        RouterBias = DecoderStyle.RouterBiasName,
        BlockExtra = Indexer,
    };

    /// <summary>The layouts of these architectures.</summary>
    public static IReadOnlyDictionary<string, TensorLayout> Layouts { get; } = new Dictionary<string, TensorLayout>
    {
        ["minimax-01"] = new(Lightning),
        ["minimax-m3"] = new(list => DecoderLayout.Build(list, Sparse)),
    };

    private static void Lightning(TensorList list)
    {
        var model = list.Model;
        var interval = (int)model.Metadata.Integer("full_attention_interval", DefaultInterval);
        DecoderLayout.Frame(list, Plain);
        for (var layer = 0; layer < model.Layers; layer++)
        {
            list.Norm(layer, "attn_norm", model.Embedding);
            list.Norm(layer, "ffn_norm", model.Embedding);
            if ((layer + 1) % interval == 0) DecoderLayout.Attention(list, Plain, layer);
            else LinearAttention(list, layer);
            DecoderLayout.FeedForward(list, Plain, layer);
        }
    }

    private static void LinearAttention(TensorList list, int layer)
    {
        var width = list.Model.KeyLength * list.Model.Heads(layer);
        list.Norm(layer, "attn_norm_2", width);
        list.Linear(layer, "attn_qkv", list.Model.Embedding, 3 * width);
        list.Linear(layer, "attn_gate", list.Model.Embedding, width);
        list.Linear(layer, "attn_output", width, list.Model.Embedding);
    }

    private static void Indexer(TensorList list, int layer)
    {
        if (layer < list.Model.LeadingDense) return;
        var length = list.Model.Metadata.Integer("attention.indexer.key_length", 0);
        var heads = list.Model.Metadata.Integer("attention.indexer.head_count", 0);
        list.Linear(layer, "indexer.q_proj", list.Model.Embedding, heads * length);
        list.Linear(layer, "indexer.k_proj", list.Model.Embedding, length);
        list.Norm(layer, "indexer.q_norm", length);
        list.Norm(layer, "indexer.k_norm", length);
    }
}
