using ModelFit.Models;

namespace ModelFit.Speed;

/// <summary>How a weight is stored, as far as unpacking it takes a processor longer or shorter.</summary>
internal enum WeightKind
{
    /// <summary>Plain numbers: F32, F16, BF16.</summary>
    Plain,

    /// <summary>Blocks of one scale: Q4_0 to Q8_0.</summary>
    Block,

    /// <summary>Blocks of blocks: Q2_K to Q6_K.</summary>
    Super,

    /// <summary>Indices into a table: the I-quants and the ternary types.</summary>
    Table,

    /// <summary>Four-bit floating point: MXFP4, NVFP4.</summary>
    Micro,
}

/// <summary>The kind of each tensor type.</summary>
internal static class WeightKinds
{
    /// <summary>Number of kinds.</summary>
    public const int Count = 5;

    /// <summary>The kind of a tensor type.</summary>
    public static WeightKind Of(TensorType type) => type switch
    {
        TensorType.F32 or TensorType.F16 or TensorType.BF16 => WeightKind.Plain,
        TensorType.Q4_0 or TensorType.Q4_1 or TensorType.Q5_0 or TensorType.Q5_1 or TensorType.Q8_0
            => WeightKind.Block,
        TensorType.Q2_K or TensorType.Q3_K or TensorType.Q4_K or TensorType.Q5_K or TensorType.Q6_K
            => WeightKind.Super,
        TensorType.MXFP4 or TensorType.NVFP4 => WeightKind.Micro,
        _ => WeightKind.Table,
    };
}
