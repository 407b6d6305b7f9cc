using System;
using System.Collections.Generic;
using System.Linq;
using ModelFit.Graph;
using ModelFit.Models;

namespace ModelFit.Architectures;

/// <content>What an architecture that is not known is taken for.</content>
internal static partial class ArchitectureRegistry
{
    private static readonly Architecture Plain = new("unknown");

    /// <summary>
    /// The known architecture that a model is most likely built like, by the tensors (their names in a layer, or whole
    /// ones) and keys of the header that it has, or with <c>!</c> lacks. The first that holds counts.
    /// </summary>
    private static readonly (string Name, string Signs)[] Kin =
    {
        ("kimi-k3", "ssm_f_a.weight ssm_g.weight"),
        ("bailingmoe3", "ssm_f_a.weight attn_gate.weight"),
        ("kimi-linear", "ssm_f_a.weight"),
        ("qwen3next", "ssm_ba.weight"),
        ("qwen35", "ssm_beta.weight ssm_alpha.weight"),
        ("deepseek32", "attn_kv_a_mqa.weight indexer.attn_q_b.weight"),
        ("deepseek2", "attn_kv_a_mqa.weight"),
        ("lfm2moe", "shortconv.in_proj.weight ffn_gate_exps.weight"),
        ("lfm2", "shortconv.in_proj.weight"),
        ("plamo2", "ssm_in.weight ssm_x.weight attn_qkv.weight"),
        ("jamba", "ssm_in.weight ssm_x.weight attn_q.weight"),
        ("mamba", "ssm_in.weight ssm_x.weight"),
        ("falcon-h1", "blk.0.ssm_in.weight blk.0.attn_q.weight"),
        ("granitehybrid", "ssm_in.weight attn_q.weight ffn_norm.weight"),
        ("nemotron_h", "ssm_in.weight attn_q.weight"),
        ("mamba2", "ssm_in.weight"),
        ("arwkv7", "time_mix_a1.weight ffn_gate.weight"),
        ("rwkv7", "time_mix_a1.weight"),
        ("rwkv6qwen2", "time_mix_w1.weight ffn_gate.weight"),
        ("rwkv6", "time_mix_w1.weight"),
        ("gemma3n", "altup_proj.weight per_layer_token_embd.weight"),
        ("gemma4", "per_layer_token_embd.weight"),
        ("bert", "token_embd_norm.weight position_embd.weight !output_norm.weight"),
        ("nomic-bert", "token_embd_norm.weight !output_norm.weight"),
        ("gpt-oss", "attn_sinks.weight ffn_gate_exps.bias"),
        ("gemma2", "post_ffw_norm.weight attn_norm.weight attn_logit_softcapping"),
        ("gemma3", "post_ffw_norm.weight attn_norm.weight attn_q_norm.weight !ffn_gate_exps.weight"),
        ("cohere2", "attention.sliding_window !ffn_norm.weight !post_attention_norm.weight"),
        ("phi3", "attn_qkv.weight !ffn_gate.weight !attn_qkv.bias !ffn_up.bias"),
    };

    /// <summary>
    /// An architecture for a model of none that is known: that of its kin, or the common decoder (an encoder if it is
    /// not causal), its attention and feed-forward side by side where no norm lies between them, with a window where
    /// the header says of which layers, without rope where it has a table of positions.
    /// </summary>
    private static Architecture Likely(ModelDefinition model)
    {
        var names = new HashSet<string>(model.Tensors.Select(tensor => tensor.Name), StringComparer.Ordinal);
        names.UnionWith(model.Tensors.Select(tensor => WeightTable.Place(tensor.Name, Plain).Local));
        names.UnionWith(model.Metadata.Keys);
        bool Holds(string sign) => sign[0] == '!' ? !names.Contains(sign.Substring(1)) : names.Contains(sign);
        foreach (var (name, signs) in Kin)
            if (signs.Split(' ').All(Holds))
                return ByName.Value[name] with { Accuracy = Accuracy.Modelled };
        var isCausal = model.Metadata.Flag("attention.causal") ?? true;
        var kind = isCausal || names.Contains("output.weight")
            ? Plain
            : ByName.Value["eurobert"];
        return kind with
        {
            Accuracy = Accuracy.Modelled,
            AttendsBatchOnly = !isCausal,
            NormOp = names.Contains("attn_norm.bias") || !names.Contains("attention.layer_norm_rms_epsilon")
                ? Op.Norm
                : Op.RmsNorm,
            IsParallel = !names.Contains("ffn_norm.weight") && !names.Contains("post_attention_norm.weight"),
            HasRope = names.Contains("position_embd.weight") ? (_, _) => false : kind.HasRope,
            Window = WindowRule.OfHeader,
        };
    }
}
