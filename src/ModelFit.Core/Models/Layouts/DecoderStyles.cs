using System.Collections.Generic;
using System.Linq;

namespace ModelFit.Models;

/// <summary>The architectures of plain decoder blocks, each by what sets it apart from Llama.</summary>
internal static class DecoderStyles
{
    private static readonly string[] SandwichNorms =
        { "attn_norm", "post_attention_norm", "ffn_norm", "post_ffw_norm" };

    private static readonly Dictionary<string, DecoderStyle> Styles = new()
    {
        ["llama"] = new(),
        ["mistral3"] = new(),
        ["qwen2"] = new() { QkvBias = true },
        ["qwen2vl"] = new() { QkvBias = true },
        ["qwen3"] = new() { QkNorm = QkNormKind.Head },
        ["qwen3moe"] = new() { QkNorm = QkNormKind.Head },
        ["qwen3vl"] = new() { QkNorm = QkNormKind.Head },
        ["qwen3vlmoe"] = new() { QkNorm = QkNormKind.Head },
        ["gemma"] = new() { AlwaysTied = true },
        ["gemma2"] = new() { AlwaysTied = true, BlockNorms = SandwichNorms },
        ["gemma3"] = new() { BlockNorms = SandwichNorms, QkNorm = QkNormKind.Head },
        ["phi3"] = new() { FusedQkv = true, FeedForward = FeedForwardKind.Fused },
    };

    /// <summary>The layouts of these architectures.</summary>
    public static IReadOnlyDictionary<string, TensorLayout> Layouts { get; } = Styles.ToDictionary(
        entry => entry.Key,
        entry => new TensorLayout(list => DecoderLayout.Build(list, entry.Value)));
}
