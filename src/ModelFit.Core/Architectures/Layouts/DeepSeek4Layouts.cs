using System.Collections.Generic;

namespace ModelFit.Architectures.Layouts;

/// <summary>
/// DeepSeek 4, after llama.cpp's src/models/deepseek4.cpp: hyper-connections, one key a token that is its own value,
/// compressed caches with an indexer over the finer one, and experts that the token itself chooses in the first layers.
/// </summary>
internal static class DeepSeek4Layouts
{
    private const int IndexedRatio = 4;

    /// <summary>The layouts of these architectures.</summary>
    public static IReadOnlyDictionary<string, TensorLayout> Layouts { get; } = new Dictionary<string, TensorLayout>
    {
        ["deepseek4"] = new(Build),
    };

    private static void Build(TensorList list)
    {
        var model = list.Model;
        var (width, streams) = (model.Embedding, model.Metadata.Integer("hyper_connection.count", 0));
        list.Add("token_embd.weight", width, model.Vocabulary);
        list.Add("output_norm.weight", width);
        list.Add("output.weight", width, model.Vocabulary);
        list.Add("output_hc_fn.weight", width * streams, streams);
        list.Add("output_hc_base.weight", streams);
        list.Add("output_hc_scale.weight", 1);
        var ratios = model.Metadata.Integers("attention.compress_ratios", model.Layers, 0);
        for (var layer = 0; layer < model.Layers; layer++)
        {
            Attention(list, layer, ratios[layer]);
            Connections(list, layer, "hc_attn", streams);
            Connections(list, layer, "hc_ffn", streams);
            Experts(list, layer);
        }
    }

    private static void Attention(TensorList list, int layer, long ratio)
    {
        var (model, metadata) = (list.Model, list.Model.Metadata);
        var (width, heads, key) = (model.Embedding, model.Heads(layer), model.KeyLength);
        var rank = metadata.Integer("attention.q_lora_rank", 0);
        var groups = metadata.Integer("attention.output_group_count", 1);
        var outputRank = metadata.Integer("attention.output_lora_rank", 0);
        list.Norm(layer, "attn_norm", width);
        list.Norm(layer, "attn_sinks", heads);
        list.Linear(layer, "attn_q_a", width, rank);
        list.Norm(layer, "attn_q_a_norm", rank);
        list.Linear(layer, "attn_q_b", rank, heads * key);
        list.Linear(layer, "attn_kv", width, key);
        list.Norm(layer, "attn_kv_a_norm", key);
        list.Linear(layer, "attn_output_a", heads * key / groups, outputRank * groups);
        list.Linear(layer, "attn_output_b", outputRank * groups, width);
        if (ratio == 0) return;
        Compressor(list, layer, "attn_compressor", ratio, key);
        if (ratio != IndexedRatio) return;
        var (indexHeads, length) = (
            metadata.Integer("attention.indexer.head_count", 0), metadata.Integer("attention.indexer.key_length", 0));
        list.Linear(layer, "indexer.proj", width, indexHeads);
        list.Linear(layer, "indexer.attn_q_b", rank, indexHeads * length);
        Compressor(list, layer, "indexer_compressor", ratio, length);
    }

    private static void Compressor(TensorList list, int layer, string name, long ratio, long length)
    {
        var all = ratio == IndexedRatio ? 2 * length : length;
        list.Linear(layer, name + "_kv", list.Model.Embedding, all);
        list.Linear(layer, name + "_gate", list.Model.Embedding, all);
        list.Block(layer, name + "_ape.weight", all, ratio);
        list.Norm(layer, name + "_norm", length);
    }

    private static void Connections(TensorList list, int layer, string name, long streams)
    {
        var mixes = (2 + streams) * streams;
        list.Linear(layer, name + "_fn", list.Model.Embedding * streams, mixes);
        list.Block(layer, name + "_base.weight", mixes);
        list.Block(layer, name + "_scale.weight", 3);
    }

    private static void Experts(TensorList list, int layer)
    {
        var (model, metadata) = (list.Model, list.Model.Metadata);
        var (experts, width) = (metadata.Integer("expert_count", 0), metadata.Integer("expert_feed_forward_length", 0));
        var shared = width * metadata.Integer("expert_shared_count", 0);
        list.Linear(layer, "ffn_gate_inp", model.Embedding, experts);
        if (layer < metadata.Integer("hash_layer_count", 0))
            list.Linear(layer, "ffn_gate_tid2eid", metadata.Integer("expert_used_count", 0), model.Vocabulary);
        else list.Block(layer, "exp_probs_b.bias", experts);
        list.Norm(layer, "ffn_norm", model.Embedding);
        list.Block(layer, "ffn_gate_exps.weight", model.Embedding, width, experts);
        list.Block(layer, "ffn_down_exps.weight", width, model.Embedding, experts);
        list.Block(layer, "ffn_up_exps.weight", model.Embedding, width, experts);
        list.Linear(layer, "ffn_gate_shexp", model.Embedding, shared);
        list.Linear(layer, "ffn_down_shexp", shared, model.Embedding);
        list.Linear(layer, "ffn_up_shexp", model.Embedding, shared);
    }
}
