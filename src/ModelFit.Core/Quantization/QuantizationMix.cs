using ModelFit.Models;

namespace ModelFit.Quantization;

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
    /// <param name="exceptions">Where the architecture is treated apart; null if nowhere.</param>
    public static IReadOnlyList<TensorInfo> Apply(
        ModelMetadata metadata,
        IReadOnlyList<TensorInfo> tensors,
        FileType fileType,
        bool importanceMatrix = false,
        MixExceptions? exceptions = null)
    {
        var types = new MixWalk(metadata, tensors, exceptions ?? MixExceptions.None).Types(fileType, importanceMatrix);
        return tensors.Select((tensor, index) => tensor with { Type = types[index] }).ToArray();
    }
}
