using System.Collections.Generic;
using ModelFit.Models;

namespace ModelFit.Quantization;

/// <summary>
/// Whether llama.cpp takes a model for one of 70 billion parameters (LLM_TYPE_70B, set by load_arch_hparams of each
/// architecture from the number of layers), whose value projections get more bits.
/// </summary>
internal static class SeventyBillion
{
    private static readonly Dictionary<string, int> LayersByArchitecture = new()
    {
        ["llama"] = 80, ["qwen2"] = 80, ["deci"] = 80, ["olmo"] = 80, ["jais2"] = 68,
    };

    /// <summary>Whether the model counts as one of 70 billion parameters.</summary>
    public static bool Is(ModelMetadata metadata, int layers, long experts)
    {
        if (!LayersByArchitecture.TryGetValue(metadata.Architecture, out var expected)) return false;
        if (layers - metadata.Integer("nextn_predict_layers", 0) != expected) return false;
        if (metadata.Architecture != "llama") return true;
        var heads = metadata.Integers("attention.head_count", 1, 0)[0];
        return experts != 8 && heads != metadata.Integers("attention.head_count_kv", 1, heads)[0];
    }
}
