namespace ModelFit.Catalog;

/// <summary>
/// Finds the base of a finetune whose name says family and version in one place and the size in another
/// (<c>Gemma-3-R1-27B</c>, <c>Kuvera-8B-qwen3</c>).
/// </summary>
internal sealed class ModelNameParts
{
    private readonly ILookup<string, Parts> _byFamily;

    /// <summary>Takes the names that start with a family and say a size.</summary>
    public ModelNameParts(IEnumerable<NamedModel> names) => _byFamily = names
        .Select(Parts.Of).OfType<Parts>()
        .ToLookup(parts => parts.Family[0], StringComparer.Ordinal);

    /// <summary>
    /// The models of the longest family with its version that the words name, of exactly the sizes that they say; none
    /// if there is none.
    /// </summary>
    public IReadOnlyList<NamedModel> OfVersion(IReadOnlyList<string> words) =>
        Longest(words, OfSizes(words), parts => parts.Family);

    /// <summary>
    /// The same where the words say only the first part of the version (<c>Llama3-1B</c> is a 3.2), or a size without
    /// its point (<c>qwen2-15b</c>).
    /// </summary>
    public IReadOnlyList<NamedModel> OfShortened(IReadOnlyList<string> words)
    {
        var whole = Longest(words, OfSizes(words), parts => parts.WholeFamily);
        return whole.Count > 0 ? whole : Longest(words, OfSizes(words, WithoutPoint), parts => parts.Family);
    }

    /// <summary>
    /// All models of those sizes of a family that the words name without a version (<c>Tiger-Gemma-9B</c>): several
    /// shapes are several candidates.
    /// </summary>
    public IReadOnlyList<NamedModel> OfFamily(IReadOnlyList<string> words)
    {
        var family = OfSizes(words)
            .Where(parts => IsTuned(new[] { parts.Family[0] }, words))
            .GroupBy(parts => parts.Family[0])
            .FirstOrDefault(family => family.Any(parts => parts.IsPlain(words))
                && family.Max(parts => parts.Said(words)) >= LongestFamily(words));
        if (family is null) return Array.Empty<NamedModel>();
        var most = family.Max(parts => parts.Said(words));
        var plain = family.Where(parts => parts.IsPlain(words)).ToArray();
        var meant = plain.Any(parts => parts.Said(words) == most) ? plain : family.AsEnumerable();
        return meant.Select(parts => parts.Model).ToArray();
    }

    private IReadOnlyList<NamedModel> Longest(
        IReadOnlyList<string> words, IEnumerable<Parts> ofSizes, Func<Parts, string[]> family) => ofSizes
        .Where(parts => parts is { IsWhole: true, Family.Length: > 1 } && IsTuned(family(parts), words))
        .GroupBy(parts => parts.Family.Length)
        .OrderByDescending(group => group.Key)
        .FirstOrDefault(group => group.Key >= LongestFamily(words))
        ?.Select(parts => parts.Model).ToArray() ?? Array.Empty<NamedModel>();

    /// <summary>
    /// How many words the longest family has that stands in the words, of whatever sizes: <c>qwen3 coder 14b</c> names
    /// a line that has no 14b, and is not another line's.
    /// </summary>
    private int LongestFamily(IReadOnlyList<string> words) => words.Distinct()
        .SelectMany(word => _byFamily[word])
        .Where(parts => Enumerable.Range(0, Math.Max(0, words.Count - parts.Family.Length + 1))
            .Any(at => parts.Family.SequenceEqual(words.Skip(at).Take(parts.Family.Length))))
        .Select(parts => parts.Family.Length)
        .DefaultIfEmpty()
        .Max();

    private static string WithoutPoint(string size) => size.Replace(".", string.Empty);

    private IEnumerable<Parts> OfSizes(IReadOnlyList<string> words, Func<string, string>? spelled = null)
    {
        var sizes = new HashSet<string>(words.Where(ModelCatalogName.IsSize), StringComparer.Ordinal);
        return sizes.Count == 0
            ? Array.Empty<Parts>()
            : words.Distinct().SelectMany(word => _byFamily[word]).Where(parts =>
                sizes.SetEquals(spelled is null ? parts.Sizes : parts.Sizes.Select(spelled)));
    }

    /// <summary>
    /// Whether the words of a family stand together, no further number follows them, and others say that this is a
    /// finetune.
    /// </summary>
    private static bool IsTuned(string[] family, IReadOnlyList<string> words)
    {
        var named = words.Count(word => !ModelCatalogName.IsSize(word) && !ModelCatalogName.IsVersion(word));
        if (named <= family.Length) return false;
        for (var at = 0; at + family.Length <= words.Count; at++)
        {
            if (!family.SequenceEqual(words.Skip(at).Take(family.Length))) continue;
            var end = at + family.Length;
            if (end == words.Count || !char.IsDigit(words[end][0]) || ModelCatalogName.IsSize(words[end])) return true;
        }

        return false;
    }

    /// <summary>A name of the catalog as family (with its version), sizes and the model.</summary>
    /// <param name="Family">The words before the first size, dates aside (<c>olmo 2 1124 7b</c>).</param>
    /// <param name="Sizes">All sizes.</param>
    /// <param name="IsWhole">Whether the name says no more.</param>
    /// <param name="Model">The model under this name.</param>
    private sealed record Parts(string[] Family, string[] Sizes, bool IsWhole, NamedModel Model)
    {
        /// <summary>The family with the first part of its version alone.</summary>
        public string[] WholeFamily { get; } = Family.Select(
            word => ModelCatalogName.IsNumber(word) ? word.Split('.')[0] : word).ToArray();

        /// <summary>How many of its family's words others say.</summary>
        public int Said(IReadOnlyList<string> words) => Family.Count(words.Contains);

        /// <summary>Whether the name says a family, its version, sizes, and no more that others do not.</summary>
        public bool IsPlain(IReadOnlyList<string> words) => IsWhole && Family.Length <= 2
            && Family.Skip(1).All(word => char.IsDigit(word[word.Length - 1]) || words.Contains(word));

        public static Parts? Of(NamedModel named)
        {
            var words = named.Name.CoreWords;
            var undated = words.Where(word => !ModelCatalogName.IsDate(word)).ToArray();
            var family = undated.TakeWhile(word => !ModelCatalogName.IsSize(word)).ToArray();
            var sizes = undated.Where(ModelCatalogName.IsSize).ToArray();
            return family.Length == 0 || sizes.Length == 0 || char.IsDigit(family[0][0])
                ? null
                : new Parts(family, sizes, family.Length + sizes.Length == undated.Length, named);
        }
    }
}
