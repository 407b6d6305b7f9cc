using System;
using System.Collections.Generic;
using System.Linq;
using ModelFit.Models;

namespace ModelFit.Memory.Graph.Architectures;

/// <content>What an architecture that is not known is taken for.</content>
internal static partial class ArchitectureRegistry
{
    /// <summary>
    /// The known architecture that a model is most likely built like, by the tensors and the keys of the header that it
    /// has and lacks: names inside a layer or whole ones. The first that holds counts.
    /// </summary>
    private static readonly (string Name, string[] Has, string[] Lacks)[] Kin =
    {
        ("kimi-k3", new[] { "ssm_f_a.weight", "ssm_g.weight" }, new string[0]),
        ("bailingmoe3", new[] { "ssm_f_a.weight", "attn_gate.weight" }, new string[0]),
        ("kimi-linear", new[] { "ssm_f_a.weight" }, new string[0]),
        ("qwen3next", new[] { "ssm_ba.weight" }, new string[0]),
        ("qwen35", new[] { "ssm_beta.weight", "ssm_alpha.weight" }, new string[0]),
        ("deepseek32", new[] { "attn_kv_a_mqa.weight", "indexer.attn_q_b.weight" }, new string[0]),
        ("deepseek2", new[] { "attn_kv_a_mqa.weight" }, new string[0]),
        ("lfm2moe", new[] { "shortconv.in_proj.weight", "ffn_gate_exps.weight" }, new string[0]),
        ("lfm2", new[] { "shortconv.in_proj.weight" }, new string[0]),
        ("plamo2", new[] { "ssm_in.weight", "ssm_x.weight", "attn_qkv.weight" }, new string[0]),
        ("jamba", new[] { "ssm_in.weight", "ssm_x.weight", "attn_q.weight" }, new string[0]),
        ("mamba", new[] { "ssm_in.weight", "ssm_x.weight" }, new string[0]),
        ("falcon-h1", new[] { "blk.0.ssm_in.weight", "blk.0.attn_q.weight" }, new string[0]),
        ("granitehybrid", new[] { "ssm_in.weight", "attn_q.weight", "ffn_norm.weight" }, new string[0]),
        ("nemotron_h", new[] { "ssm_in.weight", "attn_q.weight" }, new string[0]),
        ("mamba2", new[] { "ssm_in.weight" }, new string[0]),
        ("arwkv7", new[] { "time_mix_a1.weight", "ffn_gate.weight" }, new string[0]),
        ("rwkv7", new[] { "time_mix_a1.weight" }, new string[0]),
        ("rwkv6qwen2", new[] { "time_mix_w1.weight", "ffn_gate.weight" }, new string[0]),
        ("rwkv6", new[] { "time_mix_w1.weight" }, new string[0]),
        ("gemma3n", new[] { "altup_proj.weight", "per_layer_token_embd.weight" }, new string[0]),
        ("gemma4", new[] { "per_layer_token_embd.weight" }, new string[0]),
        ("bert", new[] { "token_embd_norm.weight", "position_embd.weight" }, new[] { "output_norm.weight" }),
        ("nomic-bert", new[] { "token_embd_norm.weight" }, new[] { "output_norm.weight" }),
        ("gpt-oss", new[] { "attn_sinks.weight", "ffn_gate_exps.bias" }, new string[0]),
        ("gemma2", new[] { "post_ffw_norm.weight", "attn_norm.weight", "attn_logit_softcapping" }, new string[0]),
        (
            "gemma3", new[] { "post_ffw_norm.weight", "attn_norm.weight", "attn_q_norm.weight" },
            new[] { "ffn_gate_exps.weight" }),
        ("cohere2", new[] { "attention.sliding_window" }, new[] { "ffn_norm.weight", "post_attention_norm.weight" }),
        ("phi3", new[] { "attn_qkv.weight" }, new[] { "ffn_gate.weight", "attn_qkv.bias", "ffn_up.bias" }),
    };

    /// <summary>
    /// An architecture for a model of none that is known: that of its kin, or the common decoder (an encoder if it is
    /// not causal), its attention and feed-forward side by side where no norm lies between them, with a window where
    /// the header says of which layers, without rope where it has a table of positions.
    /// </summary>
    private static Architecture Likely(ModelDefinition model)
    {
        var names = new HashSet<string>(model.Tensors.Select(tensor => tensor.Name), StringComparer.Ordinal);
        names.UnionWith(model.Tensors.Select(tensor => InLayer(tensor.Name)));
        names.UnionWith(model.Metadata.Keys);
        foreach (var (name, has, lacks) in Kin)
            if (has.All(names.Contains) && !lacks.Any(names.Contains))
                return ByName.Value[name] with { Accuracy = Accuracy.Modelled };
        var isCausal = model.Metadata.Flag("attention.causal") ?? true;
        var kind = isCausal || names.Contains("output.weight")
            ? new Architecture("unknown")
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

    private static string InLayer(string name)
    {
        const int start = 4;
        var dot = name.StartsWith("blk.", StringComparison.Ordinal) ? name.IndexOf('.', start) : -1;
        return name.Substring(dot + 1);
    }
}
