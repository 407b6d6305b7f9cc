using ModelFit.Common;

namespace ModelFit.Catalog;

/// <summary>
/// What a published file most likely is whose name says a size and no known model (<c>Foo-24B-GGUF:Q4_K_M</c>). A name
/// that is only typed is not answered so: whoever types it can name the model.
/// </summary>
internal static class LikelyShapes
{
    private static readonly Lazy<Dictionary<string, LikelyShape>> Rows = new(() => EmbeddedText.Rows("shapes.tsv")
        .Select(cells => new LikelyShape(cells))
        .ToDictionary(row => Key(row.Sizes, row.Words), StringComparer.Ordinal));

    /// <summary>All lines.</summary>
    public static IEnumerable<LikelyShape> All => Rows.Value.Values;

    /// <summary>
    /// The line that tells most about a file: of those that its names say, the one with the largest share of one shape.
    /// Null if there is none.
    /// </summary>
    /// <param name="isPossible">Whether the names may stand for a shape, by a model of it.</param>
    /// <param name="names">The names of the repository and of the file.</param>
    public static LikelyShape? Find(Func<string, bool> isPossible, params string[] names)
    {
        var words = names.Select(name => new ModelCatalogName(name).CoreWords.ToArray()).ToArray();
        var sizes = SizesOf(words);
        return words.SelectMany(Features).Concat(words.SelectMany(Spelled)).Append(string.Empty)
            .Select(word => Rows.Value.TryGetValue(Key(sizes, word), out var row) ? row : null)
            .OfType<LikelyShape>()
            .Where(row => isPossible(row.Shares[0].Model))
            .OrderByDescending(row => row.Confidence)
            .ThenByDescending(row => row.Publishers)
            .ThenBy(row => row.Words, StringComparer.Ordinal)
            .FirstOrDefault();
    }

    /// <summary>The sizes that the last of several names says that says any, in order, as a line writes them.</summary>
    public static string SizesOf(IEnumerable<IReadOnlyList<string>> names) => names
        .Select(words => string.Join(" ", words.Where(ModelDerivatives.SaysSize).Select(WithoutZero)
            .Distinct().OrderBy(word => word, StringComparer.Ordinal)))
        .LastOrDefault(sizes => sizes.Length > 0) ?? string.Empty;

    /// <summary>
    /// What a line can be about: a word of letters that no number follows, and two words that begin with letters.
    /// </summary>
    public static IEnumerable<string> Features(IReadOnlyList<string> words)
    {
        for (var i = 0; i < words.Count; i++)
        {
            if (!IsWord(words[i])) continue;
            var next = i + 1 < words.Count && !ModelDerivatives.SaysSize(words[i + 1]) ? words[i + 1] : null;
            if (next is null || !char.IsDigit(next[0])) yield return words[i];
            if (next is not null) yield return words[i] + " " + next;
        }
    }

    /// <summary>The same of versions that are spelled otherwise: <c>llama32</c> as <c>llama 3.2</c>.</summary>
    private static IEnumerable<string> Spelled(string[] words) => ModelNameSpellings.Of(words)
        .SelectMany(key => Features(key.Split(' '))).Where(feature => feature.Any(char.IsDigit));

    private static bool IsWord(string word) => char.IsLetter(word[0]) && word.Length > 1
        && !ModelCatalogName.IsVersion(word) && !ModelDerivatives.SaysSize(word);

    private static string Key(string sizes, string words) => sizes + "\t" + words;

    /// <summary><c>4.0b</c> as <c>4b</c>.</summary>
    private static string WithoutZero(string size) => size.Replace(".0b", "b");
}
