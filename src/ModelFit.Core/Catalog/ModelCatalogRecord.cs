using System.Collections.Generic;
using System.Globalization;
using ModelFit.Models;

namespace ModelFit.Catalog;

/// <summary>One line of <c>models.tsv</c>: the columns as text, read when they are asked for.</summary>
internal sealed class ModelCatalogRecord
{
    private static readonly (string Column, string Key)[] KeyColumns =
    {
        ("layers", "block_count"),
        ("embd", "embedding_length"),
        ("ff", "feed_forward_length"),
        ("heads", "attention.head_count"),
        ("kv", "attention.head_count_kv"),
        ("head_dim", "attention.key_length"),
        ("head_dim", "attention.value_length"),
        ("vocab", "vocab_size"),
        ("ctx", "context_length"),
    };

    private readonly IReadOnlyDictionary<string, int> _columns;
    private readonly string[] _fields;

    /// <summary>Creates a record of a line's fields under the columns' names.</summary>
    public ModelCatalogRecord(IReadOnlyDictionary<string, int> columns, string[] fields)
    {
        _columns = columns;
        _fields = fields;
    }

    /// <summary>The catalog id, a Hugging Face id where there is one.</summary>
    public string Id => this["id"];

    /// <summary>Family as people speak of it.</summary>
    public string Family => this["family"];

    /// <summary>Other names, Ollama tags among them.</summary>
    public string[] Aliases => Words(this["aliases"]);

    /// <summary>A Hugging Face repository of GGUF files, or an empty text.</summary>
    public string GgufRepository => this["gguf"];

    /// <summary>Published number of parameters, or null.</summary>
    public long? Parameters => Number(this["params"]);

    /// <summary>Parameters of the text model: what a GGUF file has, without vision and audio.</summary>
    public long? TextParameters => Number(this["text"]) ?? Parameters;

    /// <summary>Parameters used for a token where they are not all, or null.</summary>
    public long? ActiveParameters => Number(this["active"]);

    /// <summary>How the number of parameters was confirmed; empty if it was not.</summary>
    public string Check => this["check"];

    /// <summary>The text of a column; empty where the line has none.</summary>
    public string this[string column] =>
        _columns.TryGetValue(column, out var index) && index < _fields.Length ? _fields[index] : string.Empty;

    /// <summary>The dimensions under GGUF's keys, and the traits.</summary>
    public Hyperparameters Hyperparameters() => new(Metadata(), Words(this["traits"]));

    private static string[] Words(string text) =>
        text.Split(new[] { ' ' }, System.StringSplitOptions.RemoveEmptyEntries);

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private ModelMetadata Metadata()
    {
        var values = new List<KeyValuePair<string, object>> { Pair("general.name", Id) };
        foreach (var (column, key) in KeyColumns)
        {
            if (this[column].Length > 0) values.Add(Pair(key, ModelCatalogValue.Parse(this[column])));
        }
        foreach (var word in Words(this["keys"]))
        {
            var equals = word.IndexOf('=');
            values.Add(Pair(word.Substring(0, equals), ModelCatalogValue.Parse(word.Substring(equals + 1))));
        }
        return new ModelMetadata(this["arch"], values);
    }

    private static KeyValuePair<string, object> Pair(string key, object value) => new(key, value);
}
