using ModelFit.Placement;
using ModelFit.Runtimes.Serving;

namespace ModelFit.Runtimes.Vllm;

/// <summary>What vLLM does not start with.</summary>
internal static class VllmRefusals
{
    private const double GiB = 1L << 30;

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
