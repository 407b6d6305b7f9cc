using ModelFit.Architectures;

namespace ModelFit.Formats.HuggingFace;

/// <summary>
/// What holds for all configurations, or most, other than by a name of <see cref="HfKeys"/>: blocks, latent attention,
/// windows and rotation, as llama.cpp's converter handles them (conversion/base.py, conversion/deepseek.py).
/// </summary>
internal static class HfRules
{
    /// <summary>Completes a draft.</summary>
    public static void Apply(ConfigDraft draft, Architecture? architecture)
    {
        Blocks(draft, architecture);
        Experts(draft);
        Latent(draft, architecture?.KeepsFullHeads == true);
        if (architecture?.IgnoresWindow != true) Window(draft);
        Rotation(draft);
        architecture?.Configure?.Invoke(draft);
    }

    private static void Blocks(ConfigDraft draft, Architecture? architecture)
    {
        var config = draft.Config;
        var layers = config.Integer("num_hidden_layers", "n_layer", "n_layers", "num_layers")
            ?? config.Count("layers_block_type", "block_configs") ?? 0;
        var extra = config.Integer("num_nextn_predict_layers", "mtp_num_hidden_layers")
            ?? architecture?.UsualPredictionLayers ?? 0;
        if (extra > 0 && architecture?.KeepsPredictionLayers == true)
        {
            draft.Set("nextn_predict_layers", extra);
            layers += extra;
        }

        draft.Set("block_count", layers);
        if (draft.Has("attention.head_count"))
            draft.Default("attention.head_count_kv", draft["attention.head_count"]);
    }

    private static void Experts(ConfigDraft draft)
    {
        if (draft["expert_shared_feed_forward_length"] == 0) draft.Remove("expert_shared_feed_forward_length");
        if (draft["expert_count"] > 1) return;
        foreach (var key in new[] { "expert_count", "expert_used_count", "expert_feed_forward_length" })
            draft.Remove(key);
    }

    /// <summary>Multi-head latent attention: one head of keys and values, of the latent's width.</summary>
    private static void Latent(ConfigDraft draft, bool keepsFullHeads)
    {
        var config = draft.Config;
        if (config.Integer("kv_lora_rank") is not { } rank) return;
        if (config.Integer("qk_rope_head_dim") is not { } rope) return;
        var query = (config.Integer("qk_nope_head_dim") ?? 0) + rope;
        draft.Set("rope.dimension_count", rope);
        if (keepsFullHeads)
        {
            draft.Set("attention.key_length", query);
            return;
        }

        draft.Set("attention.head_count_kv", 1);
        draft.Set("attention.key_length", rank + rope);
        draft.Set("attention.value_length", rank);
        draft.Set("attention.key_length_mla", query);
        draft.Set("attention.value_length_mla", config.Integer("v_head_dim"));
        draft.Default("leading_dense_block_count", draft.Has("expert_count") ? 0 : draft.Layers);
    }

    private static void Window(ConfigDraft draft)
    {
        if (draft.Config.Flag("use_sliding_window") == false) return;
        if (draft.Config.Integer("sliding_window", "sliding_window_size", "window_size") is { } window and > 0)
            draft.Set("attention.sliding_window", window);
    }

    private static void Rotation(ConfigDraft draft)
    {
        var config = draft.Config;
        var scaling = config.Rope;
        draft.Default("rope.freq_base", scaling?.Integer("rope_theta"));
        var share = config.Number("partial_rotary_factor", "rotary_pct", "rope_pct")
            ?? scaling?.Number("partial_rotary_factor");
        if (share is { } factor) draft.Default("rope.dimension_count", (long)(factor * draft.KeyLength));
        else draft.Default("rope.dimension_count", config.Integer("rotary_dim") ?? draft.KeyLength);
    }
}
