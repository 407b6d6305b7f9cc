using System.Collections.Generic;

namespace ModelFit.Architectures.Layouts;

/// <summary>
/// Architectures whose attention goes through low-rank latents (MLA), after llama.cpp's src/models/deepseek2.cpp,
/// deepseek32.cpp, glm-dsa.cpp and minicpm3.cpp.
/// </summary>
internal static class LatentAttentionLayouts
{
    private static readonly DecoderStyle Style = new();

    /// <summary>The layouts of these architectures.</summary>
    public static IReadOnlyDictionary<string, TensorLayout> Layouts { get; } = new Dictionary<string, TensorLayout>
    {
        ["deepseek2"] = new(list => Build(list, Attention)),
        ["mistral4"] = new(list => Build(list, Attention)),
        ["deepseek32"] = new(list => Build(list, AttentionWithIndexer)),
        ["glm-dsa"] = new(list => Build(list, AttentionWithIndexer)),
        ["minicpm3"] = new(list => Build(list, Attention)),
    };

    /// <summary>A decoder with that attention in each layer.</summary>
    public static void Build(TensorList list, System.Action<TensorList, int> attention)
    {
        DecoderLayout.Frame(list, Style);
        for (var layer = 0; layer < list.Model.Layers; layer++)
        {
            list.Norm(layer, "attn_norm", list.Model.Embedding);
            attention(list, layer);
            list.Norm(layer, "ffn_norm", list.Model.Embedding);
            DecoderLayout.FeedForward(list, Style, layer);
            if (layer >= list.Model.Layers - list.Model.PredictionLayers) DecoderLayout.Prediction(list, Style, layer);
        }
    }

    /// <summary>Attention through the latents.</summary>
    public static void Attention(TensorList list, int layer)
    {
        var model = list.Model;
        var width = model.Embedding;
        var heads = model.Heads(layer);
        var key = model.Metadata.Integer("attention.key_length_mla", model.KeyLength);
        var value = model.Metadata.Integer("attention.value_length_mla", model.ValueLength);
        var rope = model.RotaryDimensions;
        var latent = model.Metadata.Integer("attention.kv_lora_rank", 0);
        Query(list, layer, heads * key);
        list.Linear(layer, "attn_kv_a_mqa", width, latent + rope);
        list.Norm(layer, "attn_kv_a_norm", latent);
        if (model.Metadata.Has("attention.key_length_mla"))
        {
            list.Block(layer, "attn_k_b.weight", key - rope, latent, heads);
            list.Block(layer, "attn_v_b.weight", latent, value, heads);
        }
        else
        {
            list.Linear(layer, "attn_kv_b", latent, heads * (key - rope + value));
        }
        list.Linear(layer, "attn_output", heads * value, width);
    }

    private static void Query(TensorList list, int layer, long outputs)
    {
        var rank = list.Model.Metadata.Integer("attention.q_lora_rank", 0);
        if (rank == 0)
        {
            list.Linear(layer, "attn_q", list.Model.Embedding, outputs);
            return;
        }
        list.Linear(layer, "attn_q_a", list.Model.Embedding, rank);
        list.Norm(layer, "attn_q_a_norm", rank);
        list.Linear(layer, "attn_q_b", rank, outputs);
    }

    private static void AttentionWithIndexer(TensorList list, int layer)
    {
        Attention(list, layer);
        var metadata = list.Model.Metadata;
        var heads = metadata.Integer("attention.indexer.head_count", 0);
        var length = metadata.Integer("attention.indexer.key_length", 0);
        list.Norm(layer, "indexer.k_norm", length, bias: true);
        list.Linear(layer, "indexer.proj", list.Model.Embedding, heads);
        list.Linear(layer, "indexer.attn_k", list.Model.Embedding, length);
        list.Linear(layer, "indexer.attn_q_b", metadata.Integer("attention.q_lora_rank", 0), heads * length);
    }
}
