namespace ModelFit.Catalog.Sites;

/// <summary>
/// What a site pays: for cards, memory and power. Only the site says it; nothing is known where it does not.
/// </summary>
internal sealed record PriceList
{
    /// <summary>A list without a price.</summary>
    public static PriceList Empty { get; } = new();

    /// <summary>The currency of every price, for example <c>EUR</c>; null if it is not said.</summary>
    public string? Currency { get; init; }

    /// <summary>The day of the prices, <c>yyyy-MM-dd</c> or less; null if it is not said.</summary>
    public string? Date { get; init; }

    /// <summary>Price of a kilowatt-hour; null if it is not said.</summary>
    public double? PowerPerKwh { get; init; }

    /// <summary>Price of a gibibyte of system memory; null if it is not said.</summary>
    public double? MemoryPerGiB { get; init; }

    /// <summary>Prices of cards by the name that the catalog has for them, ignoring case.</summary>
    public IReadOnlyDictionary<string, CardPrice> Cards { get; init; } =
        new Dictionary<string, CardPrice>(StringComparer.OrdinalIgnoreCase);

    /// <summary>How many prices there are.</summary>
    public int Count => Cards.Count + (PowerPerKwh is null ? 0 : 1) + (MemoryPerGiB is null ? 0 : 1);

    /// <summary>The price of a card; null if the site does not say it.</summary>
    public CardPrice? Of(GpuSpec card) => Cards.TryGetValue(card.Name, out var price) ? price : null;

    /// <summary>
    /// Power of a card in watts: what the site says, else what its vendor does; null if neither does.
    /// </summary>
    public double? WattsOf(GpuSpec card) => Of(card)?.Watts ?? card.TdpWatts;

    /// <summary>These prices where they say something, another list's elsewhere.</summary>
    public PriceList Over(PriceList other)
    {
        var cards = new Dictionary<string, CardPrice>(StringComparer.OrdinalIgnoreCase);
        foreach (var list in new[] { other, this })
            foreach (var card in list.Cards) cards[card.Key] = card.Value;
        return new PriceList
        {
            Currency = Currency ?? other.Currency,
            Date = Date ?? other.Date,
            PowerPerKwh = PowerPerKwh ?? other.PowerPerKwh,
            MemoryPerGiB = MemoryPerGiB ?? other.MemoryPerGiB,
            Cards = cards,
        };
    }
}

/// <summary>What a site says of buying a card.</summary>
/// <param name="Price">Price of one, in the list's currency.</param>
/// <param name="Watts">Power that one takes under load, in watts; null for its vendor's figure.</param>
internal sealed record CardPrice(double Price, double? Watts);
