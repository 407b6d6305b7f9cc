using System;
using System.Globalization;
using ModelFit.Models;

namespace ModelFit.Formats;

/// <summary>
/// Whether what a file says of a language model can be true, so that everything computed from it stays within bounds:
/// hyperparameters within what llama.cpp accepts (src/llama-hparams.h, LLAMA_MAX_LAYERS, LLAMA_MAX_EXPERTS) or ever
/// will, and tensors that agree with them.
/// </summary>
internal static class ModelChecks
{
    /// <summary>Layers that llama.cpp accepts.</summary>
    public const long MaxLayers = 512;

    private const long MaxWidth = 1 << 24;
    private const string LayersKey = "block_count";
    private const string WidthKey = "embedding_length";
    private const string LayerPrefix = "blk.";

    private static readonly (string Key, long Least, long Most)[] Ranges =
    {
        (LayersKey, 1, MaxLayers),
        (WidthKey, 1, MaxWidth),
        ("context_length", 0, int.MaxValue),
        ("vocab_size", 0, MaxWidth),
        ("tokenizer.ggml.tokens.count", 0, MaxWidth),
        ("feed_forward_length", 0, MaxWidth),
        ("expert_feed_forward_length", 0, MaxWidth),
        ("expert_count", 0, 1024),
        ("expert_used_count", 0, 1024),
        ("expert_shared_count", 0, 1024),
        ("leading_dense_block_count", 0, MaxLayers),
        ("nextn_predict_layers", 0, MaxLayers),
        ("attention.head_count", 0, ushort.MaxValue),
        ("attention.head_count_kv", 0, ushort.MaxValue),
        ("attention.key_length", 0, MaxWidth),
        ("attention.value_length", 0, MaxWidth),
        ("attention.key_length_mla", 0, MaxWidth),
        ("attention.value_length_mla", 0, MaxWidth),
        ("attention.kv_lora_rank", 0, MaxWidth),
        ("attention.q_lora_rank", 0, MaxWidth),
        ("attention.sliding_window", 0, int.MaxValue),
        ("attention.sliding_window_pattern", 0, MaxLayers),
        ("full_attention_interval", 0, MaxLayers),
        ("ssm.conv_kernel", 0, MaxWidth),
        ("ssm.inner_size", 0, MaxWidth),
        ("ssm.state_size", 0, MaxWidth),
        ("ssm.time_step_rank", 0, MaxWidth),
        ("ssm.group_count", 0, MaxWidth),
        ("wkv.head_size", 0, MaxWidth),
    };

    /// <summary>Throws <see cref="ErrorIds.InvalidModelFile"/> with the key or tensor that cannot be.</summary>
    public static void Check(string file, ModelDefinition definition)
    {
        Check(file, definition.Metadata);
        CheckLayers(file, definition);
        if (definition.Tensor("token_embd.weight") is { } embedding
            && definition.Metadata.Integer(WidthKey) is { } width && embedding.N0 != width)
            throw InvalidFile.Whole(file, Text("expected rows of {0} in token_embd.weight, found {1}",
                width, embedding.N0));
    }

    /// <summary>The same for the hyperparameters alone.</summary>
    public static void Check(string file, ModelMetadata metadata)
    {
        foreach (var (key, least, most) in Ranges)
        {
            if (metadata[key] is long[] list) foreach (var item in list) Demand(file, key, item, least, most);
            else if (metadata.Integer(key) is { } number) Demand(file, key, number, least, most);
            else if (least > 0) throw InvalidFile.Whole(file, Text("expected {0}, found none", key));
        }
    }

    private static void CheckLayers(string file, ModelDefinition definition)
    {
        var layers = definition.Metadata.Integer(LayersKey, 0);
        var last = -1L;
        foreach (var tensor in definition.Tensors) last = Math.Max(last, LayerOf(tensor.Name));
        if (last < 0) return;
        if (last >= layers || last + 1 + definition.Metadata.Integer("nextn_predict_layers", 0) < layers)
            throw InvalidFile.Whole(file, Text("expected tensors of {0} layers, found {1}", layers, last + 1));
    }

    private static long LayerOf(string name)
    {
        if (!name.StartsWith(LayerPrefix, StringComparison.Ordinal)) return -1;
        var layer = 0L;
        for (var i = LayerPrefix.Length; i < name.Length && name[i] is >= '0' and <= '9' && layer <= MaxWidth; i++)
            layer = (layer * 10) + (name[i] - '0');
        return layer;
    }

    private static void Demand(string file, string key, long value, long least, long most)
    {
        if (value < least || value > most)
            throw InvalidFile.Whole(file, Text("expected {0} from {1} to {2}, found {3}", key, least, most, value));
    }

    private static string Text(string format, params object[] values) =>
        string.Format(CultureInfo.InvariantCulture, format, values);
}
