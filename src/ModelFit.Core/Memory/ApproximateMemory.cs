using ModelFit.Graph;
using ModelFit.Models;
using ModelFit.Questions;

namespace ModelFit.Memory;

/// <summary>
/// Memory by rule of thumb, for headers from which no graph can be built: weights by layers, a cache of the width of
/// the embedding, a compute buffer for one layer and the logits. Never throws.
/// </summary>
internal static class ApproximateMemory
{
    private const double MostBelieved = 1L << 60;

    /// <summary>The rule-of-thumb map; <paramref name="reason"/> says why the graph could not be built.</summary>
    public static MemoryEstimate Of(ModelDefinition model, RuntimeOptions options, DeviceLayout layout, string reason)
    {
        var gpus = layout.Backend == ComputeBackend.Cpu ? 0 : Math.Max(0, Math.Min(layout.GpuCount, 64));
        var layers = Clamp(model.Metadata.Integer("block_count", 1), 1, 512);
        var embedding = Clamp(model.Metadata.Integer("embedding_length", 0), 0, 1 << 20);
        var heads = Clamp(model.Metadata.Integer("attention.head_count", 1), 1, 1 << 16);
        var kvHeads = Clamp(model.Metadata.Integer("attention.head_count_kv", heads), 0, heads);
        var vocabulary = Clamp(model.Tensor("token_embd.weight")?.N1 ?? 0, 0, 1 << 24);
        var context = (double)options.TotalTokens;
        var perToken = BitsOf(options.KeyCacheType) + BitsOf(options.ValueCacheType);
        var cache = context * layers * embedding * kvHeads / heads * perToken / 8;
        var batch = Math.Min(context, Math.Max(1, options.MicroBatchSize));
        var compute = batch * sizeof(float) * ((12.0 * embedding) + vocabulary);
        var offloaded = gpus == 0 ? 0 : Math.Min(1.0, Math.Max(0, layout.GpuLayers) / (layers + 1.0));

        var devices = new DeviceMemory[gpus + 1];
        for (var i = 0; i <= gpus; i++)
        {
            var isHost = i == gpus;
            var share = isHost ? 1 - offloaded : offloaded / gpus;
            var logits = isHost ? Bytes((double)Math.Max(1, options.ParallelSequences) * vocabulary * 4) : 0;
            devices[i] = new DeviceMemory(
                isHost, isHost ? -1 : i, Bytes(Math.Max(0, model.WeightBytes) * share),
                Bytes(cache * (options.OffloadKv ? share : isHost ? 1 : 0)),
                Bytes(isHost && gpus > 0 ? batch * 8 * embedding : compute), logits);
        }

        return new MemoryEstimate(devices, options.FlashAttention != FlashAttentionMode.Off, Accuracy.Approximate)
        {
            Assumption =
                $"The memory of '{model.Architecture}' is a rough estimate, as its graph could not be built: {reason}.",
        };
    }

    private static double BitsOf(KvCacheType type) => type.Numbers().BitsPerWeight();

    private static long Clamp(long value, long least, long most) => Math.Max(least, Math.Min(most, value));

    private static long Bytes(double bytes) => (long)Math.Min(bytes, MostBelieved);
}
