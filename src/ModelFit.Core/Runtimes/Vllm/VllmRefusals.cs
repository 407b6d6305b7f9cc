using ModelFit.Models;
using ModelFit.Placement;
using ModelFit.Runtimes.Serving;

namespace ModelFit.Runtimes.Vllm;

/// <summary>What vLLM does not start with.</summary>
internal static class VllmRefusals
{
    private const int VocabularyStep = 64;
    private const double GiB = 1L << 30;

    /// <summary>
    /// Why so many cards cannot share each layer; null if they can: heads and the padded vocabulary are divided evenly,
    /// key/value heads divided or repeated (vllm/config/model.py, verify_with_parallel_config).
    /// </summary>
    public static string? OfCards(ModelDefinition model, int cards)
    {
        if (cards <= 1) return null;
        var heads = model.Metadata.Integer("attention.head_count", 0);
        if (heads > 0 ? heads % cards != 0 : (cards & (cards - 1)) != 0)
            return FormattableString.Invariant($"vLLM cannot split this model's attention heads over {cards} cards.");
        var vocabulary = model.Metadata.Integer("vocab_size") ?? model.Tensor("token_embd.weight")?.N1 ?? 0;
        var padded = (vocabulary + VocabularyStep - 1) / VocabularyStep * VocabularyStep;
        return padded % cards == 0
            ? null
            : FormattableString.Invariant($"vLLM cannot split the vocabulary of {padded} tokens over {cards} cards.");
    }

    /// <summary>Why it does not start on cards whose room is enough; null if it does.</summary>
    public static string? OfBudget(
        FitQuestion question,
        double? said,
        IReadOnlyList<CardBudget> cards,
        ServedEstimate estimate,
        ServedCapacity capacity)
    {
        var told = question.Options.Serving;
        var wanted = question.Options.ParallelSequences;
        if (cards.Any(card => card.ShareBytes > card.AvailableBytes - card.OverheadBytes))
        {
            return FormattableString.Invariant(
                $"vLLM takes {said:0.##} of each card, and that much is not free");
        }

        if (estimate is VllmEstimate { Stages.Count: > 1 } staged && !staged.HoldsChecked(cards))
        {
            return FormattableString.Invariant(
                $"this version asks every stage for the cache of all layers, {staged.CheckedBytes / GiB:0.0} GiB");
        }

        if ((told.CacheBytes is not null || told.BlockCount is not null) && capacity.Concurrency < wanted)
        {
            return FormattableString.Invariant(
                $"the cache that vLLM is told to make holds {capacity.Concurrency:0.##} requests of that length");
        }

        return estimate.StateBlocks(capacity) is { } blocks && blocks < estimate.Sequences
            && said is not null && capacity.Concurrency >= wanted
            ? FormattableString.Invariant($"vLLM starts with {estimate.Sequences} sequences and has {blocks} blocks ") +
                "for their recurrent states: set a smaller --max-num-seqs"
            : null;
    }
}
