using ModelFit.Models;

namespace ModelFit.Runtimes.Ollama;

/// <summary>
/// What Ollama's versions choose by themselves: since 0.30 (May 2026) it starts llama-server (server/routes.go,
/// llm/llama_server.go, envconfig/config.go).
/// </summary>
internal static class OllamaVersion
{
    private const long GiB = 1L << 30;

    private static readonly Version FirstWithServer = new(0, 30), FirstWithProjectorTarget = new(0, 31, 2);

    /// <summary>Whether a version starts llama-server; the newest does.</summary>
    public static bool StartsServer(string? version) => IsFrom(version, FirstWithServer);

    /// <summary>
    /// Whether a version has the fit leave room for the projector, which llama-server then does not add (July 2026).
    /// </summary>
    public static bool TargetsProjector(string? version) => IsFrom(version, FirstWithProjectorTarget);

    private static bool IsFrom(string? version, Version first) =>
        version is null || !Version.TryParse(version.TrimStart('v', 'V'), out var parsed) || parsed >= first;

    /// <summary>The context of a model that nobody gave one, by the memory of all cards.</summary>
    public static int Context(long cardBytes) => cardBytes switch
    {
        < 23 * GiB => 4096,
        < 47 * GiB => 32_768,
        _ => 262_144,
    };

    /// <summary>
    /// Tokens of a batch and of a micro-batch of a model whose memory was foretold: the next smaller while the larger
    /// does not leave its part of what is free (server/sched.go, automaticGenerationBatch).
    /// </summary>
    /// <param name="tokens">The length of all contexts.</param>
    /// <param name="foretold">What Ollama foretells.</param>
    /// <param name="available">Free memory of the cards.</param>
    public static int Batch(long tokens, long foretold, long available)
    {
        var batch = Batch(tokens);
        while (batch > 512 && !Leaves(batch, foretold, available)) batch = batch > 1024 ? 1024 : 512;
        return batch;
    }

    /// <summary>
    /// What Ollama foretells: the file, and a 16-bit cache of the fewest heads over the whole context
    /// (llm/llama_server.go, PredictServerVRAM).
    /// </summary>
    public static long Foretold(ModelDefinition model, long tokens)
    {
        const int halfKeyAndValue = 4;
        var metadata = model.Metadata;
        var layers = (int)metadata.Integer("block_count", 0);
        if (layers is <= 0 or > Hyperparameters.MostLayers) return model.WeightBytes;
        var heads = metadata.Integers("attention.head_count", layers, 0);
        var shared = metadata.Integers("attention.head_count_kv", layers, heads[0]);
        var length = heads.Max() > 0 ? metadata.Integer("embedding_length", 0) / heads.Max() : 0;
        return model.WeightBytes + (halfKeyAndValue * layers * Math.Max(1, shared.Min()) * length * tokens);
    }

    /// <summary>Whether a model that was foretold so large is put on one card (bestSingleGPUFit).</summary>
    public static bool FitsOne(long foretold, long available) => foretold <= available / 100 * 80;

    /// <summary>
    /// Without flash attention on CUDA, by the least free memory of a card (constrainedCUDAWithoutFlashAttention).
    /// </summary>
    public static int BatchWithoutFlash(long tokens, long leastAvailable) =>
        tokens > 4096 && leastAvailable <= 8 * GiB ? 256 : 512;

    private static bool Leaves(int batch, long foretold, long available)
    {
        var (percent, beside) = batch >= 2048 ? (60, 2 * GiB) : (75, 3 * GiB / 4);
        return foretold <= available / 100 * percent && beside <= (available / 100 * 80) - foretold;
    }

    /// <summary>Tokens of a batch and of a micro-batch, by the length of all contexts.</summary>
    public static int Batch(long tokens) => tokens switch
    {
        <= 4096 => 512,
        <= 32_768 => 1024,
        _ => 2048,
    };
}
