using System;
using System.Collections.Generic;
using System.Linq;
using ModelFit.Models;

namespace ModelFit.Formats.HuggingFace;

/// <summary>
/// What tells models of one architecture apart by tensors that are there or not (<see cref="Traits"/>), read off the
/// configuration, and off the names of the tensors where those are known.
/// </summary>
internal static class HfTraits
{
    /// <summary>Families whose configuration class ties embeddings unless told otherwise.</summary>
    private static readonly string[] TiedByDefault =
    {
        "gemma", "gpt2", "gpt_bigcode", "bloom", "falcon", "mpt", "cohere", "starcoder2", "t5", "mamba", "lfm2",
        "modernbert", "xglm", "opt", "openelm", "smollm3",
    };

    /// <summary>The traits that a configuration states.</summary>
    public static HashSet<string> Of(HfConfig config, string architecture)
    {
        var traits = new HashSet<string>(StringComparer.Ordinal);
        void Add(string trait, bool isThere)
        {
            if (isThere) traits.Add(trait);
        }

        var hasBias = config.Flag("attention_bias", "qkv_bias", "use_qkv_bias") == true;
        Add(Traits.Tied, config.Flag("tie_word_embeddings") ?? IsTiedByDefault(config.ModelType));
        Add(Traits.QkvBias, hasBias);
        Add(Traits.AttentionOutputBias, hasBias && architecture == "llama");
        Add(Traits.QkNorm, config.Flag("use_qk_norm", "qk_layernorm") == true);
        Add(Traits.RopeFactors, config.RopeKind == "llama3");
        Add(Traits.LongRope, config.RopeKind is "longrope" or "su");
        Add(Traits.RouterBias, HasRouterBias(config));
        Add(Traits.SharedPredictionHead, config.Flag("mtp_use_dedicated_embeddings") == false);
        Add(Traits.GatedFeedForward, config.Flag("is_gated_act")
            ?? config.Text("feed_forward_proj")?.StartsWith("gated", StringComparison.Ordinal) == true);
        Add(Traits.KeysAreValues, config.Flag("attention_k_eq_v") == true);
        return traits;
    }

    /// <summary>Corrects what the configuration says by the tensors that are there.</summary>
    public static void Correct(HashSet<string> traits, IReadOnlyCollection<string> names)
    {
        bool Any(params string[] parts) =>
            names.Any(name => Array.Exists(parts, part => name.IndexOf(part, StringComparison.Ordinal) >= 0));
        void Decide(string trait, bool isThere)
        {
            if (isThere) traits.Add(trait);
            else traits.Remove(trait);
        }

        Decide(Traits.Tied, !Any("lm_head.", "embed_out.", "output_layer."));
        Decide(Traits.QkvBias, Any("q_proj.bias", "qkv_proj.bias", "c_attn.bias", "query_key_value.bias"));
        Decide(Traits.AttentionOutputBias, Any("attn.o_proj.bias", "attention.dense.bias", "attn.c_proj.bias"));
        Decide(Traits.QkNorm, Any("q_norm.", "q_layernorm."));
        Decide(Traits.RouterBias, Any("e_score_correction_bias", "router_bias", "gate.bias", "expert_bias"));
    }

    private static bool IsTiedByDefault(string? type) =>
        type is not null && TiedByDefault.Any(family => type.StartsWith(family, StringComparison.Ordinal));

    private static bool HasRouterBias(HfConfig config) =>
        config.Text("topk_method") == "noaux_tc"
        || config.Flag("use_routing_bias", "use_moe_router_bias", "moe_router_enable_expert_bias") == true;
}
