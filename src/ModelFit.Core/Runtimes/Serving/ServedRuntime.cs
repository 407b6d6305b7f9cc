using ModelFit.Catalog;
using ModelFit.Graph;
using ModelFit.Memory;
using ModelFit.Models;
using ModelFit.Placement;

namespace ModelFit.Runtimes.Serving;

/// <summary>
/// A runtime that loads published weights whole onto its cards and fills a part of them with cache: what it takes is a
/// <see cref="ServedEstimate"/>, and where it can go is searched in one way for all.
/// </summary>
internal abstract class ServedRuntime : Runtime
{
    /// <summary>More requests than any machine holds at once.</summary>
    private const int MostRequests = 1 << 20;

    private static readonly KvCacheType[] EightBit = { KvCacheType.FP8 };

    /// <summary>A vocabulary is padded to a multiple of it (vocab_parallel_embedding.py).</summary>
    public const int VocabularyStep = 64;

    public override int MostSequences => MostRequests;

    /// <summary>It loads the published weights.</summary>
    public override string DefaultQuantization(ModelSpec model) => ModelCatalog.NativeQuantization(model) ?? "BF16";

    public override bool LoadsGguf => false;

    public override string? RefusalOf(GpuSpec card, ComputeBackend backend, FitQuestion question)
    {
        if (!RunsOn(backend)) return $"{Name} does not run on such a GPU";
        var (least, format) = LeastCapability(question);
        return card.CudaCapability is { } own && own < least
            ? FormattableString.Invariant($"{Name} needs CUDA compute capability {least:0.0} for {format}, and ") +
                $"{card.Name} has {card.ComputeCapability}"
            : null;
    }

    /// <summary>Whether it drives cards of a backend.</summary>
    protected virtual bool RunsOn(ComputeBackend backend) => backend != ComputeBackend.Metal;

    /// <summary>The least CUDA compute capability of a card that runs the question, and for which format.</summary>
    protected virtual (double Least, string? Format) LeastCapability(FitQuestion question) => (0, null);

    public override string? NameOf(string? quantization) => quantization;

    /// <summary>What it takes of cards.</summary>
    public abstract ServedEstimate Estimate(ServedQuestion question);

    /// <summary>The share of each card that a plan gives it where so many bytes are needed.</summary>
    public abstract double ShareOf(FitQuestion question, IReadOnlyList<CardBudget> cards, long neededBytes);

    /// <summary>Whether it fills the rest of its part of the cards with cache.</summary>
    public virtual bool FillsCards => true;

    /// <summary>What a share is a share of.</summary>
    public virtual long TotalOf(CardBudget card) => ServedBudget.TotalOf(card);

    public override string? Refusal(FitQuestion question, ModelDefinition model)
    {
        var (key, value) = (question.Options.KeyCacheType, question.Options.ValueCacheType);
        if (key != value) return $"{Name} has one type for both caches: set it with -KvCacheType.";
        return RefusalOfCache(question.Options) ?? RefusalOfContext(question)
            ?? (question.CardCount is { } cards ? RefusalOfCards(model, cards) : null);
    }

    public override IReadOnlyList<KvCacheType> SmallerCaches =>
        CacheTypes.Contains(KvCacheType.FP8) ? EightBit : base.SmallerCaches;

    /// <summary>llama.cpp's 8 bits stand for the engine's own, which other programs do not have.</summary>
    public override FitQuestion Settle(FitQuestion question)
    {
        KvCacheType Own(KvCacheType type) =>
            type == KvCacheType.Q8_0 && CacheTypes.Contains(KvCacheType.FP8) ? KvCacheType.FP8 : type;
        var (options, key, value) = (question.Options, question.Options.KeyCacheType, question.Options.ValueCacheType);
        return (Own(key), Own(value)) == (key, value) ? question : question with
        {
            Options = options with { KeyCacheType = Own(key), ValueCacheType = Own(value) },
        };
    }

    /// <summary>
    /// Why it does not start with the length of the context, whatever the memory; null if it does
    /// (vllm/config/model.py, _get_and_verify_max_len; sglang/srt/configs/model_config.py, _derive_context_length).
    /// </summary>
    protected virtual string? RefusalOfContext(FitQuestion question) =>
        question.Options.ContextLength > question.Model.TrainedContextLength
            && !question.Options.Serving.AllowsLonger
            ? FormattableString.Invariant(
                $"{Name} refuses a context of {question.Options.ContextLength} tokens: the model was trained for ") +
                FormattableString.Invariant($"{question.Model.TrainedContextLength}.")
            : null;

    /// <summary>
    /// Why so many cards cannot share each layer; null if they can: heads and the padded vocabulary are divided evenly,
    /// key/value heads divided or repeated (vllm/config/model.py, verify_with_parallel_config).
    /// </summary>
    public virtual string? RefusalOfCards(ModelDefinition model, int cards)
    {
        if (cards <= 1) return null;
        var heads = model.Metadata.Integer("attention.head_count", 0);
        if (heads > 0 ? heads % cards != 0 : (cards & (cards - 1)) != 0)
            return FormattableString.Invariant($"{Name} cannot split this model's attention heads over {cards} cards.");
        var vocabulary = model.Metadata.Integer("vocab_size") ?? model.Tensor("token_embd.weight")?.N1 ?? 0;
        var padded = (vocabulary + VocabularyStep - 1) / VocabularyStep * VocabularyStep;
        return padded % cards == 0
            ? null
            : FormattableString.Invariant($"{Name} cannot split the vocabulary of {padded} tokens over {cards} cards.");
    }

    /// <summary>Why it does not start on cards whose room is enough; null if it does.</summary>
    public virtual string? RefusalOfBudget(
        FitQuestion question, IReadOnlyList<CardBudget> cards, ServedEstimate estimate, ServedCapacity capacity) =>
        null;

    public override MemoryEstimate Measure(FitQuestion question, ModelDefinition model, DeviceLayout layout)
    {
        var cards = question.CardCount ?? 1;
        var estimate = Estimate(new ServedQuestion(
            model,
            question.Quantization,
            question.Model.ParameterCount,
            question.Options,
            question.Machine?.Gpus.FirstOrDefault(),
            Parallelism.Of(question.Options.Serving, cards)));
        return estimate.Memory(question.Options.ParallelSequences, cards);
    }

    public override IPlacementSearch Search(FitQuestion question, ModelDefinition model, MachineBudget machine) =>
        new ServedSearch(this, question, model, machine);

    public override MachineBudget Budget(FitQuestion question, MachineBudget machine) =>
        ServedBudget.Of(machine, question, ShareSaid(question));

    public override int? LongestContext(FitQuestion question, IPlacementSearch search) => search is ServedSearch here
        ? Math.Max(1, here.LongestContext(question.Model.TrainedContextLength ?? question.Options.ContextLength))
        : null;
}
