using ModelFit.Models;

namespace ModelFit.Architectures;

/// <summary>
/// Which tensors a converted file keeps in F32 (llama.cpp, conversion/base.py, prepare_tensors, and
/// tensor_force_quant in minimax.py): vectors, norms, what is no weight, and some small matrices.
/// </summary>
internal static class ConversionTypes
{
    private static readonly string[] KeptWeights =
    {
        "ffn_gate_inp.weight", "ffn_gate_inp_shexp.weight", "position_embd.weight", "token_types.weight",
        "ssm_conv1d.weight", "shortconv.conv.weight", "time_mix_first.weight", "time_mix_w1.weight",
        "time_mix_w2.weight", "time_mix_decay_w1.weight", "time_mix_decay_w2.weight", "time_mix_lerp_fused.weight",
        "altup_correct_coef.weight", "altup_predict_coef.weight", "ssm_conv1d_q.weight", "ssm_conv1d_k.weight",
        "ssm_conv1d_v.weight", "indexer.proj.weight", "indexer.q_proj.weight", "indexer.k_proj.weight",
    };

    /// <summary>Tables of numbers of experts, which are no floating point.</summary>
    private const string ExpertTable = "ffn_gate_tid2eid.weight";

    /// <summary>The numbers that a drafter's tokens have in the other model (conversion/llama.py).</summary>
    private const string TokenTable = "d2t";

    /// <summary>The type of a tensor in a file whose matrices are of the given type.</summary>
    public static TensorType Of(string name, bool isMatrix, TensorType matrixType)
    {
        if (name.EndsWith(ExpertTable, StringComparison.Ordinal)) return TensorType.I32;
        if (name == TokenTable) return TensorType.I64;
        return isMatrix && IsConverted(name) ? matrixType : TensorType.F32;
    }

    private static bool IsConverted(string name) =>
        name.EndsWith(".weight", StringComparison.Ordinal)
        && !name.EndsWith("_norm.weight", StringComparison.Ordinal)
        && !KeptWeights.Any(kept => name.EndsWith(kept, StringComparison.Ordinal));
}
