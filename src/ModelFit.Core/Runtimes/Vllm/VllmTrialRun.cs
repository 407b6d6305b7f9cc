using ModelFit.Architectures;
using ModelFit.Models;
using ModelFit.Runtimes.Serving;

namespace ModelFit.Runtimes.Vllm;

/// <summary>What a trial run is made with.</summary>
/// <param name="Tokens">Tokens of the batch.</param>
/// <param name="Sequences">Sequences of the batch.</param>
/// <param name="EncoderParameters">Parameters of the encoders; 0 for a model of text.</param>
/// <param name="Version">The version.</param>
internal sealed record VllmBatch(long Tokens, long Sequences, long EncoderParameters, VllmVersion Version);

/// <summary>
/// The peak of the activations in vLLM's trial run (v1/worker/gpu_model_runner.py, profile_run): the encoder at its
/// budget, a forward pass of a whole batch, then the sampler with a row of logits for each sequence. The largest of the
/// three counts. Factors marked as fitted come from tools/ModelFit.Tools (fit-vllm), and are known as well as the logs.
/// </summary>
internal static class VllmTrialRun
{
    private const long MiB = 1L << 20;
    private const int Half = 2;
    private const int Single = 4;

    /// <summary>Copies of the 32-bit logits that the sampler holds (fitted): since 0.17, and before.</summary>
    private const double LeanCopies = 3.61;
    private const double SortingCopies = 9.5;

    /// <summary>Widths of the residual stream that a layer holds (fitted).</summary>
    private const double Streams = 3.25;

    /// <summary>Feed-forward widths: gate, up and their product.</summary>
    private const int FeedForwards = 3;

    /// <summary>Buffers of the runner (fitted).</summary>
    private const long RunnerBytes = 64 * MiB;

    /// <summary>Bytes on a card of a stage.</summary>
    public static long Bytes(ModelDefinition model, Parallelism share, VllmStage stage, VllmBatch batch)
    {
        var metadata = model.Metadata;
        var width = metadata.Integer("embedding_length", 0);
        var stream = Half * width * batch.Tokens;
        var workspace = ExpertWorkspace(metadata, share, batch.Tokens);
        var keeps = batch.Version.IsAtLeast(VllmVersion.KeepsWorkspaces);
        var kept = (keeps ? workspace : 0) + RunnerBytes + (batch.EncoderParameters > 0 ? stream : 0);
        var forward = (long)(Streams * stream) + (keeps ? 0 : workspace)
            + (Half * FeedForwards * DenseWidth(metadata) / share.Tensor * batch.Tokens)
            + (stage.IsLast ? 0 : 2 * stream);
        var sampler = stage.IsLast ? stream + SamplerBytes(model, batch) : 0;
        return kept + Math.Max(Math.Max(forward, sampler), VllmEncoder.Bytes(model, share, batch));
    }

    private static long SamplerBytes(ModelDefinition model, VllmBatch batch)
    {
        var vocabulary = model.Metadata.Integer("vocab_size") ?? model.Tensor("token_embd.weight")?.N1 ?? 0;
        var copies = batch.Version.IsAtLeast(VllmVersion.LeanSampler) ? LeanCopies : SortingCopies;
        return (long)(copies * Single * vocabulary * Math.Min(batch.Sequences, batch.Tokens));
    }

    /// <summary>The widest dense feed-forward, shared experts included.</summary>
    private static long DenseWidth(ModelMetadata metadata)
    {
        long widest = 0;
        foreach (var size in metadata.Integers("feed_forward_length", Layers(metadata), 0))
            widest = Math.Max(widest, size);
        if (!metadata.Has("expert_count")) return widest;
        var shared = metadata.Integer("expert_shared_feed_forward_length")
            ?? (metadata.Integer("expert_shared_count", 0) * metadata.Integer("expert_feed_forward_length", 0));
        return metadata.Integer("leading_dense_block_count", 0) > 0 ? Math.Max(widest, shared) : shared;
    }

    /// <summary>
    /// The two workspaces of the experts' kernel, kept from the first pass on: a row for each expert of a token
    /// (layers/fused_moe, TritonExperts.workspace_shapes). MXFP4's kernels have none of that size.
    /// </summary>
    private static long ExpertWorkspace(ModelMetadata metadata, Parallelism share, long tokens)
    {
        var used = metadata.Integer("expert_used_count", 0);
        if (used == 0 || ArchitectureList.IsServed(metadata.Architecture, ServedTraits.ExpertsOfFourBits)) return 0;
        var width = metadata.Integer("moe_latent_size") ?? metadata.Integer("embedding_length", 0);
        var each = metadata.Integer("expert_feed_forward_length") ?? metadata.Integer("feed_forward_length", 0);
        var inner = share.IsExpertParallel ? each : each / share.Tensor;
        return Half * tokens * used * (Math.Max(inner, width) + Math.Max(2 * inner, width));
    }

    private static int Layers(ModelMetadata metadata) =>
        (int)Math.Max(1, Math.Min(metadata.Integer("block_count", 1), Hyperparameters.MostLayers));
}

/// <summary>What the encoders of images take in the trial run.</summary>
internal static class VllmEncoder
{
    private const int Half = 2;
    private const int PatchesOfToken = 4;
    private const long Width = 1152;
    private const long FeedForward = 4304;
    private const long PatchElements = 1536;

    /// <summary>Tokens of the largest image that an encoder takes, which sets its budget.</summary>
    private const long LargestImage = 16384;

    /// <summary>Bytes on a card: three streams, what the cards share of a layer, and the pixels.</summary>
    public static long Bytes(ModelDefinition model, Parallelism share, VllmBatch batch)
    {
        if (batch.EncoderParameters == 0
            || !ArchitectureList.IsServed(model.Architecture, ServedTraits.TakesLargeImages)) return 0;
        var tokens = Math.Max(LargestImage, batch.Tokens);
        var each = (3 * Width) + ((FeedForward + (3 * Width)) / share.Tensor) + PatchElements;
        return Half * tokens * ((PatchesOfToken * each) + model.Metadata.Integer("embedding_length", 0));
    }
}
