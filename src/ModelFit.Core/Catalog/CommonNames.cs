using System;
using System.Collections.Generic;
using System.Linq;

namespace ModelFit.Catalog;

/// <summary>
/// What people mean first, for completion alone: no answer depends on it. The order of cards is judged by hand, not
/// counted; models are by the number of repositories that publish files of them, halved for each 16 months of age.
/// </summary>
internal static class CommonNames
{
    private const double HalvingMonths = 16;

    private static readonly string[] Brands = { "NVIDIA GeForce ", "NVIDIA ", "AMD ", "Intel " };

    private static readonly string[] Cards =
    {
        "RTX 3090", "RTX 4090", "RTX 5090", "RTX 3060", "RTX 4060 Ti 16GB", "RTX 5060 Ti 16GB", "RTX 4070",
        "RTX 3080 10GB", "RTX 4080", "RTX 5070 Ti", "RTX 5080", "RTX 4070 Ti SUPER", "RTX 4060", "RTX 3070", "RTX 5070",
        "RTX 4070 SUPER", "RTX 3060 Ti", "RTX 2060 6GB", "RTX 3050 8GB", "GTX 1660 SUPER", "GTX 1650", "GTX 1060 6GB",
        "GTX 1080 Ti", "RTX 2080 Ti", "RTX 3080 Ti", "RTX 3090 Ti", "RTX 4080 SUPER", "RTX 4070 Ti", "RTX 4060 Ti 8GB",
        "RTX 5060", "Radeon RX 7900 XTX", "Radeon RX 9070 XT", "Radeon RX 7900 XT", "Radeon RX 6800 XT",
        "Radeon RX 7800 XT", "Radeon RX 6700 XT", "Arc A770 16GB", "Arc B580", "Tesla P40", "Tesla T4", "RTX A6000",
        "RTX 6000 Ada Generation", "RTX PRO 6000 Blackwell Workstation Edition", "L40S", "H100 SXM5 80GB",
        "A100 SXM4 80GB", "A40", "L4", "H200", "B200", "RTX A5000", "RTX A4000", "Tesla V100 SXM2 32GB",
        "Instinct MI300X", "Radeon AI PRO R9700", "GB10",
    };

    private static readonly string[] Quantizations =
    {
        "Q4_K_M", "Q5_K_M", "Q6_K", "Q8_0", "IQ4_XS", "Q3_K_M", "UD-Q4_K_XL", "MXFP4", "Q4_K_S", "Q4_0", "F16", "BF16",
    };

    // To shorten 900 names takes longer than a key press may: they are kept until another catalog counts.
    private static Tuple<IReadOnlyList<GpuSpec>, (string Name, GpuSpec Card)[]>? _named;

    private static readonly Lazy<Dictionary<string, int>> CardRanks = new(() => Cards
        .Select((name, rank) => (name, rank))
        .ToDictionary(entry => entry.name, entry => entry.rank, StringComparer.OrdinalIgnoreCase));

    /// <summary>The cards of the catalog under their shortest names, the commonest first, then the newest.</summary>
    public static IEnumerable<(string Name, GpuSpec Card)> Gpus()
    {
        var cards = GpuCatalog.All;
        var known = _named;
        if (known is null || !ReferenceEquals(known.Item1, cards)) _named = known = Tuple.Create(cards, Named(cards));
        return known.Item2;
    }

    private static (string Name, GpuSpec Card)[] Named(IEnumerable<GpuSpec> cards) => cards
        .Select(card => (Name: ShortName(card), Card: card))
        .OrderBy(entry => Rank(entry.Name))
        .ThenByDescending(entry => entry.Card.ReleaseDate, StringComparer.Ordinal)
        .ThenBy(entry => entry.Name, StringComparer.OrdinalIgnoreCase)
        .ToArray();

    /// <summary>The models of the catalog, those first of which most is published and which are newest.</summary>
    public static IEnumerable<ModelSpec> Models()
    {
        var newest = ModelCatalog.All.Max(Months);
        return ModelCatalog.All.OrderByDescending(model =>
            (1 + PublishedCatalog.Of(model.Name).Count()) * Math.Pow(0.5, (newest - Months(model)) / HalvingMonths));
    }

    /// <summary>The quantizations, the commonest first, then by size.</summary>
    public static IEnumerable<QuantizationSpec> QuantizationTypes() => QuantizationCatalog.All
        .OrderBy(type => Array.IndexOf(Quantizations, type.Name) is >= 0 and var rank ? rank : Quantizations.Length)
        .ThenByDescending(type => type.BitsPerWeight);

    /// <summary>
    /// The name of a card without what only says whose it is, as far as that stands for no other: <c>RTX 3090</c>.
    /// </summary>
    private static string ShortName(GpuSpec card)
    {
        var brand = Brands.FirstOrDefault(one => card.Name.StartsWith(one, StringComparison.Ordinal));
        if (brand is null) return card.Name;
        var name = card.Name.Substring(brand.Length);
        return Named(name)?.Name == card.Name ? name : card.Name;
    }

    private static GpuSpec? Named(string name) => GpuResolver.TryResolve(name, null, NullSink.Instance, out _);

    // A rank that is given without its memory is that of the card's usual size.
    private static int Rank(string name)
    {
        var known = CardRanks.Value;
        if (known.TryGetValue(name, out var rank)) return rank;
        var words = name.Split(' ');
        var isSized = words.Length > 1 && words[words.Length - 1].EndsWith("GB", StringComparison.Ordinal);
        var model = string.Join(" ", words.Take(words.Length - 1));
        return isSized && known.TryGetValue(model, out rank) && Named(model) is null ? rank : known.Count;
    }

    private static double Months(ModelSpec model) =>
        model.ReleaseDate is { Length: >= 7 } date
        && int.TryParse(date.Substring(0, 4), out var year) && int.TryParse(date.Substring(5, 2), out var month)
            ? (year * 12) + month
            : 0;
}
