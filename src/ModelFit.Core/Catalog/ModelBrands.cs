namespace ModelFit.Catalog;

/// <summary>
/// The brands that names say (<c>gemma</c> in <c>medgemma-4b</c>): what is named after one is of no other's shape.
/// </summary>
internal sealed class ModelBrands
{
    /// <summary>Letters of a brand that is found inside a longer word too.</summary>
    private const int LeastInside = 5;

    private readonly ILookup<string, NamedModel> _models;

    /// <summary>Takes the names of the catalog.</summary>
    public ModelBrands(IEnumerable<NamedModel> names) => _models = names
        .Where(named => ReferenceEquals(named.Name, named.IdName))
        .ToLookup(named => Of(named.Record.Family), StringComparer.Ordinal);

    /// <summary>Whether the words say no brand, or one that has models of a shape.</summary>
    public bool Allow(IReadOnlyCollection<string> words, NamedModel shape)
    {
        var said = _models.Where(brand => words.Any(word => IsIn(brand.Key, word))).ToArray();
        return said.Length == 0 || said.Any(brand => brand.Any(shape.IsSameSize));
    }

    private static bool IsIn(string brand, string word) => word == brand
        || (brand.Length >= LeastInside && word.IndexOf(brand, StringComparison.Ordinal) >= 0);

    /// <summary>The letters that a family starts with.</summary>
    private static string Of(string family) => new(family.TakeWhile(char.IsLetter).Select(char.ToLowerInvariant).ToArray());
}
