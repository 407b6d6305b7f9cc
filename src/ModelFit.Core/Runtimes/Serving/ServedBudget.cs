using ModelFit.Placement;

namespace ModelFit.Runtimes.Serving;

/// <summary>
/// What an engine may take of cards: a share of what CUDA reports (vLLM: v1/worker/utils.py, request_memory), which has
/// to be free when it starts.
/// </summary>
internal static class ServedBudget
{
    /// <summary>The machine with what CUDA reports of its cards, and what the engine was told to take.</summary>
    public static MachineBudget Of(MachineBudget machine, FitQuestion question, double? said) => machine.WithCards(
        machine.Cards.Select(card => card with
        {
            AvailableBytes = Math.Min(card.AvailableBytes, TotalOf(card)),
            ShareBytes = question.Options.Serving.CacheBytes is null ? (long?)(said * TotalOf(card)) : null,
        })
        .ToArray());

    /// <summary>What CUDA reports of a card.</summary>
    public static long TotalOf(CardBudget card) => ReportedMemory.Of(card.Card) ?? card.AvailableBytes;

    /// <summary>
    /// The share of each card: the usual if the model fits in it and the card has it, else all but the reserve; in
    /// hundredths.
    /// </summary>
    public static double Share(IReadOnlyList<CardBudget> cards, long neededBytes, double usual)
    {
        var (needed, most, all) = (0.0, 1.0, 1.0);
        foreach (var card in cards)
        {
            double total = TotalOf(card);
            needed = Math.Max(needed, neededBytes / total);
            most = Math.Min(most, (card.AvailableBytes - card.ReserveBytes - card.OverheadBytes) / total);
            all = Math.Min(all, (card.AvailableBytes - card.OverheadBytes) / total);
        }

        var share = needed <= usual ? Math.Min(usual, most) : most;
        var kept = Math.Max(0, Math.Floor((share * 100) + 1e-6) / 100);
        return needed <= all ? Math.Max(kept, Math.Ceiling(needed * 100) / 100) : kept;
    }
}
