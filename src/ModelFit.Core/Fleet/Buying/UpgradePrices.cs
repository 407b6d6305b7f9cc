using ModelFit.Catalog;
using ModelFit.Catalog.Sites;

namespace ModelFit.Fleet.Buying;

/// <summary>The prices of a question: those that were said, before those of the site's own catalogs.</summary>
internal static class UpgradePrices
{
    private const string Memory = "SystemMemory", Power = "Power";

    /// <summary>
    /// The list of a demand. Throws <see cref="ErrorIds.GpuNotFound"/> for a name that is no card's, and
    /// <see cref="ErrorIds.InvalidArgument"/> for a price below nothing.
    /// </summary>
    public static PriceList Of(UpgradeDemand demand)
    {
        foreach (var said in demand.Prices.Where(said => !(said.Value >= 0) || double.IsInfinity(said.Value)))
        {
            throw new ModelFitException(
                ErrorIds.InvalidArgument, $"The price of {said.Key} must be 0 or more.", said.Key);
        }

        var cards = new Dictionary<string, CardPrice>(StringComparer.OrdinalIgnoreCase);
        foreach (var said in demand.Prices.Where(said => !Is(said.Key, Memory) && !Is(said.Key, Power)))
            cards[GpuCatalog.ResolveMany(said.Key, null, NullSink.Instance)[0].Name] = new CardPrice(said.Value, null);
        return new PriceList
        {
            MemoryPerGiB = Find(demand, Memory), PowerPerKwh = Find(demand, Power), Cards = cards,
        }.Over(SiteCatalogs.Current.Prices);
    }

    private static double? Find(UpgradeDemand demand, string name) => demand.Prices
        .Where(said => Is(said.Key, name)).Select(said => (double?)said.Value).FirstOrDefault();

    private static bool Is(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
