using System.Collections.Generic;
using ModelFit.Models;

namespace ModelFit.Runtimes.Vllm;

/// <summary>
/// Tables of sines and cosines (layers/rotary_embedding): a row a position of the trained context, as wide as what is
/// rotated, one for each kind of layer that rotates in its own way.
/// </summary>
internal static class VllmRotary
{
    /// <summary>Models that rotate by time, height and width have four times the rows (mrope.py).</summary>
    private const int SectionedFactor = 4;

    /// <summary>Gemma 3 stretches its full layers eightfold, and linear stretching makes rows of it all.</summary>
    private const int Gemma3Factor = 8;

    private static readonly HashSet<string> Unrotated = new()
    {
        "nemotron_h", "nemotron_h_moe", "mamba", "mamba2", "jamba", "kimi-linear", "granitehybrid", "gpt2", "bloom",
        "mpt", "opt", "starcoder", "rwkv6", "rwkv7",
    };

    private static readonly HashSet<string> Sectioned = new()
    {
        "qwen2vl", "qwen3vl", "qwen3vlmoe", "qwen35", "qwen35moe",
    };

    /// <summary>Bytes on each card.</summary>
    public static long Bytes(ModelDefinition model, int numberBytes)
    {
        if (Unrotated.Contains(model.Architecture)) return 0;
        var metadata = model.Metadata;
        var heads = metadata.Integer("attention.head_count", 0);
        var length = metadata.Integer("attention.key_length",
            heads > 0 ? metadata.Integer("embedding_length", 0) / heads : 0);
        var width = metadata.Integer("rope.dimension_count", length);
        var row = width * numberBytes;
        var positions = metadata.Integer("context_length", 0);
        var isStretched = model.Architecture == "gemma3" && metadata.Has("attention.sliding_window")
            && positions > 32768;
        var rows = positions * (Sectioned.Contains(model.Architecture) ? SectionedFactor : 1);
        var table = TorchAllocation.Of(rows * row * (isStretched ? Gemma3Factor : 1));
        var windowWidth = metadata.Integer("attention.key_length_swa", length);
        return model.Architecture is "gemma3" or "gemma4" or "gemma3n"
            ? table + TorchAllocation.Of(rows * windowWidth * numberBytes)
            : table;
    }
}
