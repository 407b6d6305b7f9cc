using System;
using System.Linq;
using Newtonsoft.Json.Linq;

namespace ModelFit.Formats.HuggingFace;

/// <summary>
/// Models with recurrent layers, alone or beside attention: the sizes of their states and which layers have which
/// (llama.cpp, conversion/mamba.py, granite.py, nemotron.py, qwen.py, kimi_linear.py, lfm2.py, jamba.py, falcon_h1.py).
/// A layer without heads of keys and values has no attention.
/// </summary>
internal static class HfHybrids
{
    private const long UnboundedContext = 1 << 20;
    private const string KvHeads = "attention.head_count_kv";

    /// <summary>State-space layers alone, of the first kind.</summary>
    public static void Mamba(HfDraft draft)
    {
        var width = draft["embedding_length"];
        Recurrent(draft);
        State(draft, draft.Config.Integer("intermediate_size", "d_inner") ?? 2 * width, groups: null);
        draft.Set("ssm.time_step_rank", draft.Config.Integer("time_step_rank", "dt_rank") ?? (width + 15) / 16);
    }

    /// <summary>State-space layers alone, of the second kind.</summary>
    public static void Mamba2(HfDraft draft)
    {
        Recurrent(draft);
        var inner = (draft.Config.Integer("expand") ?? 2) * draft["embedding_length"];
        State(draft, inner, draft.Config.Integer("n_groups", "num_groups") ?? 1);
        var head = draft.Config.Integer("head_dim", "mamba_head_dim") ?? 64;
        draft.Set("ssm.time_step_rank", head > 0 ? inner / head : null);
    }

    /// <summary>State-space layers of the second kind, and attention where the types of the layers say so.</summary>
    public static void GraniteHybrid(HfDraft draft)
    {
        draft.Set("expert_shared_feed_forward_length", draft.Config.Integer("shared_intermediate_size"));
        var heads = draft.Config.Integer("mamba_n_heads") ?? 0;
        var inner = heads * (draft.Config.Integer("mamba_d_head") ?? 64);
        State(draft, inner, draft.Config.Integer("mamba_n_groups"));
        draft.Set("ssm.time_step_rank", heads);
        var types = draft.Config.Texts("layer_types", "layers_block_type") ?? Array.Empty<string>();
        var attended = draft.Config.Integers("attn_layer_indices") ?? Array.Empty<long>();
        AttentionWhere(
            draft, layer => attended.Contains(layer) || (layer < types.Length && types[layer] == "attention"));
    }

    /// <summary>State-space and attention side by side in every layer.</summary>
    public static void FalconH1(HfDraft draft)
    {
        State(draft, draft.Config.Integer("mamba_d_ssm") ?? 0, draft.Config.Integer("mamba_n_groups"));
        draft.Set("ssm.time_step_rank", draft.Config.Integer("mamba_n_heads"));
    }

    /// <summary>
    /// One kind a layer: <c>M</c> state-space, <c>*</c> attention, <c>-</c> or <c>E</c> feed-forward; newer
    /// configurations list them in words. The block for multi-token prediction has attention and experts.
    /// </summary>
    public static void NemotronH(HfDraft draft)
    {
        var config = draft.Config;
        var heads = config.Integer("mamba_num_heads") ?? 0;
        State(draft, heads * (config.Integer("mamba_head_dim") ?? 0), config.Integer("n_groups"));
        draft.Set("ssm.time_step_rank", heads);
        var words = config.Texts("layers_block_type") ?? Array.Empty<string>();
        var pattern = config.Text("hybrid_override_pattern") ?? string.Concat(words.Select(NemotronKind));
        char Kind(int layer) => layer < pattern.Length ? pattern[layer] : ' ';
        bool IsPrediction(int layer) => layer >= draft.Layers - draft["nextn_predict_layers"];
        AttentionWhere(draft, layer => Kind(layer) == '*' || IsPrediction(layer));
        var width = draft.Has("expert_count")
            ? config.Integer("moe_intermediate_size") ?? 0
            : config.Integer("intermediate_size") ?? 0;
        draft.SetEach("feed_forward_length", layer => Kind(layer) is '-' or 'E' || IsPrediction(layer) ? width : 0);
    }

