using System;
using System.Collections.Generic;
using System.Linq;
using Newtonsoft.Json.Linq;

namespace ModelFit.Formats.HuggingFace;

/// <summary>
/// What single architectures configure in their own way. Each rule is the <c>set_gguf_parameters</c> of the converter's
/// class for it (llama.cpp, conversion/*.py).
/// </summary>
internal static class HfArchitectureRules
{
    private const string Window = "attention.sliding_window";
    private const string KvHeads = "attention.head_count_kv";
    private const string FeedForward = "feed_forward_length";
    private const string ExpertFeedForward = "expert_feed_forward_length";
    private const string SharedFeedForward = "expert_shared_feed_forward_length";

    private static readonly Dictionary<string, Action<HfDraft>> Rules = new(StringComparer.Ordinal)
    {
        ["gpt2"] = FourTimesWider,
        ["bloom"] = FourTimesWider,
        ["falcon"] = FourTimesWider,
        ["mpt"] = FourTimesWider,
        ["phi2"] = FourTimesWider,
        ["starcoder"] = FourTimesWider,
        ["dbrx"] = Dbrx,
        ["gemma3"] = Gemma3,
        ["gemma3n"] = draft => { Gemma3(draft); draft.WindowPattern(); },
        ["gemma4"] = Gemma4,
        ["llama4"] = Llama4,
        ["gpt-oss"] = draft => draft.Set(ExpertFeedForward, draft.Config.Integer("intermediate_size")),
        ["minimax-m2"] = draft => draft.Set(ExpertFeedForward, draft.Config.Integer("intermediate_size")),
        ["minimax-m3"] = MiniMaxM3,
        ["granitemoe"] = draft => draft.Set(SharedFeedForward, draft.Config.Integer("shared_intermediate_size")),
        ["granitehybrid"] = HfHybrids.GraniteHybrid,
        ["qwen3next"] = HfHybrids.GatedDelta,
        ["qwen35"] = HfHybrids.GatedDelta,
        ["qwen35moe"] = HfHybrids.GatedDelta,
        ["falcon-h1"] = HfHybrids.FalconH1,
        ["nemotron_h"] = HfHybrids.NemotronH,
        ["nemotron_h_moe"] = HfHybrids.NemotronH,
        ["mamba"] = HfHybrids.Mamba,
        ["mamba2"] = HfHybrids.Mamba2,
        ["jamba"] = HfHybrids.Jamba,
        ["lfm2"] = HfHybrids.ShortConvolution,
        ["lfm2moe"] = HfHybrids.ShortConvolution,
        ["kimi-linear"] = HfHybrids.DeltaAttention,
        ["kimi-k3"] = HfHybrids.DeltaAttention,
        ["qwen3vl"] = DeepStack,
        ["qwen3vlmoe"] = DeepStack,
        ["deci"] = Deci,
        ["mimo2"] = MiMo2,
        ["step35"] = Step35,
        ["olmo2"] = draft => draft.WindowPattern(everyFull: 4),
        ["granite_swa"] = draft => draft.WindowPattern(everyFull: 4),
        ["exaone4"] = draft => draft.WindowPattern(),
        ["exaone-moe"] = draft => draft.WindowPattern(),
        ["cohere2moe"] = draft => draft.WindowPattern(),
        ["smallthinker"] = draft => draft.Set(FeedForward, draft.Config.Integer("moe_ffn_hidden_size")),
        ["hunyuan-moe"] = draft => draft.Set(SharedFeedForward, draft.Config.Integer("intermediate_size")),
    };

    /// <summary>Applies the rule of the draft's architecture, if it has one.</summary>
    public static void Apply(HfDraft draft)
    {
        if (Rules.TryGetValue(draft.Architecture, out var rule)) rule(draft);
    }

    private static void FourTimesWider(HfDraft draft) =>
        draft.Default(FeedForward, 4 * draft["embedding_length"]);

    private static void Dbrx(HfDraft draft)
    {
        var feedForward = draft.Config.Section("ffn_config");
        draft.Set(FeedForward, HfConfig.Integer(feedForward?["ffn_hidden_size"]));
        draft.Set("expert_count", HfConfig.Integer(feedForward?["moe_num_experts"]));
        draft.Set("expert_used_count", HfConfig.Integer(feedForward?["moe_top_k"]));
        draft.Set(KvHeads, HfConfig.Integer(draft.Config.Section("attn_config")?["kv_n_heads"]));
    }

    /// <summary>A shared expert in each layer with experts, and chunked attention (src/models/llama4.cpp).</summary>
    private static void Llama4(HfDraft draft)
    {
        const long chunk = 8192;
        draft.Set(ExpertFeedForward, draft.Config.Integer("intermediate_size"));
        if (draft.Has("expert_count")) draft.Set("expert_shared_count", 1);
        var isFull = draft.Config.Texts("layer_types")?.All(type => type == "full_attention") == true;
        if (!isFull) draft.Set(Window, chunk);
    }

    /// <summary>Features of the image encoder's inner layers are added to the first layers.</summary>
    private static void DeepStack(HfDraft draft) => draft.Set(
        "n_deepstack_layers", (draft.Config.Section("vision_config")?["deepstack_visual_indexes"] as JArray)?.Count);

    /// <summary>Multimodal ones leave out what is transformers' default (Gemma3TextConfig).</summary>
    private static void Gemma3(HfDraft draft)
    {
        draft.Default("vocab_size", 262144);
        draft.Default("context_length", 131072);
        draft.Default("attention.head_count", 8);
        if (draft.Config["num_key_value_heads"] is null) draft.Set(KvHeads, 4);
        draft.Default("attention.key_length", 256);
        draft.Default("attention.value_length", 256);
        if (draft.Config.Integer("sliding_window_pattern") == 1) draft.Remove(Window);
    }

