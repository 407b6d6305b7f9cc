using ModelFit.Models;

namespace ModelFit.Quantization;

/// <summary>
/// Changes types of a model's matrices, step by step and spread over its layers, until all of them take as many bytes
/// as a file has. Publishers raise and lower layers by importance: which ones is not known, how many bytes is.
/// </summary>
internal static class SizeFit
{
    private const int MostRounds = 16;

    /// <summary>Types by the bits they take; of the same bits one.</summary>
    private static readonly TensorType[] Ladder =
    {
        TensorType.IQ1_S, TensorType.IQ1_M, TensorType.IQ2_XXS, TensorType.IQ2_XS, TensorType.IQ2_S, TensorType.Q2_K,
        TensorType.IQ3_XXS, TensorType.IQ3_S, TensorType.IQ4_XS, TensorType.Q4_K, TensorType.Q5_K, TensorType.Q6_K,
        TensorType.Q8_0, TensorType.F16,
    };

    /// <summary>The tensors with types that take nearly as many bytes; names, shapes and order stay.</summary>
    public static IReadOnlyList<TensorInfo> To(IReadOnlyList<TensorInfo> tensors, long bytes)
    {
        const long fine = 4096;
        var fitted = tensors.ToArray();
        var left = bytes - tensors.Sum(tensor => tensor.Bytes);
        var order = Order(tensors);
        for (var round = 0; round < MostRounds && Math.Abs(left) > bytes / fine; round++)
        {
            foreach (var index in order)
            {
                if (Next(fitted[index], Math.Sign(left)) is not { } changed) continue;
                var step = changed.Bytes - fitted[index].Bytes;
                if (Math.Abs(left - step) >= Math.Abs(left)) continue;
                fitted[index] = changed;
                left -= step;
            }
        }

        return fitted;
    }

    /// <summary>The matrices of the blocks, neighbours far from one another.</summary>
    private static int[] Order(IReadOnlyList<TensorInfo> tensors)
    {
        var spread = (Math.Sqrt(5) - 1) / 2;
        return Enumerable.Range(0, tensors.Count)
            .Where(index => !KeptTensors.Keeps(tensors[index]) && tensors[index].Parsed.Block >= 0)
            .Select((index, place) => (Index: index, At: place * spread % 1))
            .OrderBy(entry => entry.At)
            .Select(entry => entry.Index)
            .ToArray();
    }

    private static TensorInfo? Next(TensorInfo tensor, int direction)
    {
        var bits = tensor.Type.BitsPerWeight();
        var fits = Ladder.Where(type => tensor.N0 % type.BlockElements() == 0);
        var type = direction > 0
            ? fits.Cast<TensorType?>().FirstOrDefault(type => type!.Value.BitsPerWeight() > bits)
            : fits.Cast<TensorType?>().LastOrDefault(type => type!.Value.BitsPerWeight() < bits);
        return type is { } next ? tensor with { Type = next } : null;
    }
}
