using System;
using System.Collections.Generic;
using System.Linq;
using ModelFit.Models;

namespace ModelFit.Quantization;

/// <summary>
/// What a model costs in a format that llama-quantize does not make (FP8, AWQ, NF4, and NVFP4, which is only converted)
/// where no file tells: the matrices of its blocks in the tensor type of ggml that takes as many bits, embeddings and
/// output in 16.
/// </summary>
internal static class NativeWeights
{
    private static readonly Dictionary<string, TensorType> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        ["FP8"] = TensorType.I8, ["INT8"] = TensorType.I8, ["MXFP8"] = TensorType.Q8_0, ["GPTQ-Int8"] = TensorType.Q8_0,
        ["MLX-8bit"] = TensorType.Q8_0, ["MXFP4"] = TensorType.MXFP4,
        ["NVFP4"] = TensorType.NVFP4, ["NVFP4-ModelOpt"] = TensorType.NVFP4,
        ["NF4"] = TensorType.Q4_0, ["NF4-DQ"] = TensorType.IQ4_XS, ["AWQ"] = TensorType.IQ4_XS,
        ["GPTQ-Int4"] = TensorType.IQ4_XS, ["AutoRound"] = TensorType.IQ4_XS, ["W4A16"] = TensorType.IQ4_XS,
        ["HQQ-4bit"] = TensorType.Q4_0, ["MLX-4bit"] = TensorType.Q4_0, ["MLX-6bit"] = TensorType.Q6_K,
        ["MLX-5bit"] = TensorType.Q5_0, ["MLX-3bit"] = TensorType.Q3_K, ["GPTQ-Int3"] = TensorType.Q3_K,
        ["MLX-2bit"] = TensorType.Q2_K, ["GPTQ-Int2"] = TensorType.IQ2_XS,
    };

    /// <summary>Whether a format is of the list.</summary>
    public static bool Knows(string quantization) => Types.ContainsKey(quantization);

    /// <summary>Bits a weight takes in a format or plain file type; null if neither is of that name.</summary>
    public static double? BitsPerWeight(string quantization) =>
        Types.TryGetValue(quantization, out var type) ? type.BitsPerWeight()
        : FileType.Find(quantization) is { } plain ? plain.Base.BitsPerWeight()
        : null;

    /// <summary>The definition with the matrices retyped, or null for a format that is not of the list.</summary>
    public static ModelDefinition? Apply(ModelDefinition whole, string quantization)
    {
        if (!Types.TryGetValue(quantization, out var type)) return null;
        var expertsOnly = type is TensorType.MXFP4 && whole.Metadata.Has("expert_count");
        var tensors = whole.Tensors.Select(tensor => IsConverted(tensor, type, expertsOnly)
            ? tensor with { Type = type }
            : tensor);
        return new ModelDefinition(whole.Metadata, tensors.ToArray(), Accuracy.Approximate);
    }

    private static bool IsConverted(TensorInfo tensor, TensorType type, bool expertsOnly) =>
        tensor.N1 > 1
        && tensor.Type is TensorType.F16 or TensorType.BF16
        && tensor.Name.StartsWith("blk.", StringComparison.Ordinal)
        && tensor.N0 % type.BlockElements() == 0
        && (!expertsOnly || tensor.Name.IndexOf("_exps.", StringComparison.Ordinal) >= 0);
}
