using ModelFit.Models;

namespace ModelFit.Runtimes.Vllm;

/// <summary>How the cards of a tensor-parallel group share a tensor.</summary>
internal enum Sharing
{
    /// <summary>Every card has all of it.</summary>
    Whole,

    /// <summary>Outputs are divided.</summary>
    Outputs,

    /// <summary>Outputs are divided by key/value heads, which are repeated where there are fewer than cards.</summary>
    KvHeads,

    /// <summary>Inputs are divided.</summary>
    Inputs,
}

/// <summary>One matrix of a tensor that vLLM keeps: several of GGUF's may be stacked into one.</summary>
/// <param name="Layer">Its layer; -1 outside of layers.</param>
/// <param name="Tensor">The tensor in which it is stacked.</param>
/// <param name="Outputs">Rows.</param>
/// <param name="Inputs">Numbers of a row.</param>
/// <param name="Matrices">Matrices (experts).</param>
/// <param name="Sharing">How cards share it.</param>
/// <param name="Role">What it is for.</param>
/// <param name="KvHeads">Key/value heads of its layer.</param>
internal sealed record VllmMatrix(
    int Layer, string Tensor, long Outputs, long Inputs, long Matrices, Sharing Sharing, MatrixRole Role, long KvHeads)
{
    // What vLLM stacks (vllm/model_executor/models: packed_modules_mapping).
    private static readonly (string Part, string Stack)[] Stacks =
    {
        ("attn_q.", "qkv."), ("attn_k.", "qkv."), ("attn_v.", "qkv."),
        ("attn_q_a.", "qkv_a."), ("attn_kv_a_mqa.", "qkv_a."), ("attn_k_b.", "kv_b."), ("attn_v_b.", "kv_b."),
        ("ffn_gate.", "gate_up."), ("ffn_up.", "gate_up."),
        ("ffn_gate_shexp.", "shared_gate_up."), ("ffn_up_shexp.", "shared_gate_up."),
        ("ffn_gate_exps.", "experts_13."), ("ffn_up_exps.", "experts_13."),
        ("attn_qkv.", "qkvz."), ("attn_gate.", "qkvz."), ("ssm_beta.", "ba."), ("ssm_alpha.", "ba."),
    };

    private static readonly string[] Inner = { "attn_output", "ffn_down", "ssm_out", "shortconv.out_proj", "proj." };

    /// <summary>The matrices of a model in the order of its tensors.</summary>
    public static IReadOnlyList<VllmMatrix> Of(ModelDefinition model)
    {
        var recurrent = VllmLayer.RecurrentOf(model);
        var list = new List<VllmMatrix>(model.Tensors.Count);
        foreach (var tensor in model.Tensors)
            if (tensor.Name != "rope_freqs.weight") list.Add(Of(model, tensor, recurrent));
        return list;
    }

    private static VllmMatrix Of(ModelDefinition model, TensorInfo tensor, HashSet<int> recurrent)
    {
        var (layer, name) = Split(tensor.Name);
        if (layer < 0) return Outside(tensor);
        var isLatent = name.StartsWith("attn_k_b.", StringComparison.Ordinal);
        var (outputs, inputs, matrices) = isLatent
            ? (tensor.N0 * tensor.N2, tensor.N1, 1)
            : name.StartsWith("attn_v_b.", StringComparison.Ordinal)
            ? (tensor.N1 * tensor.N2, tensor.N0, 1)
            : (tensor.N1, tensor.N0, tensor.N2);
        var kvHeads = model.Metadata.Integers("attention.head_count_kv", layer + 1, 1)[layer];
        var role = RoleOf(name, tensor, recurrent.Contains(layer));
        return new(layer, Stacked(name), outputs, inputs, matrices, SharingOf(name, tensor, role), role, kvHeads);
    }

    private static VllmMatrix Outside(TensorInfo tensor)
    {
        var isVocabulary = tensor.Name is "token_embd.weight" or "output.weight" or "per_layer_token_embd.weight";
        var role = tensor.Name == "output.weight" ? MatrixRole.Output
            : isVocabulary ? MatrixRole.Embedding : MatrixRole.Other;
        var sharing = isVocabulary ? Sharing.Outputs : Sharing.Whole;
        return new(-1, tensor.Name, tensor.N1 * tensor.N2, tensor.N0, 1, sharing, role, 1);
    }

    private static MatrixRole RoleOf(string name, TensorInfo tensor, bool isRecurrent)
    {
        if (tensor.N1 == 1 || !name.EndsWith(".weight", StringComparison.Ordinal)) return MatrixRole.Other;
        if (Has(name, "ffn_gate_inp") || Has(name, "norm") || Has(name, "conv")) return MatrixRole.Other;
        if (Has(name, "_exps.")) return MatrixRole.Experts;
        if (name.StartsWith("ffn_", StringComparison.Ordinal)) return MatrixRole.Linear;
        return isRecurrent ? MatrixRole.LinearAttention : MatrixRole.Linear;
    }

    private static Sharing SharingOf(string name, TensorInfo tensor, MatrixRole role)
    {
        if (Has(name, "ffn_gate_inp") || Has(name, "norm") || Has(name, "kv_a") || Has(name, "attn_q_a")
            || Has(name, "indexer") || Has(name, "compressor")) return Sharing.Whole;
        if (tensor.N1 == 1) return role == MatrixRole.Other && name.EndsWith(".bias", StringComparison.Ordinal)
            ? Sharing.Outputs : Sharing.Whole;
        foreach (var inner in Inner)
            if (name.StartsWith(inner, StringComparison.Ordinal)) return Sharing.Inputs;
        return role == MatrixRole.Linear && (Has(name, "attn_k.") || Has(name, "attn_v."))
            ? Sharing.KvHeads
            : Sharing.Outputs;
    }

    private static string Stacked(string name)
    {
        foreach (var (part, stack) in Stacks)
            if (name.StartsWith(part, StringComparison.Ordinal)) return stack + name.Substring(part.Length);
        return name;
    }

    private static bool Has(string name, string part) => name.IndexOf(part, StringComparison.Ordinal) >= 0;

    /// <summary>The layer in a tensor's name and what follows; -1 and the name outside of layers.</summary>
    internal static (int Layer, string Name) Split(string name)
    {
        var parsed = TensorName.Of(name);
        return parsed.Block >= 0 ? (parsed.Layer, parsed.Local) : (-1, name);
    }
}

/// <summary>What a matrix is for, as far as formats and parallelism tell matrices apart.</summary>
internal enum MatrixRole
{
    /// <summary>Norms, biases, routers, convolutions.</summary>
    Other,

    /// <summary>The token embedding, on the first stage.</summary>
    Embedding,

    /// <summary>The output, on the last stage.</summary>
    Output,

    /// <summary>A linear layer.</summary>
    Linear,

    /// <summary>A linear layer of linear attention.</summary>
    LinearAttention,

    /// <summary>Routed experts.</summary>
    Experts,
}