    private static void Gemma4(HfDraft draft)
    {
        Gemma3(draft);
        draft.WindowPattern();
        var types = draft.Config.Texts("layer_types") ?? Array.Empty<string>();
        var windowed = draft["attention.key_length"];
        draft.Set("attention.key_length_swa", windowed);
        draft.Set("attention.value_length_swa", windowed);
        var full = draft.Config.Integer("global_head_dim") ?? windowed;
        draft.Set("attention.key_length", full);
        draft.Set("attention.value_length", full);
        draft.Set("rope.dimension_count", full);
        draft.Set("rope.dimension_count_swa", windowed);
        var kvHeads = draft[KvHeads];
        bool IsFull(int layer) => layer < types.Length && types[layer] == "full_attention";
        if (draft.Config.Integer("num_global_key_value_heads") is { } fullHeads)
            draft.SetEach(KvHeads, layer => IsFull(layer) ? fullHeads : kvHeads);
        if (draft.Config.Flag("use_double_wide_mlp") != true) return;
        var width = draft[FeedForward];
        var firstShared = draft.Layers - draft["attention.shared_kv_layers"];
        draft.SetEach(FeedForward, layer => layer < firstShared ? width : 2 * width);
    }

    private static void MiniMaxM3(HfDraft draft)
    {
        draft.Set(ExpertFeedForward, draft.Config.Integer("intermediate_size"));
        LeadingDense(draft);
        var sparse = draft.Config.Section("sparse_attention_config");
        draft.Set("attention.indexer.head_count", HfConfig.Integer(sparse?["sparse_num_index_heads"]));
        draft.Set("attention.indexer.key_length", HfConfig.Integer(sparse?["sparse_index_dim"]));
        draft.Set("attention.indexer.top_k", HfConfig.Integer(sparse?["sparse_topk_blocks"]));
        draft.Set("attention.indexer.block_size", HfConfig.Integer(sparse?["sparse_block_size"]));
        draft.Set("attention.indexer.local_blocks", HfConfig.Integer(sparse?["sparse_local_block"]));
    }

    /// <summary>Layers of different heads and widths, found by search (NVIDIA's Nemotron NAS models).</summary>
    private static void Deci(HfDraft draft)
    {
        if (draft.Config["num_key_value_heads_per_layer"] is JArray)
            draft.SetEach(KvHeads, At(draft.Config.Integers("num_key_value_heads_per_layer")));
        if (draft.Config["block_configs"] is not JArray blocks) return;
        var heads = draft["attention.head_count"];
        var width = draft["embedding_length"];
        JObject? Of(int layer, string part) =>
            (layer < blocks.Count ? blocks[layer] as JObject : null)?[part] as JObject;
        long? Group(int layer) => HfConfig.Integer(Of(layer, "attention")?["n_heads_in_group"]);
        bool IsLinear(int layer) => Of(layer, "attention")?["replace_with_linear"] is { Type: JTokenType.Boolean } flag
            && (bool)flag;
        double Multiplier(int layer) => HfConfig.Number(Of(layer, "ffn")?["ffn_mult"]) ?? 0;
        draft.SetEach("attention.head_count", layer => Group(layer) is > 0 || IsLinear(layer) ? heads : 0);
        draft.SetEach(KvHeads, layer => Group(layer) is > 0 and var group ? heads / group : 0);
        draft.SetEach(FeedForward, layer => ((long)(2 * Multiplier(layer) * width / 3) + 255) / 256 * 256);
    }

    private static void MiMo2(HfDraft draft)
    {
        LeadingDense(draft);
        var isWindowed = At(draft.Config.Integers("hybrid_layer_pattern"), beyond: 1);
        var (full, windowed) = (draft[KvHeads], draft.Config.Integer("swa_num_key_value_heads") ?? draft[KvHeads]);
        draft.SetEach(KvHeads, layer => isWindowed(layer) == 1 ? windowed : full);
        draft.SetEach("attention.sliding_window_pattern", layer => isWindowed(layer) == 1);
    }

    private static void Step35(HfDraft draft)
    {
        draft.WindowPattern();
        var types = draft.Config.Texts("layer_types") ?? Array.Empty<string>();
        var other = draft.Config.Section("attention_other_setting");
        var (heads, kvHeads) = (draft["attention.head_count"], draft[KvHeads]);
        var windowedHeads = HfConfig.Integer(other?["num_attention_heads"]) ?? heads;
        var windowedKvHeads = HfConfig.Integer(other?["num_attention_groups"]) ?? kvHeads;
        bool IsWindowed(int layer) => layer < types.Length && types[layer] == "sliding_attention";
        draft.SetEach("attention.head_count", layer => IsWindowed(layer) ? windowedHeads : heads);
        draft.SetEach(KvHeads, layer => IsWindowed(layer) ? windowedKvHeads : kvHeads);
        var first = draft.Config.Text("moe_layers_enum")?.Split(',')[0].Trim();
        if (long.TryParse(first, out var leading)) draft.Set("leading_dense_block_count", leading);
    }

    private static void LeadingDense(HfDraft draft) => draft.Set(
        "leading_dense_block_count",
        draft.Config.Integers("moe_layer_freq")?.TakeWhile(isMoe => isMoe == 0).Count());

    private static Func<int, long> At(long[]? values, long beyond = 0) =>
        layer => values is not null && layer < values.Length ? values[layer] : beyond;
}
