using ModelFit.Memory;
using ModelFit.Models;
using ModelFit.Placement;
using ModelFit.Runtimes.Serving;

namespace ModelFit.Runtimes.Vllm;

/// <summary>What each card of a stage takes, and the cache it has.</summary>
/// <param name="WeightBytes">Weights, encoders and drafters included.</param>
/// <param name="NonTorchBytes">What PyTorch does not count.</param>
/// <param name="ActivationBytes">The peak of the trial run.</param>
/// <param name="GraphBytes">CUDA graphs, where the version charges them to the share; else 0.</param>
/// <param name="Cache">The cache.</param>
/// <param name="RequestPages">Pages of one request of the asked length.</param>
internal sealed record VllmCard(
    long WeightBytes, long NonTorchBytes, long ActivationBytes, long GraphBytes, VllmCache Cache, long RequestPages)
{
    /// <summary>All but the cache.</summary>
    public long FixedBytes => WeightBytes + NonTorchBytes + ActivationBytes + GraphBytes;

    public long RequestBytes => RequestPages * Cache.PageBytes;
}

/// <summary>vLLM's memory on the cards of one copy of a model, stage by stage.</summary>
internal sealed class VllmEstimate : ServedEstimate
{
    private const string CompressedAssumption =
        "The cells of the compressed cache are counted, its windows, states and pools are not.";

    private readonly ServedQuestion _question;
    private readonly VllmVersion _version;

    private VllmEstimate(ServedQuestion question)
    {
        _question = question;
        var options = question.Options;
        var told = options.Serving;
        _version = VllmVersion.Parse(options.RuntimeVersion);
        var layers = (int)Math.Max(1, Math.Min(
            question.Model.Metadata.Integer("block_count", 1) - PredictionLayers.Of(question.Model.Metadata),
            Hyperparameters.MostLayers));
        BatchedTokens = VllmDefaults.BatchedTokens(question.Card, options);
        Sequences = VllmDefaults.Sequences(question.Card, told);
        var tower = told.LanguageModelOnly ? 0 : VllmTower.Parameters(question.Model, question.PublishedParameters);
        var batch = new VllmBatch(BatchedTokens, Sequences, told.SkipEncoderProfiling ? 0 : tower, _version);
        Caches = VllmCaches.Of(question.Model, question.Share, VllmNumber.Of(options), told);
        Stages = VllmStage.Of(question.Share, layers)
            .Select(stage => Of(stage, tower, batch))
            .ToArray();
    }

    /// <summary>The stages; each card of a stage takes the same.</summary>
    public IReadOnlyList<VllmCard> Stages { get; }

    /// <summary>The caches of the layers of all stages.</summary>
    public IReadOnlyList<VllmLayer> Caches { get; }

    /// <summary>Most tokens of a batch.</summary>
    public override int BatchedTokens { get; }

    /// <summary>Most sequences of a batch.</summary>
    public override int Sequences { get; }

    public static VllmEstimate Of(ServedQuestion question) => new(question);

    public override long NeededBytes(int requests) =>
        Stages.Max(card => card.FixedBytes + (card.RequestBytes * requests));

    /// <summary>What is left for the cache where each card may give so many bytes.</summary>
    public override ServedCapacity Capacity(long shareBytes)
    {
        var told = _question.Options.Serving;
        var (pages, all) = (long.MaxValue, 0L);
        foreach (var card in Stages)
        {
            var left = told.CacheBytes ?? Math.Max(0, shareBytes - card.FixedBytes);
            all += left * _question.Share.Tensor;
            if (card.Cache.PageBytes > 0) pages = Math.Min(pages, told.BlockCount ?? (left / card.Cache.PageBytes));
        }

        if (pages == long.MaxValue) return new(all, 0, 0, 0);
        var first = Stages[0];
        var concurrency = first.RequestPages == 0 ? 0 : (double)pages / Stages.Max(card => card.RequestPages);
        var tokens = first.Cache.TokensOf(pages, concurrency, _question.Options.ContextLength, _version);
        return new(all, tokens, concurrency, pages);
    }

    public override long? StateBlocks(ServedCapacity capacity) =>
        Stages.Any(card => card.Cache.HasStates) ? capacity.Pages : null;

