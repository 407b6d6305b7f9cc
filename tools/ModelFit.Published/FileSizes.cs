using ModelFit.Architectures;
using ModelFit.Catalog;

namespace ModelFit.Published;

/// <summary>Which of the catalog's models have files of exactly a size.</summary>
internal sealed class FileSizes
{
    /// <summary>Bytes that a header has for each token, at least and at most, and those of its other keys.</summary>
    private const long LeastAToken = 8, MostAToken = 80, Keys = 1 << 20;

    private readonly Dictionary<string, Sized[]> _byType;

    /// <summary>Lays out every model of the catalog whose dimensions are confirmed.</summary>
    public FileSizes() => _byType = Types.ToDictionary(
        type => type,
        type => ModelCatalog.All.Select(model => Of(model, type)).OfType<Sized>().OrderBy(sized => sized.Weights)
            .ToArray(),
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Standard types that come out the same with and without an importance matrix.</summary>
    public static string[] Types { get; } =
    [
        "F32", "F16", "BF16", "Q8_0", "Q6_K", "Q5_K_M", "Q5_K_S", "Q4_K_M", "Q4_K_S", "Q3_K_L", "Q3_K_M", "Q3_K_S",
        "Q2_K",
    ];

    /// <summary>
    /// The models that most of a repository's files have the size of; empty if that is less than three in five.
    /// </summary>
    public IReadOnlyList<ModelSpec> Models(IReadOnlyCollection<ListedFile> files)
    {
        const double most = 0.6;
        var votes = files.SelectMany(file => Having(file)).GroupBy(model => model).ToArray();
        var top = votes.Select(group => group.Count()).DefaultIfEmpty().Max();
        return top < Math.Max(1, most * files.Count)
            ? []
            : [.. votes.Where(group => group.Count() == top).Select(group => group.Key)];
    }

    private IEnumerable<ModelSpec> Having(ListedFile file) => _byType[file.Label]
        .Where(sized => file.Bytes - sized.Weights is var header
            && header >= LeastAToken * sized.Vocabulary && header <= Keys + (MostAToken * sized.Vocabulary))
        .Select(sized => sized.Model);

    private static Sized? Of(ModelSpec model, string type)
    {
        if (model.Layout is not LaidOutModel laidOut) return null;
        var recipe = new PublishedLayout(laidOut, "any/any-GGUF", type).Recipe(type);
        return recipe.Accuracy == Accuracy.Approximate
            ? null
            : new Sized(model, recipe.WeightBytes, recipe.Metadata.Integer("vocab_size", 0));
    }

    /// <summary>What a model's file of a type has but for its header.</summary>
    private sealed record Sized(ModelSpec Model, long Weights, long Vocabulary);
}
