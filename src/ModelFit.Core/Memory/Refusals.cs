using System;
using ModelFit.Memory.Graph;
using ModelFit.Models;

namespace ModelFit.Memory;

/// <summary>
/// Settings with which llama.cpp does not start, however much memory there is (src/llama-context.cpp,
/// llama_init_from_model, and LLAMA_MAX_SEQ of src/llama-cparams.h).
/// </summary>
internal static class Refusals
{
    /// <summary>Most sequences that llama.cpp serves.</summary>
    public const int MostSequences = 256;

    /// <summary>Why llama.cpp would not start, as a sentence; null if it would.</summary>
    public static string? Of(ModelDefinition model, RuntimeOptions options)
    {
        if (options.Runtime == ModelRuntime.Vllm) return null;
        var (key, value) = ((TensorType)options.KeyCacheType, (TensorType)options.ValueCacheType);
        if (options.ParallelSequences > MostSequences)
            return FormattableString.Invariant($"llama.cpp serves at most {MostSequences} sequences.");
        if (options.FlashAttention == FlashAttentionMode.Off)
            return value.IsQuantized() ? "llama.cpp does not quantize the V cache without flash attention." : null;
        if (key != value && model.Metadata.Has("attention.key_length_mla"))
            return "llama.cpp wants one type for the K and the V cache of a model with latent attention.";
        return Divides(model, key, value)
            ? null
            : "llama.cpp does not quantize this model's cache: its heads are no multiple of the types' blocks.";
    }

    private static bool Divides(ModelDefinition model, TensorType key, TensorType value)
    {
        if (!key.IsQuantized() && !value.IsQuantized()) return true;
        try
        {
            var shape = ModelShape.Of(model);
            for (var layer = 0; layer < shape.Layers; layer++)
            {
                if (shape.KeyLengthOf(layer) % key.BlockElements() != 0) return false;
                if (shape.ValueLengthOf(layer) % value.BlockElements() != 0) return false;
            }
        }
        catch (GraphException)
        {
            // What has no shape is answered by a rule of thumb, which has no heads either.
        }

        return true;
    }
}
