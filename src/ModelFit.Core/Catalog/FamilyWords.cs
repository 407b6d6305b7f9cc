namespace ModelFit.Catalog;

/// <summary>
/// The families that names say (<c>gemma</c> in <c>medgemma-4b</c>): what is named after one has no other's shape.
/// </summary>
internal sealed class FamilyWords
{
    /// <summary>Letters of a family that is found inside a longer word too.</summary>
    private const int LeastInside = 5;

    /// <summary>A shorter one that no other word has.</summary>
    private const string Coined = "qwen";

    private readonly ILookup<string, NamedModel> _models;
    private readonly HashSet<string> _words;

    /// <summary>Takes the names of the catalog.</summary>
    public FamilyWords(IReadOnlyCollection<NamedModel> names)
    {
        _models = names.Where(named => ReferenceEquals(named.Name, named.IdName))
            .ToLookup(named => Of(named.Record.Family), StringComparer.Ordinal);
        _words = new HashSet<string>(names.SelectMany(named => named.Name.CoreWords), StringComparer.Ordinal);
    }

    /// <summary>Whether the words say no family, or one that has models of a shape.</summary>
    public bool Allow(IReadOnlyCollection<string> words, NamedModel shape)
    {
        var said = _models.Where(family => words.Any(word => IsIn(family.Key, word))).ToArray();
        return said.Length == 0 || said.Any(family => family.Any(shape.IsSameSize));
    }

    /// <summary>Whether the words say a family.</summary>
    public bool IsSaid(IReadOnlyCollection<string> words) =>
        _models.Any(family => words.Any(word => IsIn(family.Key, word)));

    /// <summary>
    /// The words of a name, those that no model has and that end with a family replaced by it: <c>CyberGemma-3-1b</c>.
    /// </summary>
    public IReadOnlyList<string> Plain(IEnumerable<string> words) => words
        .Select(word => _words.Contains(word) ? word : _models.Select(family => family.Key)
            .FirstOrDefault(family => IsIn(family, word) && word.EndsWith(family, StringComparison.Ordinal)) ?? word)
        .ToArray();

    private static bool IsIn(string family, string word) => word == family
        || ((family.Length >= LeastInside || family == Coined) && word.IndexOf(family, StringComparison.Ordinal) >= 0);

    /// <summary>The letters that a family's name starts with.</summary>
    private static string Of(string family) =>
        new(family.TakeWhile(char.IsLetter).Select(char.ToLowerInvariant).ToArray());
}
