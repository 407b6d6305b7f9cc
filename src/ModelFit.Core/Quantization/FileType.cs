using System;
using System.Collections.Generic;
using System.Linq;
using ModelFit.Models;

namespace ModelFit.Quantization;

/// <summary>
/// A quantization as llama.cpp numbers it (llama_ftype, include/llama.h) and the tensor type most of its weights get
/// (llama_ftype_get_default_type, src/llama-quant.cpp).
/// </summary>
internal sealed record FileType(string Name, int Id, TensorType Base)
{
    private static readonly FileType[] Table =
    {
        new("F32", 0, TensorType.F32),
        new("F16", 1, TensorType.F16),
        new("Q4_0", 2, TensorType.Q4_0),
        new("Q4_1", 3, TensorType.Q4_1),
        new("Q8_0", 7, TensorType.Q8_0),
        new("Q5_0", 8, TensorType.Q5_0),
        new("Q5_1", 9, TensorType.Q5_1),
        new("Q2_K", 10, TensorType.Q2_K),
        new("Q3_K_S", 11, TensorType.Q3_K),
        new("Q3_K_M", 12, TensorType.Q3_K),
        new("Q3_K_L", 13, TensorType.Q3_K),
        new("Q4_K_S", 14, TensorType.Q4_K),
        new("Q4_K_M", 15, TensorType.Q4_K),
        new("Q5_K_S", 16, TensorType.Q5_K),
        new("Q5_K_M", 17, TensorType.Q5_K),
        new("Q6_K", 18, TensorType.Q6_K),
        new("IQ2_XXS", 19, TensorType.IQ2_XXS),
        new("IQ2_XS", 20, TensorType.IQ2_XS),
        new("Q2_K_S", 21, TensorType.Q2_K),
        new("IQ3_XS", 22, TensorType.IQ3_S),
        new("IQ3_XXS", 23, TensorType.IQ3_XXS),
        new("IQ1_S", 24, TensorType.IQ1_S),
        new("IQ4_NL", 25, TensorType.IQ4_NL),
        new("IQ3_S", 26, TensorType.IQ3_S),
        new("IQ3_M", 27, TensorType.IQ3_S),
        new("IQ2_S", 28, TensorType.IQ2_XS),
        new("IQ2_M", 29, TensorType.IQ2_S),
        new("IQ4_XS", 30, TensorType.IQ4_XS),
        new("IQ1_M", 31, TensorType.IQ1_M),
        new("BF16", 32, TensorType.BF16),
        new("TQ1_0", 36, TensorType.TQ1_0),
        new("TQ2_0", 37, TensorType.TQ2_0),
        new("MXFP4_MOE", 38, TensorType.MXFP4),
        new("NVFP4", 39, TensorType.NVFP4),
        new("Q1_0", 40, TensorType.Q1_0),
        new("Q2_0", 41, TensorType.Q2_0),
    };

    private static readonly Dictionary<string, FileType> ByName =
        Table.ToDictionary(type => type.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Every file type, by id.</summary>
    public static IReadOnlyList<FileType> All => Table;

    /// <summary>Whether the base type is one of blocks rather than of numbers (ggml_is_quantized).</summary>
    public bool IsQuantized => Base is not (TensorType.F32 or TensorType.F16 or TensorType.BF16);

    /// <summary>The file type of that name, in any case, or null.</summary>
    public static FileType? Find(string name) => ByName.TryGetValue(name, out var type) ? type : null;

    /// <summary>The file type of that id, or null.</summary>
    public static FileType? Find(int id) => Table.FirstOrDefault(type => type.Id == id);
}
