using ModelFit.Architectures;
using ModelFit.Models;

namespace ModelFit.Formats.HuggingFace;

/// <summary>
/// What tells models of one architecture apart by tensors that are there or not (<see cref="Traits"/>), read off the
/// configuration, and off the names of the tensors where those are known.
/// </summary>
internal static class HfTraits
{
    /// <summary>The traits that a configuration states.</summary>
    public static Traits Of(HfConfig config, string architecture)
    {
        var known = ArchitectureList.Find(architecture);
        var hasBias = config.Flag("attention_bias", "qkv_bias", "use_qkv_bias") == true;
        return If(Traits.Tied, config.Flag("tie_word_embeddings") ?? known?.TiesByDefault == true)
            | If(Traits.QkvBias, hasBias)
            | If(Traits.AttentionOutputBias, hasBias && known?.OutputBiasAsAttention == true)
            | If(Traits.QkNorm, config.Flag("use_qk_norm", "qk_layernorm") == true)
            | If(Traits.RopeFactors, config.RopeKind == "llama3")
            | If(Traits.LongRope, config.RopeKind is "longrope" or "su")
            | If(Traits.RouterBias, HasRouterBias(config))
            | If(Traits.SharedPredictionHead, config.Flag("mtp_use_dedicated_embeddings") == false)
            | If(Traits.GatedFeedForward, config.Flag("is_gated_act")
                ?? config.Text("feed_forward_proj")?.StartsWith("gated", StringComparison.Ordinal) == true)
            | If(Traits.KeysAreValues, config.Flag("attention_k_eq_v") == true);
    }

    /// <summary>Corrects what the configuration says by the tensors that are there.</summary>
    public static Traits Corrected(Traits traits, IReadOnlyCollection<string> names)
    {
        bool Any(params string[] parts) =>
            names.Any(name => Array.Exists(parts, part => name.IndexOf(part, StringComparison.Ordinal) >= 0));
        void Decide(Traits trait, bool isThere) => traits = (traits & ~trait) | If(trait, isThere);

        Decide(Traits.Tied, !Any("lm_head.", "embed_out.", "output_layer."));
        Decide(Traits.QkvBias, Any("q_proj.bias", "qkv_proj.bias", "c_attn.bias", "query_key_value.bias"));
        Decide(Traits.AttentionOutputBias, Any("attn.o_proj.bias", "attention.dense.bias", "attn.c_proj.bias"));
        Decide(Traits.QkNorm, Any("q_norm.", "q_layernorm."));
        Decide(Traits.RouterBias, Any("e_score_correction_bias", "router_bias", "gate.bias", "expert_bias"));
        return traits;
    }

    private static Traits If(Traits trait, bool isThere) => isThere ? trait : Traits.None;

    private static bool HasRouterBias(HfConfig config) =>
        config.Text("topk_method") == "noaux_tc"
        || config.Flag("use_routing_bias", "use_moe_router_bias", "moe_router_enable_expert_bias") == true;
}
