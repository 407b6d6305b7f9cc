using ModelFit.Models;

namespace ModelFit.Quantization;

/// <summary>Where llama.cpp's quantizer treats an architecture apart (src/llama-quant.cpp).</summary>
internal sealed record MixExceptions
{
    /// <summary>No exception.</summary>
    public static MixExceptions None { get; } = new();

    /// <summary>Whether the rows for Falcon hold, whose output projection is always Q8_0.</summary>
    public bool IsFalcon { get; init; }

    /// <summary>
    /// Whether in MXFP4 files only the experts' own matrices are MXFP4, not every one of three dimensions.
    /// </summary>
    public bool OnlyExpertsAreMxfp4 { get; init; }

    /// <summary>
    /// The layers by which load_arch_hparams takes a model for one of 70 billion parameters (LLM_TYPE_70B), whose value
    /// projections get more bits; null if it never does.
    /// </summary>
    public int? SeventyBillionLayers { get; init; }

    /// <summary>Whether that holds only where query heads share key heads, and there are not eight experts.</summary>
    public bool SeventyBillionIsGrouped { get; init; }

    /// <summary>Whether llama.cpp takes a model for one of 70 billion parameters.</summary>
    public bool IsSeventyBillion(ModelMetadata metadata)
    {
        var layers = metadata.Integer("block_count", 0) - PredictionLayers.Of(metadata);
        if (layers != SeventyBillionLayers) return false;
        if (!SeventyBillionIsGrouped) return true;
        var heads = metadata.Integers("attention.head_count", 1, 0)[0];
        return metadata.Integer("expert_count", 0) != 8
            && heads != metadata.Integers("attention.head_count_kv", 1, heads)[0];
    }
}
