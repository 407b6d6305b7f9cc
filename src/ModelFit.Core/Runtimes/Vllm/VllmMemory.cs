using System;
using System.Linq;
using ModelFit.Memory;
using ModelFit.Models;

namespace ModelFit.Runtimes.Vllm;

/// <summary>
/// What vLLM takes on each of the cards that share a model by tensor parallelism. Weights and cache follow from the
/// tensors; the rest follows vLLM's profiling run (vllm/v1/worker/gpu_worker.py, determine_available_memory) with
/// factors from its logs (docs/guide/plan.md), and is never better known than <see cref="Accuracy.Modelled"/>.
/// </summary>
internal static class VllmMemory
{
    /// <summary>Tokens of a block of the paged cache.</summary>
    public const int BlockTokens = 16;

    private const long MiB = 1L << 20;

    /// <summary>Buffers of NCCL and of vLLM's own all-reduce on each of several cards.</summary>
    private const long CommunicationBytes = 256 * MiB;

    private const long GraphBaseBytes = 200 * MiB;
    private const long GraphBytes = 8 * MiB;
    private const int MostGraphTokens = 512;

    /// <summary>32-bit copies of the logits that the sampler holds at once: probabilities, sorted, cumulated.</summary>
    private const int SamplerCopies = 10;

    /// <summary>Bytes of a 16-bit number, in which activations are.</summary>
    private const int Half = 2;

    /// <summary>The memory of each card, and a host without a part.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">Context, sequences, batch, cache type.</param>
    /// <param name="cards">Cards that share each layer.</param>
    public static MemoryMap Measure(ModelDefinition model, RuntimeOptions options, int cards)
    {
        var cache = CacheBytes(model, options) / Math.Min(cards, CacheShards(model));
        var activation = Math.Max(LayerBytes(model.Metadata, options, cards), SamplerBytes(model, options));
        var compute = activation + GraphsBytes(options) + (cards > 1 ? CommunicationBytes : 0);
        var weights = (model.WeightBytes + cards - 1) / cards;
        var devices = Enumerable.Range(0, cards)
            .Select(card => new DeviceMemory(false, card, weights, cache, compute, 0))
            .Append(new DeviceMemory(true, -1, 0, 0, 0, 0));
        return new MemoryMap(devices.ToArray(), FlashAttention: true, Accuracy.Modelled);
    }

    /// <summary>Whether vLLM drives such cards.</summary>
    public static bool RunsOn(ComputeBackend backend) => backend != ComputeBackend.Metal;

    /// <summary>The numbers of cards that can share a model: vLLM splits its attention heads evenly.</summary>
    public static bool CanShare(ModelDefinition model, int cards)
    {
        var heads = model.Metadata.Integer("attention.head_count", 0);
        return heads <= 0 ? (cards & (cards - 1)) == 0 : heads % cards == 0;
    }

    /// <summary>All of the cache: llama.cpp's, whose cells are the same, at whole blocks and vLLM's widths.</summary>
    private static long CacheBytes(ModelDefinition model, RuntimeOptions options)
    {
        var blocks = (options.ContextLength + (long)BlockTokens - 1) / BlockTokens;
        var whole = options with
        {
            ContextLength = (int)Math.Min(blocks * BlockTokens, int.MaxValue),
            KeyCacheType = KvCacheType.F16,
            ValueCacheType = KvCacheType.F16,
            OffloadKv = true,
        };
        var map = MemoryModel.Measure(model, whole, new DeviceLayout());
        var bytes = map.Devices.Sum(device => device.KvCacheBytes);
        return options.KeyCacheType is KvCacheType.F16 or KvCacheType.BF16 or KvCacheType.F32 ? bytes : bytes / Half;
    }

    /// <summary>Cards that can have a part of the cache of their own; latent attention's is on every card.</summary>
    private static int CacheShards(ModelDefinition model)
    {
        if (model.Metadata.Has("attention.kv_lora_rank")) return 1;
        return (int)Math.Max(1, model.Metadata.Integer("attention.head_count_kv", 1));
    }

    /// <summary>Activations of a layer for a full batch: gate, up, their product, four widths of the stream.</summary>
    private static long LayerBytes(ModelMetadata metadata, RuntimeOptions options, int cards)
    {
        const int feedForwards = 3;
        const int streams = 4;
        var width = metadata.Integer("embedding_length", 0);
        var used = metadata.Integer("expert_used_count", 0);
        var forward = Math.Max(
            metadata.Integer("feed_forward_length", 0), used * metadata.Integer("expert_feed_forward_length", 0));
        var each = (feedForwards * forward / cards) + ((streams + used) * width);
        return Half * each * Math.Max(options.BatchSize, options.ParallelSequences);
    }

    private static long SamplerBytes(ModelDefinition model, RuntimeOptions options)
    {
        var vocabulary = model.Metadata.Integer("vocab_size", 0);
        if (vocabulary <= 0) vocabulary = model.Tensor("token_embd.weight")?.N1 ?? 0;
        return SamplerCopies * sizeof(float) * vocabulary * options.ParallelSequences;
    }

    /// <summary>CUDA graphs: one for 1, 2, 4 and every eighth number of tokens up to twice the sequences.</summary>
    private static long GraphsBytes(RuntimeOptions options)
    {
        const int smallest = 3;
        const int step = 8;
        var most = Math.Min(2 * options.ParallelSequences, MostGraphTokens);
        return GraphBaseBytes + (GraphBytes * (smallest + (most / step)));
    }
}
