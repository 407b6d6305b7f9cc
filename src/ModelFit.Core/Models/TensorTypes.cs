using static ModelFit.Models.TensorUses;

namespace ModelFit.Models;

/// <summary>
/// All that is known of the tensor types, a row each. Blocks are those of ggml's type_traits (ggml/src/ggml.c); what
/// stands for a type whose blocks a row cannot hold is llama-quantize's tensor_type_fallback (src/llama-quant.cpp); the
/// rest is told at <see cref="TensorTypeRow"/>.
/// </summary>
public static class TensorTypes
{
    private static readonly TensorTypeRow[] Rows =
    {
        new(TensorType.F32, 1, 4, WeightKind.Plain) { Uses = Weights | Cache | CudaAttention },
        new(TensorType.F16, 1, 2, WeightKind.Plain)
        {
            Uses = Weights | Cache | CudaAttention | CudaVector, Tile = new(16, 0),
        },
        new(TensorType.BF16, 1, 2, WeightKind.Plain) { Uses = Weights | Cache | CudaAttention | CudaVector },
        new(TensorType.F64, 1, 8),
        new(TensorType.I8, 1, 1),
        new(TensorType.I16, 1, 2),
        new(TensorType.I32, 1, 4),
        new(TensorType.I64, 1, 8) { Uses = Nothing },
        new(TensorType.Q4_0, 32, 18, WeightKind.Block)
        {
            Uses = Weights | Cache | CudaAttention | CudaVector, Repacked = new(8, 8, 4), Tile = new(32, 0),
        },
        new(TensorType.Q4_1, 32, 20, WeightKind.Block) { Uses = Weights | Cache | CudaAttention, Tile = new(32, 0) },
        new(TensorType.Q4_2, 16, 10),
        new(TensorType.Q4_3, 16, 12),
        new(TensorType.Q5_0, 32, 22, WeightKind.Block) { Uses = Weights | Cache | CudaAttention },
        new(TensorType.Q5_1, 32, 24, WeightKind.Block) { Uses = Weights | Cache | CudaAttention },
        new(TensorType.Q8_0, 32, 34, WeightKind.Block)
        {
            Uses = Weights | Cache | CudaAttention | CudaVector, Repacked = new(0, 0, 4), Tile = new(32, 4),
        },
        new(TensorType.Q8_1, 32, 36),
        new(TensorType.Q2_K, 256, 84, WeightKind.Super) { Smaller = TensorType.Q4_0, Repacked = new(0, 8, 0) },
        new(TensorType.Q3_K, 256, 110, WeightKind.Super) { Smaller = TensorType.Q4_0 },
        new(TensorType.Q4_K, 256, 144, WeightKind.Super)
        {
            Smaller = TensorType.Q5_0, Repacked = new(8, 8, 8), Tile = new(256, 4),
        },
        new(TensorType.Q5_K, 256, 176, WeightKind.Super)
        {
            Smaller = TensorType.Q5_1, Repacked = new(0, 0, 8), Tile = new(256, 4),
        },
        new(TensorType.Q6_K, 256, 210, WeightKind.Super)
        {
            Smaller = TensorType.Q8_0, Repacked = new(0, 0, 8), Tile = new(256, 0),
        },
        new(TensorType.Q8_K, 256, 292),
        new(TensorType.IQ2_XXS, 256, 66) { Smaller = TensorType.IQ4_NL },
        new(TensorType.IQ2_XS, 256, 74) { Smaller = TensorType.IQ4_NL },
        new(TensorType.IQ3_XXS, 256, 98) { Smaller = TensorType.IQ4_NL },
        new(TensorType.IQ1_S, 256, 50) { Smaller = TensorType.IQ4_NL },
        new(TensorType.IQ4_NL, 32, 18) { Uses = Weights | CudaWideRows | Cache, Repacked = new(8, 8, 4) },
        new(TensorType.IQ3_S, 256, 110) { Smaller = TensorType.IQ4_NL },
        new(TensorType.IQ2_S, 256, 82) { Smaller = TensorType.IQ4_NL },
        new(TensorType.IQ4_XS, 256, 136) { Smaller = TensorType.IQ4_NL, Tile = new(256, 2) },
        new(TensorType.IQ1_M, 256, 56) { Smaller = TensorType.IQ4_NL },
        new(TensorType.Q4_0_4_4, 32, 18),
        new(TensorType.Q4_0_4_8, 32, 18),
        new(TensorType.Q4_0_8_8, 32, 18),
        new(TensorType.TQ1_0, 256, 54) { Uses = Nothing, Smaller = TensorType.Q4_0 },
        new(TensorType.TQ2_0, 256, 66) { Uses = MetalProduct, Smaller = TensorType.Q4_0 },
        new(TensorType.IQ4_NL_4_4, 32, 18),
        new(TensorType.IQ4_NL_4_8, 32, 18),
        new(TensorType.IQ4_NL_8_8, 32, 18),
        new(TensorType.MXFP4, 32, 17, WeightKind.Micro) { Uses = Weights | CudaWideRows, Repacked = new(8, 8, 4) },
        new(TensorType.NVFP4, 64, 36, WeightKind.Micro) { Uses = CudaProduct },
        new(TensorType.Q1_0, 128, 18),
        new(TensorType.Q2_0, 64, 18) { Smaller = TensorType.Q4_0 },
        new(TensorType.IQ2_K, 256, 76),
        new(TensorType.IQ3_K, 256, 110),
        new(TensorType.IQ4_K, 256, 144),
        new(TensorType.IQ5_K, 256, 176),
        new(TensorType.IQ6_K, 256, 212),
        new(TensorType.IQ4_KS, 256, 136),
        new(TensorType.IQ2_KS, 256, 70),
        new(TensorType.IQ4_KSS, 256, 128),
        new(TensorType.IQ5_KS, 256, 168),
        new(TensorType.IQ2_KT, 256, 68),
        new(TensorType.IQ3_KT, 256, 100),
        new(TensorType.IQ4_KT, 256, 128),
        new(TensorType.IQ3_KS, 256, 102),
        new(TensorType.IQ2_KL, 256, 86),
        new(TensorType.IQ1_KT, 256, 56),
        new(TensorType.B4G128, 128, 66),
        new(TensorType.B2G128Z, 512, 137),
        new(TensorType.B3G128Z, 256, 101),
        new(TensorType.B4G128Z, 256, 133),
        new(TensorType.B8G128Z, 128, 131),
        new(TensorType.B2G64, 64, 20),
        new(TensorType.B3G64, 64, 28),
        new(TensorType.B4G64, 64, 36),
        new(TensorType.B5G64, 64, 44),
        new(TensorType.B6G64, 64, 52),
        new(TensorType.B8G64, 64, 68),
        new(TensorType.B4G64D, 64, 33),
        new(TensorType.MXFP8, 32, 33),
        new(TensorType.B2, 32, 8),
        new(TensorType.B3, 32, 12),
        new(TensorType.B4, 32, 16),
        new(TensorType.B5, 32, 20),
        new(TensorType.B6, 32, 24),
        new(TensorType.B8, 32, 32),
    };

