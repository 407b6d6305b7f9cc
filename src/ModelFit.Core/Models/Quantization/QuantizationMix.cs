using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace ModelFit.Models;

/// <summary>
/// Gives each tensor the type that llama-quantize would give it (llama_model_quantize_impl and llama_tensor_get_type,
/// src/llama-quant.cpp).
/// </summary>
internal static class QuantizationMix
{
    /// <summary>
    /// The tensors with the types they have after quantization to a file type; names, shapes and order stay. Tensors
    /// that quantization leaves alone keep their type. Never throws: a shape that llama-quantize would refuse gets F16.
    /// </summary>
    /// <param name="metadata">The model's metadata: layers, heads and experts decide.</param>
    /// <param name="tensors">The tensors of the file that is quantized.</param>
    /// <param name="fileType">The mix.</param>
    /// <param name="importanceMatrix">Whether an importance matrix is given; it changes a few tensors.</param>
    public static IReadOnlyList<TensorInfo> Apply(
        ModelMetadata metadata,
        IReadOnlyList<TensorInfo> tensors,
        FileType fileType,
        bool importanceMatrix = false)
    {
        var state = new MixState(metadata, tensors, fileType, importanceMatrix);
        var types = new TensorType[tensors.Count];
        foreach (var index in QuantizationOrder(tensors))
        {
            var tensor = tensors[index];
            types[index] = KeptTensors.Keeps(tensor) ? tensor.Type : TypeOf(tensor, state);
        }
        return tensors.Select((tensor, index) => tensor with { Type = types[index] }).ToArray();
    }

    private static TensorType TypeOf(TensorInfo tensor, MixState state) =>
        state.FileType.IsQuantized ? ShapeFallback.For(tensor.N0, state.Choose(tensor)) : state.FileType.Base;

    /// <summary>llama.cpp walks the tensors by layer, then by name, and counts as it goes.</summary>
    private static IEnumerable<int> QuantizationOrder(IReadOnlyList<TensorInfo> tensors) =>
        Enumerable.Range(0, tensors.Count)
            .OrderBy(index => Layer(tensors[index].Name))
            .ThenBy(index => tensors[index].Name, StringComparer.Ordinal);

    /// <summary>The number in <c>blk.N.</c>, or -1.</summary>
    internal static int Layer(string name)
    {
        if (!name.StartsWith("blk.", StringComparison.Ordinal)) return -1;
        var end = name.IndexOf('.', 4);
        var digits = end < 0 ? string.Empty : name.Substring(4, end - 4);
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var layer) ? layer : -1;
    }
}
