namespace ModelFit.Catalog.Sites;

/// <summary>
/// A catalog that a site writes for itself, as it was read: its cards, models and repositories as lines of the tables
/// that are shipped, so that there is one way from a line to an answer.
/// </summary>
internal sealed record SiteCatalog
{
    /// <summary>Its name, or that of its file.</summary>
    public string Name { get; init; } = string.Empty;

    /// <summary>Its day, <c>yyyy-MM-dd</c> or less; null if it is not said.</summary>
    public string? Date { get; init; }

    /// <summary>Its file.</summary>
    public string Path { get; init; } = string.Empty;

    /// <summary>Its whole text.</summary>
    public string Text { get; init; } = string.Empty;

    /// <summary>Lines of <c>gpus.tsv</c>.</summary>
    public IReadOnlyList<string[]> Cards { get; init; } = Array.Empty<string[]>();

    /// <summary>Lines of <c>models.tsv</c>.</summary>
    public IReadOnlyList<string[]> Models { get; init; } = Array.Empty<string[]>();

    /// <summary>Lines of <c>published.tsv</c>.</summary>
    public IReadOnlyList<string[]> Repositories { get; init; } = Array.Empty<string[]>();

    /// <summary>How many files the repositories list.</summary>
    public int FileCount { get; init; }

    /// <summary>Other names of cards, with what they stand for: a text that names cards.</summary>
    public IReadOnlyDictionary<string, string> CardAliases { get; init; } = Names;

    /// <summary>Other names of models, with the id that they stand for.</summary>
    public IReadOnlyDictionary<string, string> ModelAliases { get; init; } = Names;

    /// <summary>Models that may be used, by id or wildcard; none if the site does not say.</summary>
    public IReadOnlyList<string> Approved { get; init; } = Array.Empty<string>();

    /// <summary>What the site pays.</summary>
    public PriceList Prices { get; init; } = PriceList.Empty;

    private static IReadOnlyDictionary<string, string> Names { get; } =
        new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
}
