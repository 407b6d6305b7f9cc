using ModelFit.Common;
using ModelFit.Models;

namespace ModelFit.Quantization;

/// <summary>Which tensors quantization leaves as they are (tensor_allows_quantization, src/llama-quant.cpp).</summary>
internal static class KeptTensors
{
    private static readonly string[] Names = { "position_embd.weight", "token_types.weight" };

    private static readonly string[] Parts =
    {
        "_norm.weight", "ffn_gate_inp.weight", "ffn_gate_tid2eid.weight", "altup", "laurel", "per_layer_model_proj",
        "ssm_conv1d", "shortconv.conv.weight", "indexer.k_proj.weight", "indexer.q_proj.weight",
        "time_mix_first.weight", "time_mix_w0.weight", "time_mix_w1.weight", "time_mix_w2.weight",
        "time_mix_v0.weight", "time_mix_v1.weight", "time_mix_v2.weight", "time_mix_a0.weight", "time_mix_a1.weight",
        "time_mix_a2.weight", "time_mix_g1.weight", "time_mix_g2.weight", "time_mix_decay_w1.weight",
        "time_mix_decay_w2.weight", "time_mix_lerp_fused.weight", "attn_rel_b.weight", ".position_embd",
        "sam.pos_embd", "sam.neck.", "sam.net_", ".rel_pos", ".patch_embd", ".patch_merger", "a.rvq.codebook",
        "mm.a.code_embd",
    };

    private const int MostRemembered = 4096;

    /// <summary>What a name within the layers says, found once: most models have the same.</summary>
    private static readonly RecentTable<string, string> Known = new(MostRemembered);

    /// <summary>Whether a tensor keeps the type it has: vectors, norms, routers and other small things.</summary>
    public static bool Keeps(TensorInfo tensor) =>
        (tensor.N1 <= 1 && tensor.N2 <= 1 && tensor.N3 <= 1)
        || !tensor.Name.EndsWith("weight", StringComparison.Ordinal)
        || Names.Contains(tensor.Name)
        || PartOf(tensor).Length > 0;

    private static string PartOf(TensorInfo tensor)
    {
        if (Known.Find(tensor.Parsed.Local) is { } known) return known;
        var part = Array.Find(Parts, part => tensor.Name.IndexOf(part, StringComparison.Ordinal) >= 0) ?? string.Empty;
        if (tensor.Parsed.Layer >= 0) Known.Add(tensor.Parsed.Local, part);
        return part;
    }
}
