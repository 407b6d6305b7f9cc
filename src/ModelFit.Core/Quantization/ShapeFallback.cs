using ModelFit.Models;

namespace ModelFit.Quantization;

/// <summary>What a tensor gets whose rows are no multiple of the type's block (tensor_type_fallback).</summary>
internal static class ShapeFallback
{
    /// <summary>The type itself if a row of so many elements can have it, else the nearest that it can have.</summary>
    public static TensorType For(long rowElements, TensorType type)
    {
        if (rowElements % type.BlockElements() == 0) return type;
        var smaller = type.Find()?.Smaller ?? type;
        return rowElements % smaller.BlockElements() == 0 ? smaller : TensorType.F16;
    }

    /// <summary>
    /// Says which tensors of a quantization have another type because of their rows; null if there are none.
    /// </summary>
    public static string? Sentence(IReadOnlyList<TensorInfo> tensors, FileType fileType)
    {
        var block = fileType.Base.BlockElements();
        var fallen = tensors.Where(tensor => tensor.N0 % block != 0 && !KeptTensors.Keeps(tensor)).ToArray();
        if (fallen.Length == 0) return null;
        var types = string.Join(", ", fallen.Select(tensor => tensor.Type).Distinct());
        return $"{fallen.Length} tensors are {types} instead of {fileType.Base}: "
            + $"their rows are not a multiple of its block size {block}.";
    }
}
