using ModelFit.Placement;

namespace ModelFit.Fit;

/// <summary>What one copy of a model takes of the cards that carry it.</summary>
/// <param name="Cards">The cards, as the backend counts them.</param>
/// <param name="CardBytes">Bytes on each, the runtime's own part included.</param>
/// <param name="HostBytes">Bytes in system memory.</param>
/// <param name="FillsCards">Whether the engine takes all of its cards, so that nothing else has room there.</param>
internal sealed record ReplicaNeed(
    IReadOnlyList<int> Cards, IReadOnlyList<long> CardBytes, long HostBytes, bool FillsCards)
{
    /// <summary>Bytes on all cards.</summary>
    public long TotalBytes => CardBytes.Sum();

    /// <summary>
    /// What a copy takes with all of it on the only card of the question's machine, whatever is free there. Throws
    /// <see cref="ErrorIds.InvalidArgument"/> for settings that the runtime refuses.
    /// </summary>
    public static ReplicaNeed OnOneCard(FitQuestion question)
    {
        var fit = CaseOf(question with { IgnoreUsage = true });
        return Of(fit.Search.WholeAnyway());
    }

    /// <summary>
    /// What a copy takes with all of it over cards of the question's machine, so that the reserve is kept of what is
    /// free on each; null if it does not fit.
    /// </summary>
    public static ReplicaNeed? Whole(FitQuestion question)
    {
        var fit = CaseOf(question);
        var placed = fit.Search.Whole(keepReserve: true).FirstOrDefault(whole => whole.MayFitHost(fit.Machine));
        return placed is null ? null : Of(placed);
    }

    /// <summary>Bytes that a machine's cards have for models, the reserve kept, by the backend's count.</summary>
    public static MachineRoom RoomOf(FitQuestion question)
    {
        var budget = MachineBudget.For(question);
        var cards = question.Machine?.Gpus ?? Array.Empty<GpuSpec>();
        var order = DeviceOrder.Of(cards, budget.Backend);
        return new MachineRoom(
            budget.Cards.Select(card => new CardRoom(
                card.Index, order[card.Index], card.Card, card.AvailableBytes - card.ReserveBytes)).ToArray(),
            budget.PoolBytes ?? budget.HostBytes,
            budget.PoolBytes is not null,
            budget.Backend);
    }

    private static FitCase CaseOf(FitQuestion question)
    {
        var fit = FitCase.Of(question, NullSink.Instance);
        fit.CheckStarts();
        return fit;
    }

    private static ReplicaNeed Of(PlacedModel placed) => new(
        placed.Cards.Select(card => card.Index).ToArray(),
        placed.Cards.Select((card, i) => placed.NeededOn(i) + card.OverheadBytes).ToArray(),
        placed.Memory.Host.TotalBytes,
        placed.Capacity is not null);
}

/// <summary>What a machine has for models.</summary>
/// <param name="Cards">Its cards whose memory is known.</param>
/// <param name="HostBytes">Bytes of system memory, or of the pool that cards share with it; null if unknown.</param>
/// <param name="IsPool">Whether cards and processor share the memory.</param>
/// <param name="Backend">What drives its cards.</param>
internal sealed record MachineRoom(
    IReadOnlyList<CardRoom> Cards, long? HostBytes, bool IsPool, ComputeBackend Backend);

/// <summary>What a card has for models.</summary>
/// <param name="Index">The card, as the backend counts it.</param>
/// <param name="Position">Its place among the machine's cards.</param>
/// <param name="Card">The card itself.</param>
/// <param name="Bytes">Bytes beside the reserve; may be negative.</param>
internal sealed record CardRoom(int Index, int Position, GpuSpec Card, long Bytes);
