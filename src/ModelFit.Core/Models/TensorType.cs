using System;
using System.Collections.Generic;

namespace ModelFit.Models;

/// <summary>The element type of a tensor; the values are ggml's own ids (ggml/include/ggml.h, ggml_type).</summary>
public enum TensorType
{
#pragma warning disable CS1591 // The names are ggml's own and say all there is.
    F32 = 0,
    F16 = 1,
    Q4_0 = 2,
    Q4_1 = 3,
    Q4_2 = 4,
    Q4_3 = 5,
    Q5_0 = 6,
    Q5_1 = 7,
    Q8_0 = 8,
    Q8_1 = 9,
    Q2_K = 10,
    Q3_K = 11,
    Q4_K = 12,
    Q5_K = 13,
    Q6_K = 14,
    Q8_K = 15,
    IQ2_XXS = 16,
    IQ2_XS = 17,
    IQ3_XXS = 18,
    IQ1_S = 19,
    IQ4_NL = 20,
    IQ3_S = 21,
    IQ2_S = 22,
    IQ4_XS = 23,
    I8 = 24,
    I16 = 25,
    I32 = 26,
    I64 = 27,
    F64 = 28,
    IQ1_M = 29,
    BF16 = 30,
    Q4_0_4_4 = 31,
    Q4_0_4_8 = 32,
    Q4_0_8_8 = 33,
    TQ1_0 = 34,
    TQ2_0 = 35,
    IQ4_NL_4_4 = 36,
    IQ4_NL_4_8 = 37,
    IQ4_NL_8_8 = 38,
    MXFP4 = 39,
    NVFP4 = 40,
    Q1_0 = 41,
    Q2_0 = 42,

    // Types of ik_llama.cpp, under its own ids (ggml/include/ggml.h there): llama.cpp loads none of them.
    IQ2_K = 137,
    IQ3_K = 138,
    IQ4_K = 139,
    IQ5_K = 140,
    IQ6_K = 141,
    IQ4_KS = 144,
    IQ2_KS = 145,
    IQ4_KSS = 146,
    IQ5_KS = 152,
    IQ2_KT = 153,
    IQ3_KT = 154,
    IQ4_KT = 155,
    IQ3_KS = 156,
    IQ2_KL = 157,
    IQ1_KT = 158,

    // Formats of other runtimes, under ids that nobody has: bits, weights of a group, and what each group has besides.
    B4G128 = 200,
    B2G128Z = 201,
    B3G128Z = 202,
    B4G128Z = 203,
    B8G128Z = 204,
    B2G64 = 205,
    B3G64 = 206,
    B4G64 = 207,
    B5G64 = 208,
    B6G64 = 209,
    B8G64 = 210,
    B4G64D = 211,
    MXFP8 = 212,
    B2 = 213,
    B3 = 214,
    B4 = 215,
    B5 = 216,
    B6 = 217,
    B8 = 218,
#pragma warning restore CS1591
}

/// <summary>Block sizes of the tensor types, as ggml's type_traits table has them (ggml/src/ggml.c).</summary>
public static class TensorTypes
{
    private static readonly (int Elements, int Bytes)[] Blocks = BuildBlocks();

    /// <summary>Elements in one block; 0 for an id that ggml does not know.</summary>
    public static int BlockElements(this TensorType type) =>
        (uint)type < (uint)Blocks.Length ? Blocks[(int)type].Elements : 0;

    /// <summary>Bytes of one block; 0 for an id that ggml does not know.</summary>
    public static int BlockBytes(this TensorType type) =>
        (uint)type < (uint)Blocks.Length ? Blocks[(int)type].Bytes : 0;

    /// <summary>Bytes of a row of <paramref name="elements"/> elements (ggml_row_size).</summary>
    public static long RowBytes(this TensorType type, long elements) =>
        elements / type.BlockElements() * type.BlockBytes();

    /// <summary>Whether the type stores blocks with scales rather than single numbers.</summary>
    public static bool IsQuantized(this TensorType type) => type.BlockElements() > 1;

    /// <summary>Whether the type id is known.</summary>
    public static bool IsKnown(this TensorType type) => type.BlockElements() > 0;

    /// <summary>Bits a weight takes, scales included.</summary>
    public static double BitsPerWeight(this TensorType type) => 8.0 * type.BlockBytes() / type.BlockElements();

    /// <summary>The type of that name, ignoring case; false if there is none.</summary>
    public static bool TryParse(string? name, out TensorType type) =>
        Enum.TryParse(name, ignoreCase: true, out type) && type.IsKnown() && !char.IsDigit(name![0]);

