using Newtonsoft.Json.Linq;

namespace ModelFit.Formats.HuggingFace;

/// <summary>
/// GGUF's keys by the names that configurations give the same thing, the first one that is there counting; as
/// llama.cpp's converter looks them up (conversion/base.py, set_gguf_parameters, and the classes of the architectures).
/// What needs more than a name is in <see cref="HfRules"/>.
/// </summary>
internal static class HfKeys
{
    private static readonly (string Key, string Names)[] Numbers =
    {
        ("vocab_size", "vocab_size"),
        ("context_length", "max_position_embeddings n_ctx n_positions max_sequence_length model_max_length max_seq_len "
            + "seq_length max_length"),
        ("embedding_length", "hidden_size n_embd n_embed dim d_model"),
        ("feed_forward_length", "prefix_dense_intermediate_size dense_intermediate_size intermediate_size_mlp "
            + "intermediate_size n_inner ffn_hidden_size hidden_dim"),
        ("attention.head_count", "num_attention_heads n_head n_heads"),
        ("attention.head_count_kv", "num_key_value_heads n_kv_heads n_head_kv num_kv_heads multi_query_group_num "
            + "num_attention_groups"),
        ("attention.key_length", "head_dim attention_head_dim hidden_size_per_head"),
        ("attention.value_length", "v_head_dim head_dim attention_head_dim hidden_size_per_head"),
        ("attention.q_lora_rank", "q_lora_rank"),
        ("attention.kv_lora_rank", "kv_lora_rank"),
        ("attention.shared_kv_layers", "num_kv_shared_layers"),
        ("attention.indexer.head_count", "index_n_heads"),
        ("attention.indexer.key_length", "index_head_dim"),
        ("attention.indexer.top_k", "index_topk"),
        ("attention.output_group_count", "o_groups"),
        ("attention.output_lora_rank", "o_lora_rank"),
        ("attention.compress_ratios", "compress_ratios"),
        ("hyper_connection.count", "hc_mult"),
        ("hyper_connection.sinkhorn_iterations", "hc_sinkhorn_iters"),
        ("hash_layer_count", "num_hash_layers"),
        ("attn_res.block_size", "attn_res_block_size"),
        ("activation.situ_linear_beta", "activation_situ_linear_beta"),
        ("expert_count", "num_local_experts num_experts n_routed_experts moe_num_experts moe_num_primary_experts"),
        ("expert_used_count", "num_experts_per_tok num_experts_per_token top_k_experts experts_per_token moe_top_k "
            + "moe_topk moe_k moe_num_active_primary_experts"),
        ("expert_feed_forward_length", "moe_intermediate_size expert_intermediate_size moe_ffn_hidden_size"),
        ("expert_shared_count", "n_shared_experts num_shared_experts moe_num_shared_experts num_shared_expert"),
        ("expert_shared_feed_forward_length", "shared_expert_intermediate_size share_expert_dim "
            + "moe_shared_expert_intermediate_size"),
        ("expert_group_count", "n_group num_expert_group"),
        ("expert_group_used_count", "topk_group"),
        ("moe_latent_size", "moe_latent_size"),
        ("expert_latent_length", "routed_expert_hidden_size"),
        ("leading_dense_block_count", "first_k_dense_replace num_dense_layers moe_layer_start_index"),
        ("interleave_moe_layer_step", "interleave_moe_layer_step moe_layer_interval"),
        ("moe_every_n_layers", "moe_every_n_layer"),
        ("full_attention_interval", "full_attention_interval"),
        ("embedding_length_per_layer_input", "hidden_size_per_layer_input"),
        ("altup.num_inputs", "altup_num_inputs"),
        ("shortconv.l_cache", "conv_L_cache"),
        ("wkv.head_size", "head_size"),
        ("rope.freq_base", "rope_theta rotary_emb_base"),
    };

    /// <summary>The keys that the configuration has a number or a list of numbers for.</summary>
    public static Dictionary<string, object> Read(HfConfig config)
    {
        var values = new Dictionary<string, object>();
        foreach (var (key, names) in Numbers)
            if (Value(config, names.Split(' ')) is { } value) values[key] = value;
        return values;
    }

    private static object? Value(HfConfig config, string[] names) => config[names] switch
    {
        JArray list when list.Count > 0 => config.Integers(names) is { } numbers ? Flat(numbers) : null,
        { } token => HfConfig.Integer(token) ?? (object?)HfConfig.Number(token),
        _ => null,
    };

    private static object Flat(long[] numbers) => numbers.All(number => number == numbers[0]) ? numbers[0] : numbers;
}
