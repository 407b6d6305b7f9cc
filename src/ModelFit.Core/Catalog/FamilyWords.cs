namespace ModelFit.Catalog;

/// <summary>
/// The families that names say (<c>gemma</c> in <c>medgemma-4b</c>): what is named after one has no other's shape.
/// </summary>
internal sealed class FamilyWords
{
    /// <summary>Letters of a family that is found inside a longer word too.</summary>
    private const int LeastInside = 5;

    private readonly ILookup<string, NamedModel> _models;

    /// <summary>Takes the names of the catalog.</summary>
    public FamilyWords(IEnumerable<NamedModel> names) => _models = names
        .Where(named => ReferenceEquals(named.Name, named.IdName))
        .ToLookup(named => Of(named.Record.Family), StringComparer.Ordinal);

    /// <summary>Whether the words say no family, or one that has models of a shape.</summary>
    public bool Allow(IReadOnlyCollection<string> words, NamedModel shape)
    {
        var said = _models.Where(family => words.Any(word => IsIn(family.Key, word))).ToArray();
        return said.Length == 0 || said.Any(family => family.Any(shape.IsSameSize));
    }

    /// <summary>Whether the words say a family.</summary>
    public bool IsSaid(IReadOnlyCollection<string> words) =>
        _models.Any(family => words.Any(word => IsIn(family.Key, word)));

    private static bool IsIn(string family, string word) => word == family
        || (family.Length >= LeastInside && word.IndexOf(family, StringComparison.Ordinal) >= 0);

    /// <summary>The letters that a family's name starts with.</summary>
    private static string Of(string family) =>
        new(family.TakeWhile(char.IsLetter).Select(char.ToLowerInvariant).ToArray());
}
