using System.Globalization;
using System.IO;
using System.Text;
using System.Text.RegularExpressions;
using ModelFit.Catalog;
using ModelFit.Models;

namespace ModelFit.Published;

/// <summary>
/// Writes <c>shapes.tsv</c>: which shapes the files have whose names say a size and no known model. The sizes of a
/// repository's files tell its shape.
/// </summary>
internal sealed class Shapes
{
    private const int LeastNames = 4, LeastPublishers = 2, LeastNamesOfWords = 4, LeastPublishersOfWords = 3;

    /// <summary>From so many publishers on a word need not be in the shape's own names.</summary>
    private const int ManyPublishers = 20;

    private const int Shown = 4, LeastPercent = 5;

    private static readonly Regex Part = new(@"-\d{5}-of-\d{5}|[-_.]0000\d\.gguf", RegexOptions.CultureInvariant);
    private static readonly Regex Ending = new(
        @"[-_.]?(?:i1[-_.])?gguf.*$|[-_.](?:iq|q)\d.*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private readonly FileSizes _sizes = new();
    private readonly List<ModelSpec> _shapes = [];
    private readonly Dictionary<ModelSpec, HashSet<string>> _words = [];
    private readonly Dictionary<(Named Name, ModelSpec Shape), bool> _mayBe = [];

    /// <summary>Reads the lists of a folder and writes the table.</summary>
    public static void Write(string folder, string output)
    {
        var shapes = new Shapes();
        var named = Listing.Files(folder).Where(IsTold).GroupBy(file => file.Repository, StringComparer.Ordinal)
            .Select(shapes.Read).OfType<Named>().ToArray();
        var lines = shapes.Rows(named).ToArray();
        const string header = "sizes\twords\tnames\tpublishers\tshares";
        File.WriteAllText(
            output, string.Join('\n', lines.Order(StringComparer.Ordinal).Prepend(header)) + "\n",
            new UTF8Encoding(false));
        var unknown = named.Where(name => !name.IsKnown).ToArray();
        Console.WriteLine(
            $"{named.Length} repositories, {unknown.Length} without a known model in their names, "
            + $"{unknown.Count(name => name.Shape is not null)} of them told by the sizes; {lines.Length} lines.");
    }

    private static bool IsTold(ListedFile file) => file is { Kind: 'M', IsExact: true }
        && FileSizes.Types.Contains(TypeOf(file.Label), StringComparer.OrdinalIgnoreCase) && !Part.IsMatch(file.File);

    private static string TypeOf(string label) =>
        label.StartsWith("i1-", StringComparison.OrdinalIgnoreCase) ? label[3..] : label;

    private Named? Read(IGrouping<string, ListedFile> repository)
    {
        var files = repository.Select(file => file with { Label = TypeOf(file.Label) }).ToArray();
        string[] names = [repository.Key, files[0].File];
        if (names.Any(ModelKinds.IsImage)) return null;
        var words = names.Select(name => new ModelCatalogName(name).CoreWords).ToArray();
        var models = _sizes.Models(files);
        var one = names.FirstOrDefault(ModelCatalog.KnowsOne);
        var known = one is null ? null : ModelCatalog.All.First(
            model => model.Name == CatalogInForce.Models.Index.Candidates(one)[0].Record.Id);
        var plain = Ending.Replace(repository.Key[(repository.Key.IndexOf('/') + 1)..], string.Empty);
        return new Named(
            repository.Key[..repository.Key.IndexOf('/')],
            plain.ToLowerInvariant(),
            names,
            LikelyShapes.SizesOf(words),
            [.. words.SelectMany(LikelyShapes.Features).Distinct()],
            known is not null,
            models.Count > 0 ? ShapeOf(models) : known is null ? null : ShapeOf([known]));
    }

    /// <summary>
    /// Of the models that a size leaves the one of language of which most is published; for its shape stands the first
    /// one of language that came out.
    /// </summary>
    private ModelSpec ShapeOf(IReadOnlyList<ModelSpec> models)
    {
        var model = models.OrderByDescending(IsOfLanguage)
            .ThenByDescending(one => PublishedCatalog.Of(one.Name).Count())
            .ThenBy(one => one.Name, StringComparer.Ordinal).First();
        if (_shapes.Find(shape => IsSame(shape, model)) is { } known) return known;
        var first = ModelCatalog.All.Where(other => IsSame(model, other))
            .OrderByDescending(IsOfLanguage)
            .ThenBy(other => ModelCatalog.Released(other) ?? "9999", StringComparer.Ordinal)
            .ThenByDescending(other => PublishedCatalog.Of(other.Name).Count())
            .ThenBy(other => other.Name, StringComparer.Ordinal).First();
        _shapes.Add(first);
        return first;
    }

    private static bool IsOfLanguage(ModelSpec model) => ModelCatalog.KindOf(model) is ModelKind.Chat or ModelKind.Base;

    private static bool IsSame(ModelSpec one, ModelSpec other)
    {
        const double tolerance = 0.03;
        return one.Architecture == other.Architecture && one.LayerCount == other.LayerCount
            && one.EmbeddingLength == other.EmbeddingLength && one.FeedForwardLength == other.FeedForwardLength
            && one.KvHeadCount == other.KvHeadCount && one.ExpertCount == other.ExpertCount
            && Math.Abs(Vocabulary(one) - Vocabulary(other)) <= tolerance * Vocabulary(one);
    }

    private static int Vocabulary(ModelSpec model) => model.VocabularySize ?? 0;

    private IEnumerable<string> Rows(IReadOnlyList<Named> named)
    {
        var unknown = named.Where(name => !name.IsKnown).ToArray();
        foreach (var size in unknown.Where(name => name.Sizes.Length > 0).GroupBy(name => name.Sizes))
        {
            var all = Row(size.Key, string.Empty, [.. size], LeastNames, LeastPublishers);
            if (all is not null) yield return all.Value.Line;
            foreach (var line in OfWords(size.Key, [.. size], all?.Shape.Confidence ?? 0, null)) yield return line;
        }

        // A name without a size says the shape only by a word of that shape's own names, or by one that very many have,
        // as what a program calls its files; known models count too.
        var others = named.Where(name => name.IsKnown || name.Sizes.Length == 0).ToArray();
        foreach (var line in OfWords(string.Empty, others, 0, IsOf)) yield return line;
    }

    private IEnumerable<string> OfWords(
        string sizes, Named[] named, double least, Func<ModelSpec, string, bool>? isOf) => named
        .SelectMany(name => name.Features.Select(word => (word, name)))
        .GroupBy(pair => pair.word, pair => pair.name)
        .Select(group => Row(sizes, group.Key, [.. group], LeastNamesOfWords, LeastPublishersOfWords, isOf))
        .OfType<(LikelyShape Shape, string Line)>()
        .Where(row => row.Shape.IsClear && row.Shape.Confidence > least)
        .Select(row => row.Line);

    /// <summary>
    /// A line, of the names to which it gives an answer: one that says another family than its shape's has none by it.
    /// </summary>
    private (LikelyShape Shape, string Line)? Row(
        string sizes, string words, Named[] named, int leastNames, int leastPublishers,
        Func<ModelSpec, string, bool>? isOf = null)
    {
        var once = named.DistinctBy(name => (name.Publisher, name.Name)).ToArray();
        var names = once.Select(name => name.Name).Distinct().Count();
        var publishers = once.Select(name => name.Publisher).Distinct().Count();
        if (names < leastNames || publishers < leastPublishers) return null;
        var shares = SharesOf(once);
        if (shares.Length == 0) return null;
        Named[] answered = [.. named.Where(name => name.IsKnown || MayBe(name, shares[0].Model))];
        if (answered.Length < named.Length)
            return Row(sizes, words, answered, leastNames, leastPublishers, isOf);
        if (isOf is not null && !isOf(shares[0].Model, words))
            return Row(sizes, words, [.. named.Where(name => !name.IsKnown)], leastNames, ManyPublishers);
        string[] cells =
        [
            sizes, words, names.ToString(CultureInfo.InvariantCulture),
            publishers.ToString(CultureInfo.InvariantCulture),
            string.Join(' ', shares.Select(share => $"{share.Model.Name}={share.Percent}")),
        ];
        return (new LikelyShape(cells), string.Join('\t', cells));
    }

    private static (ModelSpec Model, int Percent)[] SharesOf(Named[] once)
    {
        var each = once.GroupBy(name => name.Publisher)
            .ToDictionary(group => group.Key, group => 1.0 / group.Count());
        return [.. once.Where(name => name.Shape is not null)
            .GroupBy(name => name.Shape!, name => each[name.Publisher])
            .Select(group => (Model: group.Key, Percent: (int)Math.Round(100 * group.Sum() / each.Count)))
            .Where(share => share.Percent >= LeastPercent)
            .OrderByDescending(share => share.Percent).ThenBy(share => share.Model.Name, StringComparer.Ordinal)
            .Take(Shown)];
    }

    private bool MayBe(Named name, ModelSpec shape)
    {
        if (_mayBe.TryGetValue((name, shape), out var known)) return known;
        return _mayBe[(name, shape)] = ModelCatalog.MayBe(name.Asked, shape.Name);
    }

    /// <summary>Whether words are the name of a model of this shape, a size behind them aside.</summary>
    private bool IsOf(ModelSpec shape, string words)
    {
        if (!_words.TryGetValue(shape, out var known))
        {
            known = ModelCatalog.All.Where(model => IsSame(shape, model))
                .Select(model => new ModelCatalogName(model.Name).CoreWords
                    .TakeWhile(word => !ModelDerivatives.SaysSize(word)).ToArray())
                .SelectMany(name => LikelyShapes.Features(name).Where(
                    feature => string.Join(' ', name).EndsWith(feature, StringComparison.Ordinal)))
                .ToHashSet();
            _words.Add(shape, known);
        }

        return known.Contains(words);
    }

    /// <summary>A repository by its names and the shape that its files tell.</summary>
    private sealed record Named(
        string Publisher, string Name, string[] Asked, string Sizes, string[] Features, bool IsKnown, ModelSpec? Shape);
}