    private static (int Elements, int Bytes)[] BuildBlocks()
    {
        var blocks = new Dictionary<TensorType, (int, int)>
        {
            [TensorType.F32] = (1, 4),
            [TensorType.F16] = (1, 2),
            [TensorType.BF16] = (1, 2),
            [TensorType.F64] = (1, 8),
            [TensorType.I8] = (1, 1),
            [TensorType.I16] = (1, 2),
            [TensorType.I32] = (1, 4),
            [TensorType.I64] = (1, 8),
            [TensorType.Q4_0] = (32, 18),
            [TensorType.Q4_1] = (32, 20),
            [TensorType.Q4_2] = (16, 10),
            [TensorType.Q4_3] = (16, 12),
            [TensorType.Q5_0] = (32, 22),
            [TensorType.Q5_1] = (32, 24),
            [TensorType.Q8_0] = (32, 34),
            [TensorType.Q8_1] = (32, 36),
            [TensorType.Q2_K] = (256, 84),
            [TensorType.Q3_K] = (256, 110),
            [TensorType.Q4_K] = (256, 144),
            [TensorType.Q5_K] = (256, 176),
            [TensorType.Q6_K] = (256, 210),
            [TensorType.Q8_K] = (256, 292),
            [TensorType.IQ2_XXS] = (256, 66),
            [TensorType.IQ2_XS] = (256, 74),
            [TensorType.IQ3_XXS] = (256, 98),
            [TensorType.IQ1_S] = (256, 50),
            [TensorType.IQ4_NL] = (32, 18),
            [TensorType.IQ3_S] = (256, 110),
            [TensorType.IQ2_S] = (256, 82),
            [TensorType.IQ4_XS] = (256, 136),
            [TensorType.IQ1_M] = (256, 56),
            [TensorType.Q4_0_4_4] = (32, 18),
            [TensorType.Q4_0_4_8] = (32, 18),
            [TensorType.Q4_0_8_8] = (32, 18),
            [TensorType.TQ1_0] = (256, 54),
            [TensorType.TQ2_0] = (256, 66),
            [TensorType.IQ4_NL_4_4] = (32, 18),
            [TensorType.IQ4_NL_4_8] = (32, 18),
            [TensorType.IQ4_NL_8_8] = (32, 18),
            [TensorType.MXFP4] = (32, 17),
            [TensorType.NVFP4] = (64, 36),
            [TensorType.Q1_0] = (128, 18),
            [TensorType.Q2_0] = (64, 18),
            [TensorType.IQ2_K] = (256, 76),
            [TensorType.IQ3_K] = (256, 110),
            [TensorType.IQ4_K] = (256, 144),
            [TensorType.IQ5_K] = (256, 176),
            [TensorType.IQ6_K] = (256, 212),
            [TensorType.IQ4_KS] = (256, 136),
            [TensorType.IQ2_KS] = (256, 70),
            [TensorType.IQ4_KSS] = (256, 128),
            [TensorType.IQ5_KS] = (256, 168),
            [TensorType.IQ2_KT] = (256, 68),
            [TensorType.IQ3_KT] = (256, 100),
            [TensorType.IQ4_KT] = (256, 128),
            [TensorType.IQ3_KS] = (256, 102),
            [TensorType.IQ2_KL] = (256, 86),
            [TensorType.IQ1_KT] = (256, 56),
            [TensorType.B4G128] = (128, 66),
            [TensorType.B2G128Z] = (512, 137),
            [TensorType.B3G128Z] = (256, 101),
            [TensorType.B4G128Z] = (256, 133),
            [TensorType.B8G128Z] = (128, 131),
            [TensorType.B2G64] = (64, 20),
            [TensorType.B3G64] = (64, 28),
            [TensorType.B4G64] = (64, 36),
            [TensorType.B5G64] = (64, 44),
            [TensorType.B6G64] = (64, 52),
            [TensorType.B8G64] = (64, 68),
            [TensorType.B4G64D] = (64, 33),
            [TensorType.MXFP8] = (32, 33),
            [TensorType.B2] = (32, 8),
            [TensorType.B3] = (32, 12),
            [TensorType.B4] = (32, 16),
            [TensorType.B5] = (32, 20),
            [TensorType.B6] = (32, 24),
            [TensorType.B8] = (32, 32),
        };
        var table = new (int, int)[(int)TensorType.B8 + 1];
        foreach (var block in blocks) table[(int)block.Key] = block.Value;
        return table;
    }
}