    private static char NemotronKind(string word) => word switch
    {
        "attention" or "full_attention" => '*',
        "moe" => 'E',
        "mlp" => '-',
        _ => 'M',
    };

    /// <summary>Gated delta rule in all layers but each fourth (Qwen3-Next and later).</summary>
    public static void GatedDelta(HfDraft draft)
    {
        var config = draft.Config;
        var valueHeads = config.Integer("linear_num_value_heads") ?? 0;
        draft.Set("ssm.conv_kernel", config.Integer("linear_conv_kernel_dim"));
        draft.Set("ssm.state_size", config.Integer("linear_key_head_dim"));
        draft.Set("ssm.group_count", config.Integer("linear_num_key_heads"));
        draft.Set("ssm.time_step_rank", valueHeads);
        draft.Set("ssm.inner_size", valueHeads * config.Integer("linear_value_head_dim"));
        draft.Default("full_attention_interval", 4);
        if (config.Texts("layer_types") is { } types)
            draft.SetEach("attention.recurrent_layers", layer => IsLinear(types, layer));
        var share = config.Number("partial_rotary_factor")
            ?? HfConfig.Number(HfRope.Section(config)?["partial_rotary_factor"])
            ?? 0.25;
        draft.Set("rope.dimension_count", (long)(share * draft.KeyLength));
    }

    /// <summary>Kimi's delta attention, and latent attention in the layers that are listed, counted from 1.</summary>
    public static void DeltaAttention(HfDraft draft)
    {
        var section = draft.Config.Section("linear_attn_config");
        var attended = (section?["full_attn_layers"] as JArray ?? new JArray()).Select(HfConfig.Integer).ToArray();
        draft.SetEach(KvHeads, layer => attended.Contains(layer + 1) ? 1 : 0);
        draft.Set("ssm.conv_kernel", HfConfig.Integer(section?["short_conv_kernel_size"]));
        draft.Set("kda.head_dim", HfConfig.Integer(section?["head_dim"]));
        draft.Set("kda.gate_lower_bound", HfConfig.Number(section?["gate_lower_bound"]));
    }

    /// <summary>State-space layers, and attention at each period's offset.</summary>
    public static void Jamba(HfDraft draft)
    {
        var config = draft.Config;
        State(draft, (config.Integer("mamba_expand") ?? 2) * draft["embedding_length"], groups: null);
        draft.Set("ssm.time_step_rank", config.Integer("mamba_dt_rank"));
        var period = Math.Max(1, config.Integer("attn_layer_period") ?? 1);
        var offset = config.Integer("attn_layer_offset") ?? 0;
        AttentionWhere(draft, layer => layer >= offset && (layer - offset) % period == 0);
    }

    /// <summary>Short convolutions, and attention in the layers that are listed.</summary>
    public static void ShortConvolution(HfDraft draft)
    {
        var types = draft.Config.Texts("layer_types") ?? Array.Empty<string>();
        var attended = draft.Config.Integers("full_attn_idxs") ?? Array.Empty<long>();
        AttentionWhere(
            draft, layer => attended.Contains(layer) || (layer < types.Length && types[layer] == "full_attention"));
    }

    private static bool IsLinear(string[] types, int layer) =>
        layer < types.Length && types[layer] == "linear_attention";

    private static void Recurrent(HfDraft draft)
    {
        draft.Set("context_length", UnboundedContext);
        draft.Set("attention.head_count", 0);
        draft.Set(KvHeads, 0);
        draft.Set("feed_forward_length", 0);
        foreach (var key in new[] { "attention.key_length", "attention.value_length", "rope.dimension_count" })
            draft.Remove(key);
    }

    private static void State(HfDraft draft, long innerSize, long? groups)
    {
        var config = draft.Config;
        draft.Set("ssm.inner_size", innerSize);
        draft.Set("ssm.conv_kernel", config.Integer("conv_kernel", "mamba_d_conv", "d_conv") ?? 4);
        draft.Set("ssm.state_size", config.Integer("ssm_state_size", "state_size", "mamba_d_state", "d_state") ?? 16);
        draft.Set("ssm.group_count", groups);
    }

    private static void AttentionWhere(HfDraft draft, Func<int, bool> isAttention)
    {
        var kvHeads = draft[KvHeads];
        draft.SetEach(KvHeads, layer => isAttention(layer) ? kvHeads : 0);
    }
}
