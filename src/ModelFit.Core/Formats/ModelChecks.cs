using System.Globalization;
using ModelFit.Graph;
using ModelFit.Models;

namespace ModelFit.Formats;

/// <summary>
/// Whether what a file says of a language model can be true, so that everything computed from it stays within bounds:
/// hyperparameters within what llama.cpp accepts (src/llama-hparams.h, LLAMA_MAX_LAYERS, LLAMA_MAX_EXPERTS) or ever
/// will, and tensors that agree with them.
/// </summary>
internal static class ModelChecks
{
    private const long MaxWidth = 1 << 24;
    private const string LayersKey = "block_count";
    private const string WidthKey = "embedding_length";

    /// <summary>The most that each of some keys may be; the least is 0, or 1 for what every model has.</summary>
    private static readonly (long Most, string[] Keys)[] Ranges =
    {
        (WeightTable.MaxLayers, Words("block_count leading_dense_block_count nextn_predict_layers "
            + "attention.sliding_window_pattern full_attention_interval interleave_moe_layer_step "
            + "moe_every_n_layers n_deepstack_layers "
            + "hash_layer_count attention.shared_kv_layers hrm.h_cycles hrm.l_cycles hrm.layers_per_stack")),
        (ModelShape.MaxExperts, Words("expert_count expert_used_count expert_shared_count expert_group_count "
            + "expert_group_used_count experts_per_group attention.indexer.head_count attention.compress_ratios")),
        (64, Words("altup.num_inputs hyper_connection.sinkhorn_iterations ple.conv_kernel ple.ngram_size "
            + "conv_kernel_size")),
        (16, Words("hyper_connection.count")),
        (ushort.MaxValue, Words("attention.head_count attention.head_count_kv ple.heads_per_ngram")),
        (MaxWidth, Words("embedding_length vocab_size tokenizer.ggml.tokens.count tokenizer.ggml.token_type_count "
            + "feed_forward_length expert_feed_forward_length expert_shared_feed_forward_length moe_latent_size "
            + "expert_latent_length embedding_length_per_layer_input rope.dimension_count attention.key_length "
            + "attention.value_length attention.key_length_mla attention.value_length_mla attention.key_length_swa "
            + "attention.value_length_swa attention.kv_lora_rank attention.q_lora_rank attention.output_lora_rank "
            + "attention.output_group_count attention.indexer.key_length kda.head_dim shortconv.l_cache wkv.head_size "
            + "ssm.conv_kernel ssm.inner_size ssm.state_size ssm.time_step_rank ssm.group_count "
            + "conv_group_size selector_rank markov_rank draft_vocab_size target_hidden_size adapters.count "
            + "adapters.lora_rank time_mix_extra_dim time_decay_extra_dim attention.decay_lora_rank "
            + "attention.iclr_lora_rank attention.value_residual_mix_lora_rank attention.gate_lora_rank")),
        (int.MaxValue, Words("context_length attention.sliding_window attention.indexer.top_k")),
    };

    /// <summary>Throws <see cref="ErrorIds.InvalidModelFile"/> with the key or tensor that cannot be.</summary>
    public static void Check(string file, ModelDefinition definition)
    {
        Check(file, definition.Metadata);
        CheckLayers(file, definition);
        CheckHeads(file, definition, "attn_k.weight", "attention.key_length");
        CheckHeads(file, definition, "attn_v.weight", "attention.value_length");
        if (definition.Tensor("token_embd.weight") is { } embedding
            && definition.Metadata.Integer(WidthKey) is { } width && embedding.N0 != width)
            throw InvalidFile.Whole(file, Text("expected rows of {0} in token_embd.weight, found {1}",
                width, embedding.N0));
    }

    /// <summary>The same for the hyperparameters alone.</summary>
    public static void Check(string file, ModelMetadata metadata)
    {
        foreach (var (most, keys) in Ranges)
            foreach (var key in keys) Check(file, metadata, key, most);
    }

    private static void Check(string file, ModelMetadata metadata, string key, long most)
    {
        var least = key is LayersKey or WidthKey ? 1 : 0;
        if (metadata[key] is long[] list) foreach (var item in list) Demand(file, key, item, least, most);
        else if (metadata.Integer(key) is { } number) Demand(file, key, number, least, most);
        else if (least > 0) throw InvalidFile.Whole(file, Text("expected {0}, found none", key));
    }

    private static void CheckLayers(string file, ModelDefinition definition)
    {
        var layers = definition.Metadata.Integer(LayersKey, 0);
        var last = -1L;
        foreach (var tensor in definition.Tensors) last = Math.Max(last, tensor.Parsed.Block);
        if (last < 0) return;
        if (definition.Metadata.Integer("hrm.layers_per_stack") is { } stack) layers = Math.Min(layers, 2 * stack);
        if (last >= layers || last + 1 + PredictionLayers.Of(definition.Metadata) < layers)
            throw InvalidFile.Whole(file, Text("expected tensors of {0} layers, found {1}", layers, last + 1));
    }

    /// <summary>
    /// Heads and their length are no more than the matrix that fills them has rows: what a cache costs is what a file
    /// really has. llama.cpp does not load what differs (create_tensor, "wrong shape").
    /// </summary>
    private static void CheckHeads(string file, ModelDefinition definition, string tensor, string lengthKey)
    {
        var metadata = definition.Metadata;
        var most = metadata.Integer("attention.head_count", 1);
        var length = metadata.Integer(lengthKey) ?? metadata.Integer(WidthKey, 0) / Math.Max(1, most);
        var layers = (int)metadata.Integer(LayersKey, 0);
        var heads = metadata.Integers("attention.head_count_kv", layers, most);
        if (metadata.Integer(lengthKey + "_swa") is { } windowed) length = Math.Min(length, windowed);
        for (var layer = 0; layer < layers; layer++)
        {
            var name = FormattableString.Invariant($"blk.{layer}.{tensor}");
            if (definition.Tensor(name) is { } matrix && heads[layer] * length > matrix.N1)
                throw InvalidFile.Whole(file, Text("expected {0} rows in {1} ({2} heads of {3}), found {4}",
                    heads[layer] * length, name, heads[layer], length, matrix.N1));
        }
    }

    private static void Demand(string file, string key, long value, long least, long most)
    {
        if (value < least || value > most)
            throw InvalidFile.Whole(file, Text("expected {0} from {1} to {2}, found {3}", key, least, most, value));
    }

    private static string[] Words(string keys) => keys.Split(' ');

    private static string Text(string format, params object[] values) =>
        string.Format(CultureInfo.InvariantCulture, format, values);
}
