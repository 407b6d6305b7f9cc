namespace ModelFit.Catalog;

/// <summary>
/// Names that people type in haste: every word is one of the model's name, or a size that the model has, and what its
/// name says more decides. Versions, dates and what is active are left out as they are known; other words are left out
/// knowingly only where a size or three words are said. Of several models none is taken: they are marked as longer.
/// </summary>
internal sealed class TypedNames(IReadOnlyList<NamedModel> names)
{
    private const string Effective = "e";

    /// <summary>What the name of a model says more than what was typed, the nearest first.</summary>
    private enum More
    {
        /// <summary>Versions, dates, and how much is active; a brand before it where no size is said.</summary>
        Version,

        /// <summary>Other words, in the order that was typed.</summary>
        Words,

        /// <summary>Other words, where the size is the model's and not in its name.</summary>
        Size,
    }

    /// <summary>Whether a model has a size that a word says, in its name or by its parameters.</summary>
    public static bool HasSize(NamedModel named, string word)
    {
        const double tolerance = 0.04;
        if (named.Name.CoreWords.Contains(word)) return true;
        var isActive = word[0] == 'a';
        if (ModelCatalogName.Size(isActive ? word.Substring(1) : word) is not { } size) return false;
        var count = isActive ? named.Record.ActiveParameters : named.Record.TextParameters;
        // What is active is said in whole billions, and often rounded down.
        var most = isActive ? Math.Max(1e9, tolerance * size) : tolerance * size;
        return Math.Abs((count ?? 0) - size) <= most;
    }

    /// <summary>
    /// All versions where family and size are said and that is the name of the first version too (<c>gemma 2b</c>);
    /// none if there is one version.
    /// </summary>
    public IReadOnlyList<NamedModel> EveryVersion(IReadOnlyList<string> words) =>
        words.Any(ModelDerivatives.SaysSize) && Of(words) is { Count: > 0 } all && all[0].IsLonger
        && all.Any(named => named.Name.CoreWords.SequenceEqual(words)) ? all : Array.Empty<NamedModel>();

    /// <summary>The models whose names say the words and least more.</summary>
    public IReadOnlyList<NamedModel> Of(IReadOnlyList<string> words)
    {
        var (sizes, others) = Apart(words);
        var found = names
            .Select(named => (Named: named, More: Left(named, words, sizes, others)))
            .Where(match => match.More is not null)
            .GroupBy(match => match.More, match => match.Named)
            .OrderBy(group => group.Key)
            .FirstOrDefault();
        if (found is null) return Array.Empty<NamedModel>();
        var all = found.ToArray();
        const int withoutSize = 3;
        var isSaid = found.Key == More.Words
            ? sizes.Length > 0 || words.Count >= withoutSize || (words.Count == 1 && AreOneSize(all))
            : AreOneSize(all) && all.Select(Line).Distinct().Count() == 1;
        return found.Key == More.Words && isSaid
            ? all.Select(named => named with { IsFuller = true }).ToArray()
            : isSaid ? all : all.Select(named => named with { IsLonger = true }).ToArray();
    }

    /// <summary>
    /// Names that have all words of this one and other sizes, where none has its size: <c>deepseek r1 llama 32b</c>.
    /// </summary>
    public IEnumerable<NamedModel> OtherSizes(IReadOnlyList<string> words)
    {
        var (sizes, others) = Apart(words);
        if (sizes.Length == 0 || others.Length < 2 || PrunedExperts.IsSaid(others)) return Array.Empty<NamedModel>();
        var line = names.Where(named => others.All(named.Name.CoreWords.Contains)).ToArray();
        return line.Any(named => sizes.All(size => HasSize(named, size)))
            ? Array.Empty<NamedModel>()
            : line.Select(named => named with { IsLonger = true, IsOtherSize = true });
    }

