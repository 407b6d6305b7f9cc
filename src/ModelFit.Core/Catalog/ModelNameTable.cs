using System;
using System.Collections.Generic;
using System.Linq;
using ModelFit.Common;

namespace ModelFit.Catalog;

/// <summary>
/// Names that no rule finds (<c>names.tsv</c>): the tags that Ollama gives without a size, and finetunes under names of
/// their own. The relation of a line is <c>tag</c> (that model; read as it is written, since tags are in lower case and
/// <c>DeepSeek-R1</c> is another model than <c>deepseek-r1</c>), <c>alias</c> (that model, in any spelling),
/// <c>derived</c> (a finetune with that model's dimensions), <c>word</c> (words written as one) or <c>tune</c> (a word
/// that finetunes write for their base).
/// </summary>
internal sealed class ModelNameTable
{
    private readonly Dictionary<string, string> _tags = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _aliases = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _derived = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _words = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _tunes = new(StringComparer.Ordinal);

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
                case "alias": Add(_aliases, name, target); break;
                default: Add(_derived, name, target); break;
            }
        }
    }

    /// <summary>The id of the model that an Ollama tag stands for; null if the text is none of the table.</summary>
    public string? Tag(string text)
    {
        const string latest = ":latest";
        var tag = text.EndsWith(latest, StringComparison.Ordinal)
            ? text.Substring(0, text.Length - latest.Length)
            : text;
        return _tags.TryGetValue(tag, out var id) ? id : null;
    }

    /// <summary>The id of the model that has this name too, or null.</summary>
    public string? Alias(ModelCatalogName name) => Find(_aliases, name);

    /// <summary>The id of the model whose dimensions a finetune has, or null.</summary>
    public string? Base(ModelCatalogName name) => Find(_derived, name);

    /// <summary>The words of a name, those that are written as one apart.</summary>
    public string[] Apart(IEnumerable<string> words) => Replaced(words, _words);

    /// <summary>The words of a finetune's name, with those of its base.</summary>
    public string[] OfBase(IEnumerable<string> words) => Replaced(words, _tunes);

    private static string[] Replaced(IEnumerable<string> words, Dictionary<string, string> others) => words
        .SelectMany(word => others.TryGetValue(word, out var other) ? other.Split(' ') : new[] { word })
        .ToArray();

    /// <summary>Under the whole name, and without words for a variant where those say no version.</summary>
    private static void Add(Dictionary<string, string> names, string text, string target)
    {
        var name = new ModelCatalogName(text);
        names[name.UndecoratedKey] = target;
        if (!name.UndecoratedWords.Except(name.CoreWords).Any(ModelCatalogName.IsVersion)) names[name.CoreKey] = target;
    }

    /// <summary>By the whole name, else without the words for a variant.</summary>
    private static string? Find(Dictionary<string, string> names, ModelCatalogName name) =>
        names.TryGetValue(name.UndecoratedKey, out var id) || names.TryGetValue(name.CoreKey, out id) ? id : null;
}