    private static readonly TensorTypeRow?[] ById = Index();

    /// <summary>Elements in one block; 0 for an id that ggml does not know.</summary>
    public static int BlockElements(this TensorType type) => type.Find()?.BlockElements ?? 0;

    /// <summary>Bytes of one block; 0 for an id that ggml does not know.</summary>
    public static int BlockBytes(this TensorType type) => type.Find()?.BlockBytes ?? 0;

    /// <summary>Bytes of a row of <paramref name="elements"/> elements (ggml_row_size).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The type is not known.</exception>
    public static long RowBytes(this TensorType type, long elements) => type.Find() is { } row
        ? elements / row.BlockElements * row.BlockBytes
        : throw new ArgumentOutOfRangeException(nameof(type));

    /// <summary>Whether the type stores blocks with scales rather than single numbers.</summary>
    public static bool IsQuantized(this TensorType type) => type.BlockElements() > 1;

    /// <summary>Whether the type id is known.</summary>
    public static bool IsKnown(this TensorType type) => type.Find() is not null;

    /// <summary>Bits a weight takes, scales included.</summary>
    public static double BitsPerWeight(this TensorType type) => 8.0 * type.BlockBytes() / type.BlockElements();

    /// <summary>The type of that name, ignoring case; false if there is none.</summary>
    public static bool TryParse(string? name, out TensorType type) =>
        Enum.TryParse(name, ignoreCase: true, out type) && type.IsKnown() && !char.IsDigit(name![0]);

    /// <summary>What is known of the type; null for an id that ggml does not know.</summary>
    internal static TensorTypeRow? Find(this TensorType type) => (uint)type < (uint)ById.Length
        ? ById[(int)type]
        : null;

    /// <summary>Whether all of these uses are open to the type.</summary>
    internal static bool Has(this TensorType type, TensorUses uses) =>
        type.Find() is { } row && (row.Uses & uses) == uses;

    private static TensorTypeRow?[] Index()
    {
        var byId = new TensorTypeRow?[Rows.Max(row => (int)row.Type) + 1];
        foreach (var row in Rows) byId[(int)row.Type] = row;
        return byId;
    }
}
