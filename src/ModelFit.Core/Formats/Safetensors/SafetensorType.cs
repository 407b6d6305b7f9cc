using ModelFit.Models;

namespace ModelFit.Formats.Safetensors;

/// <summary>
/// An element type of safetensors (huggingface/safetensors, safetensors/src/tensor.rs, Dtype), and the tensor type of
/// ggml that takes as many bytes.
/// </summary>
internal sealed record SafetensorType(string Name, int Bits, TensorType Stored)
{
    private static readonly Dictionary<string, SafetensorType> ByName = Table(
        new("BOOL", 8, TensorType.I8),
        new("F4", 4, TensorType.I8),
        new("F6_E2M3", 6, TensorType.I8),
        new("F6_E3M2", 6, TensorType.I8),
        new("U8", 8, TensorType.I8),
        new("I8", 8, TensorType.I8),
        new("F8_E5M2", 8, TensorType.I8),
        new("F8_E4M3", 8, TensorType.I8),
        new("F8_E8M0", 8, TensorType.I8),
        new("F8_E4M3FNUZ", 8, TensorType.I8),
        new("F8_E5M2FNUZ", 8, TensorType.I8),
        new("I16", 16, TensorType.I16),
        new("U16", 16, TensorType.I16),
        new("F16", 16, TensorType.F16),
        new("BF16", 16, TensorType.BF16),
        new("I32", 32, TensorType.I32),
        new("U32", 32, TensorType.I32),
        new("F32", 32, TensorType.F32),
        new("I64", 64, TensorType.I64),
        new("U64", 64, TensorType.I64),
        new("F64", 64, TensorType.F64),
        new("C64", 64, TensorType.F64));

    /// <summary>Whether the bytes hold numbers of less than a byte, or of another kind than weights are.</summary>
    public bool IsPacked => Name is "U8" or "I32" or "U32" or "F4" or "I64";

    /// <summary>The type of that name, or null.</summary>
    public static SafetensorType? Find(string name) => ByName.TryGetValue(name, out var type) ? type : null;

    private static Dictionary<string, SafetensorType> Table(params SafetensorType[] types)
    {
        var table = new Dictionary<string, SafetensorType>(StringComparer.Ordinal);
        foreach (var type in types) table.Add(type.Name, type);
        return table;
    }
}
