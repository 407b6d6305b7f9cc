using ModelFit.Common;

namespace ModelFit.Catalog.Sites;

/// <summary>Prices of a site's catalog.</summary>
internal static class SitePrices
{
    /// <summary>What prices may say.</summary>
    public static readonly IReadOnlyList<string> Members =
        new[] { "currency", "date", "powerPerKwh", "memoryPerGiB", "cards" };

    private static readonly string[] OfCard = { "price", "watts" };

    /// <summary>The prices of an object; a card is named as people name it, and must be one that is known.</summary>
    public static PriceList Read(PlacedValue node, IReadOnlyList<string[]> cards, string? date)
    {
        node.AsObject("'prices'").Allow(Members);
        var prices = new Dictionary<string, CardPrice>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in node.Find("cards")?.AsObject("'cards'").Members()
            ?? Enumerable.Empty<(string, PlacedValue)>())
        {
            var card = SiteCards.Resolve(name, cards) ?? throw SiteCards.Unknown(value, name);
            if (prices.ContainsKey(card)) throw value.Wrong($"'{card}' has a price already");
            prices.Add(card, Card(value));
        }

        return new PriceList
        {
            Currency = node.Find("currency")?.Text(),
            Date = node.Find("date")?.Day() ?? date,
            PowerPerKwh = node.Find("powerPerKwh")?.Number(),
            MemoryPerGiB = node.Find("memoryPerGiB")?.Number(),
            Cards = prices,
        };
    }

    private static CardPrice Card(PlacedValue value)
    {
        if (!value.IsObject) return new CardPrice(value.Number(), null);
        value.Allow(OfCard);
        return new CardPrice(value.Require("price").Number(), value.Find("watts")?.Number());
    }
}
