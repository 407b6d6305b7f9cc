namespace ModelFit.Catalog;

/// <summary>
/// What people mean first, for completion alone: no answer depends on it. The order of cards is judged by hand, not
/// counted; models are by the number of repositories that publish files of them, halved for each 16 months of age.
/// </summary>
internal static class CommonNames
{
    private const double HalvingMonths = 16;

    private static readonly string[] Brands = { "NVIDIA GeForce ", "NVIDIA ", "AMD ", "Intel " };

    /// <summary>
    /// Names that stand for several cards without their brand; a test asks the resolver of all others.
    /// </summary>
    private static readonly string[] NeedBrand = { "840M", "GTX TITAN" };

    private static readonly string[] Cards =
    {
        "RTX 3090", "RTX 4090", "RTX 5090", "RTX 3060", "RTX 4060 Ti 16GB", "RTX 5060 Ti 16GB", "RTX 4070",
        "RTX 3080 10GB", "RTX 4080", "RTX 5070 Ti", "RTX 5080", "RTX 4070 Ti SUPER", "RTX 4060", "RTX 3070", "RTX 5070",
        "RTX 4070 SUPER", "RTX 3060 Ti", "RTX 2060 6GB", "RTX 3050 8GB", "GTX 1660 SUPER", "GTX 1650", "GTX 1060 6GB",
        "GTX 1080 Ti", "RTX 2080 Ti", "RTX 3080 Ti", "RTX 3090 Ti", "RTX 4080 SUPER", "RTX 4070 Ti", "RTX 4060 Ti 8GB",
        "RTX 5060", "Radeon RX 7900 XTX", "Radeon RX 9070 XT", "Radeon RX 7900 XT", "Radeon RX 6800 XT",
        "Radeon RX 7800 XT", "Radeon RX 6700 XT", "Arc A770 16GB", "Arc B580", "Tesla P40", "Tesla T4", "RTX A6000",
        "RTX 6000 Ada Generation", "RTX PRO 6000 Blackwell Workstation Edition", "L40S", "H100 SXM5 80GB",
        "A100 SXM4 80GB", "A40", "L4", "H200 SXM 141GB", "B200", "RTX A5000", "RTX A4000", "Tesla V100 SXM2 32GB",
        "Instinct MI300X", "Radeon AI PRO R9700", "GB10",
    };

    private static readonly string[] Quantizations =
    {
        "Q4_K_M", "Q5_K_M", "Q6_K", "Q8_0", "IQ4_XS", "Q3_K_M", "UD-Q4_K_XL", "MXFP4", "Q4_K_S", "Q4_0", "F16", "BF16",
    };

    private static Tuple<IReadOnlyList<GpuSpec>, CommonName<GpuSpec>[]>? _named;
    private static Tuple<IReadOnlyList<ModelCatalogRecord>, ModelCatalogRecord[]>? _models;

    private static readonly Lazy<Dictionary<string, int>> CardRanks = new(() =>
    {
        var ranks = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in Cards) ranks.Add(name, ranks.Count);
        return ranks;
    });

    /// <summary>The cards of the catalog under their shortest names, the commonest first, then the newest.</summary>
    public static IReadOnlyList<CommonName<GpuSpec>> Gpus()
    {
        var cards = GpuCatalog.All;
        var known = _named;
        if (known is null || !ReferenceEquals(known.Item1, cards)) _named = known = Tuple.Create(cards, Named(cards));
        return known.Item2;
    }

    // What a key press waits for reads no name apart and sorts strings: this is where most of its time went.
    private static CommonName<GpuSpec>[] Named(IReadOnlyList<GpuSpec> cards)
    {
        var shorter = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var shared = new HashSet<string>(NeedBrand, StringComparer.OrdinalIgnoreCase);
        foreach (var card in cards)
            if (!shorter.Add(WithoutBrand(card.Name))) shared.Add(WithoutBrand(card.Name));
        var named = new List<CommonName<GpuSpec>>();
        foreach (var card in cards)
        {
            var name = WithoutBrand(card.Name);
            named.Add(new CommonName<GpuSpec>(shared.Contains(name) ? card.Name : name, card));
        }

        named.Sort(CompareCards);
        return named.ToArray();
    }

    private static int CompareCards(CommonName<GpuSpec> one, CommonName<GpuSpec> other)
    {
        var order = Rank(one.Name) - Rank(other.Name);
        if (order == 0) order = string.CompareOrdinal(other.Item.ReleaseDate, one.Item.ReleaseDate);
        return order == 0 ? StringComparer.OrdinalIgnoreCase.Compare(one.Name, other.Name) : order;
    }

    /// <summary>The models of the catalog, those first of which most is published and which are newest.</summary>
    public static IReadOnlyList<ModelCatalogRecord> Models()
    {
        var records = CatalogInForce.Models.Records;
        var known = _models;
        if (known is null || !ReferenceEquals(known.Item1, records))
            _models = known = Tuple.Create(records, ByWeight(records));
        return known.Item2;
    }

    private static ModelCatalogRecord[] ByWeight(IReadOnlyList<ModelCatalogRecord> records)
    {
        var published = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var repository in PublishedCatalog.All)
            published[repository.Model] = published.TryGetValue(repository.Model, out var count) ? count + 1 : 1;
        var weighed = new List<Weighed>();
        foreach (var record in records)
        {
            published.TryGetValue(record.Id, out var count);
            var youth = Months(record[ModelColumn.Date]) / HalvingMonths;
            weighed.Add(new Weighed(record, Math.Log(1 + count, 2) + youth, weighed.Count));
        }

        weighed.Sort((one, other) => one.Weight == other.Weight
            ? one.Order - other.Order
            : other.Weight.CompareTo(one.Weight));
        return weighed.ConvertAll(one => one.Record).ToArray();
    }

    /// <summary>The quantizations, the commonest first, then by size.</summary>
    public static IEnumerable<QuantizationSpec> QuantizationTypes() => QuantizationCatalog.All
        .OrderBy(type => Array.IndexOf(Quantizations, type.Name) is >= 0 and var rank ? rank : Quantizations.Length)
        .ThenByDescending(type => type.BitsPerWeight);

    /// <summary>The name of a card without what only says whose it is: <c>RTX 3090</c>.</summary>
    private static string WithoutBrand(string name)
    {
        foreach (var brand in Brands)
            if (name.StartsWith(brand, StringComparison.Ordinal)) return name.Substring(brand.Length);
        return name;
    }

    private static int Rank(string name) => CardRanks.Value.TryGetValue(name, out var rank) ? rank : Cards.Length;

    private static double Months(string date) => date.Length >= 7
        && int.TryParse(date.Substring(0, 4), out var year) && int.TryParse(date.Substring(5, 2), out var month)
            ? (year * 12) + month
            : 0;

    /// <summary>A model, the logarithm of how much it is asked for, and its place in the catalog.</summary>
    private sealed record Weighed(ModelCatalogRecord Record, double Weight, int Order);
}

/// <summary>Something of a catalog under the name that people type.</summary>
/// <param name="Name">The name.</param>
/// <param name="Item">What it stands for.</param>
internal sealed record CommonName<T>(string Name, T Item);
