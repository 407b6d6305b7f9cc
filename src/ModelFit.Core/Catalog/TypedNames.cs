namespace ModelFit.Catalog;

/// <summary>
/// Names that people type in haste: without the version, without a brand, with a size that the model's own name does
/// not say, in another order. Of several models none is taken: they are marked as longer names.
/// </summary>
internal sealed class TypedNames(IReadOnlyList<NamedModel> names)
{
    /// <summary>Whether a word is a year, a month or both: <c>2507</c>, <c>03</c>, <c>2025</c>.</summary>
    public static bool IsDate(string word) => word.Length is 2 or >= 4 && word.All(char.IsDigit);

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
    /// <param name="name">The name.</param>
    /// <param name="first">The models of exactly that name.</param>
    public IReadOnlyList<NamedModel> EveryVersion(ModelCatalogName name, IEnumerable<NamedModel> first)
    {
        var known = first.ToArray();
        var later = known.Length == 0
            ? known
            : AnyVersion(name.CoreWords).Where(named => known.All(one => one.Record != named.Record)).ToArray();
        return later.Length == 0 ? later : known.Concat(later).Select(Longer).ToArray();
    }

    /// <summary>
    /// Family and size are said, the version is not (<c>llama 405b</c>), nor what is active (<c>qwen 235b</c>); or all
    /// words, in another order (<c>qwen 32b coder</c>).
    /// </summary>
    public IReadOnlyList<NamedModel> AnyVersion(IReadOnlyList<string> words)
    {
        if (words.Count < 2 || !words.Any(ModelDerivatives.SaysSize)) return Array.Empty<NamedModel>();
        var said = words.OrderBy(word => word, StringComparer.Ordinal).ToArray();
        return OneOrSeveral(names.Where(named => named.Name.CoreWords.Count >= words.Count && named.Name.CoreWords
            .Where(word => !ModelCatalogName.IsNumber(word) && (!IsActive(word) || words.Contains(word)))
            .OrderBy(word => word, StringComparer.Ordinal).SequenceEqual(said)));
    }

    /// <summary>
    /// Names that have all words of this one, in its order, and others that are no numbers between them. A size has to
    /// be said, or three words.
    /// </summary>
    public IEnumerable<NamedModel> WithWords(IReadOnlyList<string> words)
    {
        const int least = 2, withoutSize = 3;
        return words.Count < least || (words.Count < withoutSize && !words.Any(ModelCatalogName.IsSize))
            ? Array.Empty<NamedModel>()
            : Within(words).Select(Fuller);
    }

    /// <summary>The same of two words without a size: such names are only said (<c>nemotron super</c>).</summary>
    public IEnumerable<NamedModel> WithTwoWords(IReadOnlyList<string> words) =>
        words.Count == 2 ? Within(words).Select(Longer) : Array.Empty<NamedModel>();

    private IEnumerable<NamedModel> Within(IReadOnlyList<string> words) =>
        names.Where(named => ModelDerivatives.IsWithin(words, named.Name.CoreWords));

    /// <summary>
    /// The same of a name with so many words that it is no family and size (<c>r1 distill qwen 7b</c>).
    /// </summary>
    public IEnumerable<NamedModel> WithManyWords(IReadOnlyList<string> words)
    {
        const int least = 3;
        return Apart(words).Others.Length < least ? Array.Empty<NamedModel>() : WithWords(words);
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

    /// <summary>
    /// Names that start with the words and go on, of models that have the sizes that are said, though their names do
    /// not say them: <c>glm 106b</c>, <c>hunyuan 80b</c>.
    /// </summary>
    public IReadOnlyList<NamedModel> OfTotal(IReadOnlyList<string> words)
    {
        var (sizes, others) = Apart(words);
        return sizes.Length == 0 || others.Length == 0
            ? Array.Empty<NamedModel>()
            : OneOrSeveral(names.Where(named => named.Name.CoreWords[0] == others[0]
                && named.Name.CoreWords.All(word => !ModelDerivatives.SaysSize(word) || IsItsActive(named, word))
                && InOrder(others, named.Name.CoreWords) && sizes.All(size => HasSize(named, size))));
    }

    /// <summary>
    /// Names that end with these words, a brand before them left out (<c>r1 0528</c>), or that only differ by a number
    /// (<c>qwen coder next</c>), or those with a word (<c>scout</c>).
    /// </summary>
    public IReadOnlyList<NamedModel> Ending(IReadOnlyList<string> words)
    {
        const int leastLetters = 4;
        if (words.Any(ModelDerivatives.SaysSize)) return Array.Empty<NamedModel>();
        if (words.Count > 1)
            return OneOrSeveral(names.Where(named => EndsWith(named.Name.CoreWords, words)
                || named.Name.CoreWords.Where(word => !ModelCatalogName.IsNumber(word)).SequenceEqual(words)));
        var found = names.Where(named => named.Name.CoreWords.Skip(1).Contains(words[0])).ToArray();
        if (words[0].Length < leastLetters) return Array.Empty<NamedModel>();
        return AreOneSize(found) ? found.Select(Fuller).ToArray() : found.Select(Longer).ToArray();
    }

    /// <summary>Names that end with these words, and say others before them.</summary>
    public IEnumerable<NamedModel> Behind(IReadOnlyList<string> words) =>
        words.Count < 2 ? Array.Empty<NamedModel>() : names.Where(named => EndsWith(named.Name.CoreWords, words));

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

    /// <summary>Models under one name but for dates and variants are meant; several are only named.</summary>
    private static IReadOnlyList<NamedModel> OneOrSeveral(IEnumerable<NamedModel> found)
    {
        var all = found.ToArray();
        var lines = all.Select(named => string.Join(" ", named.IdName.CoreWords.Where(word => !IsDate(word))));
        return AreOneSize(all) && lines.Distinct().Count() == 1 ? all : all.Select(Longer).ToArray();
    }

    private static NamedModel Longer(NamedModel named) => named with { IsLonger = true };

    private static NamedModel Fuller(NamedModel named) => named with { IsFuller = true };
}
