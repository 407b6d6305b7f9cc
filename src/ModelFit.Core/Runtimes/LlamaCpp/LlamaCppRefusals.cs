using ModelFit.Architectures;
using ModelFit.Models;
using ModelFit.Questions;

namespace ModelFit.Runtimes.LlamaCpp;

/// <summary>
/// Settings with which llama.cpp does not start, however much memory there is (src/llama-context.cpp,
/// llama_init_from_model, and LLAMA_MAX_SEQ of src/llama-cparams.h).
/// </summary>
internal static class LlamaCppRefusals
{
    /// <summary>Most sequences that llama.cpp serves.</summary>
    public const int MostSequences = 256;

    /// <summary>
    /// Most cards beside the processor: its scheduler has 16 places (ggml/src/ggml-backend.cpp,
    /// GGML_SCHED_MAX_BACKENDS).
    /// </summary>
    private const int MostCards = 15;

    /// <summary>Why llama.cpp would not start and what to change, as a sentence; null if it would.</summary>
    public static string? Of(ModelDefinition model, RuntimeOptions options)
    {
        var (key, value) = (options.KeyCacheType.Numbers(), options.ValueCacheType.Numbers());
        if (options.SplitMode == GpuSplitMode.Row)
        {
            return "llama.cpp no longer loads a model with -sm row (since July 2026): use -SplitMode Layer, or Tensor "
                + "for cards of the same kind.";
        }

        if (options.SplitMode == GpuSplitMode.Tensor && OfTensorSplit(model, options) is { } reason) return reason;
        if (options.ParallelSequences > MostSequences)
            return FormattableString.Invariant($"llama.cpp serves at most {MostSequences} sequences.");
        if (options.OutputCount is > 0 and var outputs && outputs < options.ParallelSequences)
        {
            return FormattableString.Invariant(
                $"llama.cpp keeps at least one row of logits for each sequence: {outputs} are too few for ") +
                FormattableString.Invariant($"{options.ParallelSequences} sequences; leave -OutputCount out.");
        }

        if (options.FlashAttention == FlashAttentionMode.Off)
        {
            return value.IsQuantized()
                ? "llama.cpp does not quantize the V cache without flash attention: set -FlashAttention Auto or " +
                    "-ValueCacheType F16."
                : null;
        }

        if (ModelShapes.ArchitectureOf(model).Shape.BreaksUnderFlashAttention)
        {
            return $"llama.cpp cannot build the graph of '{model.Architecture}' with flash attention: set " +
                "-FlashAttention Off.";
        }

        var hasOneCache = model.Metadata.Has("attention.key_length_mla")
            || ModelShapes.ArchitectureOf(model).HasOneCache;
        if (key != value && hasOneCache)
        {
            return "llama.cpp needs the same type for the K and the V cache of latent attention: set it with " +
                "-KvCacheType.";
        }

        return Divides(model, key, value)
            ? null
            : "llama.cpp does not quantize this model's cache, because its heads are no multiple of the types' " +
                "blocks: set -KvCacheType F16.";
    }

    /// <summary>Why llama.cpp would not start on so many cards; null if it would.</summary>
    public static string? OfCards(int cards) => cards <= MostCards ? null : FormattableString.Invariant(
        $"llama.cpp starts on at most {MostCards} cards and the machine has {cards}: choose them with --device.");

    /// <summary>
    /// What a share of every tensor on each card does not go with (src/llama-arch.cpp, llm_arch_supports_sm_tensor;
    /// src/llama-context.cpp, llama_init_from_model).
    /// </summary>
    private static string? OfTensorSplit(ModelDefinition model, RuntimeOptions options)
    {
        if (ModelShapes.ArchitectureOf(model).RefusesTensorSplit)
            return $"llama.cpp has no -sm tensor for '{model.Architecture}': use -SplitMode Layer.";
        return options.FlashAttention == FlashAttentionMode.Off
            ? "llama.cpp's -sm tensor needs flash attention: set -FlashAttention Auto."
            : null;
    }

    private static bool Divides(ModelDefinition model, TensorType key, TensorType value)
    {
        if (!key.IsQuantized() && !value.IsQuantized()) return true;
        // What has no shape is answered by a rule of thumb, which has no heads either.
        if (ModelShapes.Find(model) is not { } shape) return true;
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            if (shape.KeyLengthOf(layer) % key.BlockElements() != 0) return false;
            if (shape.ValueLengthOf(layer) % value.BlockElements() != 0) return false;
        }

        return true;
    }
}