    /// <summary>
    /// Finetunes of models whose names say no size: the family with its version stands in the name, and the sizes that
    /// it says are those of one shape (<c>GLM-4.5-Iceblink-106B-A12B</c> is a GLM-4.5-Air).
    /// </summary>
    public IEnumerable<NamedModel> OfItsSize(IReadOnlyList<string> words)
    {
        const int family = 2;
        var sizes = words.Where(ModelCatalogName.IsSize).ToArray();
        if (sizes.Length < family || ModelDerivatives.SaysShape(words)) return Array.Empty<NamedModel>();
        var found = names.Where(named => named.Name.CoreWords is { Count: >= family } known
            && !known.Any(ModelDerivatives.SaysSize) && ModelCatalogName.IsNumber(known[1])
            && Enumerable.Range(0, words.Count - 1).Any(at => words[at] == known[0] && words[at + 1] == known[1])
            && sizes.All(size => HasSize(named, size))).ToArray();
        return AreOneSize(found)
            ? found.Select(named => named with { Basis = NameBasis.Name })
            : Array.Empty<NamedModel>();
    }

    /// <summary>Names that end with these words, and say others before them.</summary>
    public IEnumerable<NamedModel> Behind(IReadOnlyList<string> words) =>
        words.Count < 2 ? Array.Empty<NamedModel>() : names.Where(named => EndsWith(named.Name.CoreWords, words));

    /// <summary>What a name says more than the words; null if it does not say them.</summary>
    private static More? Left(NamedModel named, IReadOnlyList<string> words, string[] sizes, string[] others)
    {
        const int leastLetters = 4;
        var known = named.Name.CoreWords;
        if (words.Count == 1)
            return sizes.Length == 0 && words[0].Length >= leastLetters && !ModelCatalogName.IsDate(words[0])
                && known.Skip(1).Contains(words[0]) ? More.Words : null;
        if (words.All(word => known.Contains(Said(known, word))))
        {
            var isVersion = known.All(word => words.Any(said => Said(known, said) == word)
                || ModelCatalogName.IsNumber(word) || IsActive(word));
            if (isVersion || (sizes.Length == 0 && EndsWith(known, words))) return More.Version;
            return ModelDerivatives.IsWithin(words, known) ? More.Words : null;
        }

        return sizes.Length > 0 && others.Length > 0 && known[0] == others[0] && InOrder(others, known)
            && known.All(word => !ModelDerivatives.SaysSize(word) || IsItsActive(named, word))
            && sizes.All(size => HasSize(named, size)) ? More.Size : null;
    }

    /// <summary>A word as a name has it: a size is said of what is effective too (<c>gemma 4b</c> of E4B).</summary>
    private static string Said(IReadOnlyList<string> known, string word) =>
        char.IsDigit(word[0]) && !known.Contains(word) && known.Contains(Effective + word) ? Effective + word : word;

    private static bool EndsWith(IReadOnlyList<string> words, IReadOnlyList<string> end) =>
        words.Count > end.Count && words.Skip(words.Count - end.Count).SequenceEqual(end);

    private static (string[] Sizes, string[] Others) Apart(IReadOnlyList<string> words) => (
        words.Where(ModelDerivatives.SaysSize).ToArray(),
        words.Where(word => !ModelDerivatives.SaysSize(word)).Distinct().ToArray());

    private static bool InOrder(IReadOnlyList<string> words, IReadOnlyList<string> known)
    {
        var at = 0;
        foreach (var word in known)
            if (at < words.Count && word == words[at]) at++;
        return at == words.Count;
    }

    /// <summary>Whether a size in a model's name is of what is active: <c>Llama-4-Scout-17B</c>.</summary>
    private static bool IsItsActive(NamedModel named, string word) => IsActive(word)
        || (named.Record.ActiveParameters < named.Record.Parameters && HasSize(named, "a" + word));

    private static bool IsActive(string word) => word[0] == 'a' && ModelDerivatives.SaysSize(word);

    private static bool AreOneSize(IReadOnlyList<NamedModel> found) =>
        found.All(named => named.IsSameSize(found[0]));

    /// <summary>A name but for dates: models under one are meant, several are only named.</summary>
    private static string Line(NamedModel named) =>
        string.Join(" ", named.IdName.CoreWords.Where(word => !ModelCatalogName.IsDate(word)));
}
