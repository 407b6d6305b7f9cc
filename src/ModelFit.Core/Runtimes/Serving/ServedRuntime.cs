using ModelFit.Catalog;
using ModelFit.Graph;
using ModelFit.Memory;
using ModelFit.Models;
using ModelFit.Placement;
using ModelFit.Runtimes.Vllm;

namespace ModelFit.Runtimes.Serving;

/// <summary>
/// A runtime that loads published weights whole onto its cards and fills a part of them with cache: what it takes is a
/// <see cref="ServedEstimate"/>, and where it can go is searched in one way for all.
/// </summary>
internal abstract class ServedRuntime : Runtime
{
    /// <summary>More requests than any machine holds at once.</summary>
    private const int MostRequests = 1 << 20;

    /// <inheritdoc/>
    public override int MostSequences => MostRequests;

    /// <summary>It loads the published weights.</summary>
    public override string DefaultQuantization(ModelSpec model) => ModelCatalog.NativeQuantization(model) ?? "BF16";

    /// <inheritdoc/>
    public override bool LoadsGguf => false;

    /// <inheritdoc/>
    public override string? NameOf(string? quantization) => quantization;

    /// <summary>What it takes of cards.</summary>
    public abstract ServedEstimate Estimate(VllmQuestion question);

    /// <summary>The share of each card that a plan gives it where so many bytes are needed.</summary>
    public abstract double ShareOf(FitQuestion question, IReadOnlyList<CardBudget> cards, long neededBytes);

    /// <summary>Whether it fills the rest of its part of the cards with cache.</summary>
    public virtual bool FillsCards => true;

    /// <summary>What a share is a share of.</summary>
    public virtual long TotalOf(CardBudget card) => VllmBudget.TotalOf(card);

    /// <summary>Why so many cards cannot share each layer; null if they can.</summary>
    public virtual string? RefusalOfCards(ModelDefinition model, int cards) => VllmRefusals.OfCards(model, cards);

    /// <summary>Why it does not start on cards whose room is enough; null if it does.</summary>
    public virtual string? RefusalOfBudget(
        FitQuestion question, IReadOnlyList<CardBudget> cards, ServedEstimate estimate, ServedCapacity capacity) =>
        null;

    /// <inheritdoc/>
    public override MemoryEstimate Measure(FitQuestion question, ModelDefinition model, DeviceLayout layout)
    {
        var cards = question.CardCount ?? 1;
        var estimate = Estimate(new VllmQuestion(
            model,
            question.Quantization,
            question.Model.ParameterCount,
            question.Options,
            question.Machine?.Gpus.FirstOrDefault(),
            VllmShare.Of(question.Options.Serving, cards)));
        return estimate.Memory(question.Options.ParallelSequences, cards);
    }

    /// <inheritdoc/>
    public override IPlacementSearch Search(FitQuestion question, ModelDefinition model, MachineBudget machine) =>
        new ServedSearch(this, question, model, machine);

    /// <inheritdoc/>
    public override MachineBudget Budget(FitQuestion question, MachineBudget machine) =>
        VllmBudget.Of(machine, question, ShareSaid(question));

    /// <summary>The share that was said, by a launch line always; null where a plan chooses.</summary>
    public abstract double? ShareSaid(FitQuestion question);

    /// <inheritdoc/>
    public override int? LongestContext(FitQuestion question, IPlacementSearch search) => search is ServedSearch here
        ? Math.Max(1, here.LongestContext(question.Model.TrainedContextLength ?? question.Options.ContextLength))
        : null;
}
