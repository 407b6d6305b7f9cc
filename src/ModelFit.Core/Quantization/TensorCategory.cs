namespace ModelFit.Quantization;

/// <summary>The roles of tensors that the mixes tell apart (tensor_category, src/llama-quant.cpp).</summary>
internal enum TensorCategory
{
    /// <summary>Anything else.</summary>
    Other,

    /// <summary>Token embedding.</summary>
    TokenEmbedding,

    /// <summary>Output projection.</summary>
    Output,

    /// <summary>Query projection.</summary>
    Query,

    /// <summary>Key projection.</summary>
    Key,

    /// <summary>Value projection.</summary>
    Value,

    /// <summary>Query, key and value in one.</summary>
    FusedQkv,

    /// <summary>Up-projection of the latent key and value of MLA.</summary>
    LatentKv,

    /// <summary>Output projection of attention.</summary>
    AttentionOutput,

    /// <summary>Feed-forward up, experts' and shared ones' too.</summary>
    Up,

    /// <summary>Feed-forward gate, likewise.</summary>
    Gate,

    /// <summary>Feed-forward down, likewise.</summary>
    Down,
}

/// <summary>Finds the category of a tensor by its name.</summary>
internal static class TensorCategories
{
    private static readonly (string Part, TensorCategory Category)[] Parts =
    {
        ("attn_qkv.weight", TensorCategory.FusedQkv),
        ("attn_kv_b.weight", TensorCategory.LatentKv),
        ("attn_v.weight", TensorCategory.Value),
        ("attn_k.weight", TensorCategory.Key),
        ("attn_q.weight", TensorCategory.Query),
        ("attn_output.weight", TensorCategory.AttentionOutput),
        ("ffn_up", TensorCategory.Up),
        ("ffn_gate", TensorCategory.Gate),
        ("ffn_down", TensorCategory.Down),
    };

    /// <summary>The category of a tensor (tensor_get_category, src/llama-quant.cpp).</summary>
    public static TensorCategory Of(string name)
    {
        if (name == "output.weight") return TensorCategory.Output;
        if (name is "token_embd.weight" or "per_layer_token_embd.weight") return TensorCategory.TokenEmbedding;
        foreach (var (part, category) in Parts)
        {
            if (name.IndexOf(part, StringComparison.Ordinal) >= 0) return category;
        }
        return TensorCategory.Other;
    }

    /// <summary>Whether a category counts as a value projection (category_is_attn_v).</summary>
    public static bool IsValueLike(this TensorCategory category) =>
        category is TensorCategory.Value or TensorCategory.FusedQkv or TensorCategory.LatentKv;
}
