using ModelFit.Memory;
using ModelFit.Runtimes.Serving;
using ModelFit.Runtimes.Vllm;

namespace ModelFit.Runtimes.SGLang;

/// <summary>
/// SGLang's memory on the cards of one copy of a model: the pool is what a static share leaves beside the weights
/// (srt/model_executor/model_runner.py, profile_max_num_token); activations and graphs lie outside of the share.
/// Weights and bytes of a token are vLLM's; layers with a window have a pool of their own, recurrent layers slots.
/// </summary>
internal sealed class SGLangEstimate : ServedEstimate
{
    private const long MiB = 1L << 20;

    /// <summary>What weights take beside their tensors, from logs.</summary>
    private const long LoadBytes = 60 * MiB;

    /// <summary>Tokens of the pool of windows for each of the other's (swa_full_tokens_ratio).</summary>
    private const double WindowRatio = 0.8;

    /// <summary>State slots for each byte of the other pool (mamba_full_memory_ratio).</summary>
    private const double StateRatio = 0.9;

    private readonly ServedQuestion _question;
    private readonly long _stateBytes;

    public SGLangEstimate(ServedQuestion question)
    {
        _question = question;
        var vllm = VllmEstimate.Of(question);
        WeightBytes = vllm.Stages.Max(stage => stage.WeightBytes) + LoadBytes;
        long Sum(CacheKind kind) => vllm.Caches.Where(layer => layer.Kind == kind).Sum(layer => layer.TokenBytes);
        var whole = Sum(CacheKind.Full);
        TokenBytes = whole > 0 ? whole + (WindowRatio * Sum(CacheKind.Window)) : Sum(CacheKind.Window);
        _stateBytes = Sum(CacheKind.State);
        Sequences = question.Options.Serving.MaxSequences ?? Math.Max(1, question.Options.ParallelSequences);
        BatchedTokens = ChunkOf(question.Options.Serving, question.Card?.MemoryBytes);
    }

    public override int Sequences { get; }

    public override int BatchedTokens { get; }

    /// <summary>Bytes of weights on a card.</summary>
    public long WeightBytes { get; }

    /// <summary>Bytes of a token of all layers on a card.</summary>
    public double TokenBytes { get; }

    public override long NeededBytes(int requests) => WeightBytes + PoolOf(requests);

    public override ServedCapacity Capacity(long shareBytes)
    {
        var pool = Math.Max(0, shareBytes - WeightBytes);
        if (_stateBytes > 0) pool = (long)(pool / (1 + StateRatio));
        var tokens = TokenBytes > 0 ? (long)(pool / TokenBytes) : 0;
        var cards = _question.Share.Tensor * _question.Share.Pipeline;
        return new(pool * cards, tokens, (double)tokens / _question.Options.ContextLength, 0);
    }

    public override int LongestContext(long shareBytes, int most, int requests) =>
        (int)Math.Min(most, Capacity(shareBytes).Tokens / Math.Max(1, requests));

    public override MemoryEstimate Memory(int requests, int cards)
    {
        var devices = Enumerable.Range(0, cards)
            .Select(card => new DeviceMemory(false, card, WeightBytes, PoolOf(requests), 0, 0))
            .Append(new DeviceMemory(true, -1, 0, 0, 0, 0));
        return new MemoryEstimate(devices.ToArray(), FlashAttention: true, Accuracy.Modelled);
    }

    private long PoolOf(int requests)
    {
        var pool = (long)Math.Ceiling(TokenBytes * _question.Options.ContextLength * requests);
        return _stateBytes > 0 ? (long)(pool * (1 + StateRatio)) : pool;
    }

    /// <summary>Tokens of a chunk (srt/server_args.py): 2048, 4096 from 35 GiB on, 8192 from 60 GiB on.</summary>
    public static int ChunkOf(ServingOptions told, long? cardBytes) => told.MaxBatchedTokens
        ?? (cardBytes >> 30) switch
        {
            null or < 35 => 2048,
            < 60 => 4096,
            _ => 8192,
        };
}