    /// <summary>
    /// The cache that a version asks of every stage for one request: 0.14 and 0.15 ask for that of all layers, whatever
    /// layers the stage has (v1/core/kv_cache_utils.py, get_kv_cache_configs; mended in 0.16).
    /// </summary>
    public long CheckedBytes => _version.ChecksAllLayers
        ? Stages.Sum(card => card.RequestBytes)
        : Stages.Max(card => card.RequestBytes);

    /// <summary>Whether the part of each card that may be taken has room for what is asked of its stage.</summary>
    public bool HoldsChecked(IReadOnlyList<CardBudget> cards) => !_version.ChecksAllLayers || Stages.All(stage =>
        (_question.Options.Serving.CacheBytes ?? (cards.Min(Room) - stage.FixedBytes)) >= CheckedBytes);

    private static long Room(CardBudget card) => card.ShareBytes ?? card.Limit(keepReserve: false);

    /// <summary>The memory of each card with so many requests, and a host with what is offloaded.</summary>
    public override MemoryEstimate Memory(int requests, int cards)
    {
        var offloaded = _question.Options.Serving.CpuOffloadBytes * cards;
        var devices = Enumerable.Range(0, cards).Select(index =>
        {
            var stage = Stages[index / _question.Share.Tensor % Stages.Count];
            var cache = _question.Options.Serving.CacheBytes ?? (stage.RequestBytes * requests);
            var compute = stage.ActivationBytes + stage.NonTorchBytes + stage.GraphBytes;
            return new DeviceMemory(false, index, stage.WeightBytes, cache, compute, 0);
        }).Append(new DeviceMemory(true, -1, offloaded, 0, 0, 0));
        var assumption = VllmDrafter.Of(_question.Options.Serving).Assumption
            ?? (VllmCompressed.Has(_question.Model) ? CompressedAssumption : null);
        return new MemoryEstimate(
            devices.ToArray(), FlashAttention: true, assumption is null ? Accuracy.Modelled : Accuracy.Approximate)
        {
            Assumption = assumption,
        };
    }

    /// <summary>The longest request, up to a length, of which the cache holds so many; 0 if it holds none.</summary>
    public override int LongestContext(long shareBytes, int most, int requests)
    {
        bool Holds(int length) => Stages.All(card =>
        {
            var left = _question.Options.Serving.CacheBytes ?? (shareBytes - card.FixedBytes);
            return BytesOf(card, length) * requests <= left
                && (!_version.ChecksAllLayers || Stages.Sum(stage => BytesOf(stage, length)) <= left);
        });
        if (Holds(most)) return most;
        var (low, high) = (0, most);
        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            if (Holds(middle)) low = middle;
            else high = middle;
        }

        return low;
    }

    private long BytesOf(VllmCard card, int length) =>
        card.Cache.PagesOf(length, BatchedTokens) * card.Cache.PageBytes;

    private VllmCard Of(VllmStage stage, long tower, VllmBatch batch)
    {
        var (model, share, told) = (_question.Model, _question.Share, _question.Options.Serving);
        var here = Caches.Where(layer => layer.Layer >= stage.First && layer.Layer < stage.First + stage.Layers);
        var cache = VllmCache.Of(here.ToArray(), told, _version);
        return new VllmCard(
            WeightsOf(stage, tower),
            VllmOverhead.NonTorch(_question.Card, share, _version),
            VllmTrialRun.Bytes(model, share, stage, batch),
            _version.IsAtLeast(VllmVersion.ChargesGraphs) ? VllmOverhead.Graphs(model, told, Sequences) : 0,
            cache,
            cache.PagesOf(_question.Options.ContextLength, BatchedTokens));
    }

    private long WeightsOf(VllmStage stage, long tower)
    {
        const int half = 2;
        var (model, share, told) = (_question.Model, _question.Share, _question.Options.Serving);
        var number = told.FullPrecision ? 2 * half : half;
        var format = WeightFormat.Of(_question.Quantization, model);
        var bytes = VllmWeights.On(model, format, share, stage, number);
        if (stage.IsFirst) bytes += tower * number / (told.WholeEncoder ? 1 : share.Tensor);
        if (stage.IsLast && VllmLayer.IsPredicted(told))
            bytes += VllmTower.PredictionParameters(model, _question.PublishedParameters) * half / share.Tensor;
        if (stage.IsLast) bytes += VllmDrafter.Of(told).WeightBytes(model, share);
        if (told.Adapters > 0) bytes += VllmWeights.Adapters(model, share, stage, told);
        return Math.Max(0, bytes - told.CpuOffloadBytes);
    }
}
