using ModelFit.Common;

namespace ModelFit.Catalog;

/// <summary>
/// Names that no rule finds (<c>names.tsv</c>): the tags that Ollama gives without a size, and finetunes under names of
/// their own. The relation of a line is <c>tag</c> (that model; read as it is written, since tags are in lower case and
/// <c>DeepSeek-R1</c> is another model than <c>deepseek-r1</c>), <c>alias</c> (that model, in any spelling),
/// <c>derived</c> (a finetune with that model's dimensions), <c>word</c> (words written as one) or <c>tune</c> (a word
/// that finetunes write for their base). The last column is the source of a <c>derived</c> line: where the base is
/// said, or whose files have its size; without one the base is assumed, and the answer says so.
/// </summary>
internal sealed class ModelNameTable
{
    private const int SourceColumn = 3;

    private readonly Dictionary<string, string> _tags = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NameRow> _aliases = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NameRow> _derived = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _words = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _tunes = new(StringComparer.Ordinal);
    private readonly List<NameRow> _brands = new();

    /// <summary>Reads the table.</summary>
    public ModelNameTable()
    {
        foreach (var cells in EmbeddedText.Rows("names.tsv"))
        {
            var (name, target) = (cells[0], cells[1]);
            switch (cells[2])
            {
                case "tag": _tags.Add(name, target); break;
                case "word": _words.Add(name, target); break;
                case "tune": _tunes.Add(name, target); break;
                case "alias": Add(_aliases, new NameRow(name, target, null)); break;
                default:
                    var source = cells.Length > SourceColumn ? cells[SourceColumn] : string.Empty;
                    var row = new NameRow(name, target, NameBasis.Of(source));
                    Add(_derived, row);
                    _brands.Add(row);
                    break;
            }
        }
    }

    /// <summary>The finetunes under names of their own.</summary>
    public IReadOnlyList<NameRow> Brands => _brands;

    /// <summary>
    /// The id of the model that an Ollama tag stands for, a quantization behind it aside; null if it is none of the
    /// table.
    /// </summary>
    public string? Tag(string text)
    {
        var tag = Plain(text);
        if (_tags.TryGetValue(tag, out var id)) return id;
        return tag.IndexOf(':') > 0 && _tags.TryGetValue(ModelNameDecoration.Remove(tag), out id) ? id : null;
    }

    /// <summary>The same of a tag with a variant behind it (<c>llama3:instruct</c>).</summary>
    public string? VariantTag(string text) => OllamaTag.Parse(Plain(text)) is { IsVariant: true } more
        && _tags.TryGetValue(more.Model, out var id) ? id : null;

    /// <summary>Whether a tag of Ollama says a name alone, so that its library chooses the size.</summary>
    public static bool IsDefault(string text) => Plain(text).IndexOf(':') < 0;

    private static string Plain(string text)
    {
        const string latest = ":latest";
        var tag = ModelCatalogName.OfOllama(text);
        return tag.EndsWith(latest, StringComparison.Ordinal) ? tag.Substring(0, tag.Length - latest.Length) : tag;
    }

    /// <summary>The line of the model that has this name too, or null.</summary>
    public NameRow? Alias(ModelCatalogName name) => Find(_aliases, name);

    /// <summary>The line of the model whose dimensions a finetune has, or null.</summary>
    public NameRow? Base(ModelCatalogName name) => Find(_derived, name);

    /// <summary>The words of a name, those that are written as one apart.</summary>
    public string[] Apart(IEnumerable<string> words) => Replaced(words, _words);

    /// <summary>
    /// The words of a finetune's name, with those of its base; of a version in three parts the first two.
    /// </summary>
    public string[] OfBase(IEnumerable<string> words) => Replaced(words.Select(WithoutPatch), _tunes);

    private static string WithoutPatch(string word) =>
        word.Split('.') is { Length: 3 } parts && parts.All(part => part.Length > 0 && part.All(char.IsDigit))
            ? parts[0] + "." + parts[1]
            : word;

    private static string[] Replaced(IEnumerable<string> words, Dictionary<string, string> others) => words
        .SelectMany(word => others.TryGetValue(word, out var other) ? other.Split(' ') : new[] { word })
        .ToArray();

    /// <summary>Under the whole name, and without words for a variant where those say no version.</summary>
    private static void Add(Dictionary<string, NameRow> names, NameRow row)
    {
        var name = new ModelCatalogName(row.Name);
        names[name.UndecoratedKey] = row;
        if (!name.UndecoratedWords.Except(name.CoreWords).Any(ModelCatalogName.IsVersion)) names[name.CoreKey] = row;
    }

    /// <summary>By the whole name, else without the words for a variant.</summary>
    private static NameRow? Find(Dictionary<string, NameRow> names, ModelCatalogName name) =>
        names.TryGetValue(name.UndecoratedKey, out var row) || names.TryGetValue(name.CoreKey, out row) ? row : null;
}

/// <summary>A line of <c>names.tsv</c> that names a model.</summary>
/// <param name="Name">The name as it is written.</param>
/// <param name="Id">The catalog's model.</param>
/// <param name="Basis">By what the named one has that model's dimensions; null if it is that model.</param>
internal sealed record NameRow(string Name, string Id, NameBasis? Basis)
{
    /// <summary>The catalog's model under this name.</summary>
    public NamedModel On(NamedModel model) => model with { Name = new ModelCatalogName(Name), Basis = Basis };
}
