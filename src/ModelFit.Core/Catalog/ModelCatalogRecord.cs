using System.Globalization;
using ModelFit.Models;

namespace ModelFit.Catalog;

/// <summary>
/// The columns of <c>models.tsv</c>, in order; a line may end early. Models are ordered by family and size.
/// </summary>
internal enum ModelColumn
{
    /// <summary>The catalog id: a Hugging Face id where there is one.</summary>
    Id,

    /// <summary>Family as people speak of it.</summary>
    Family,

    /// <summary>Architecture as llama.cpp names it; Hugging Face's model type where llama.cpp has none.</summary>
    Architecture,

    /// <summary>Other names, Ollama tags among them, separated by spaces.</summary>
    Aliases,

    /// <summary>Blocks, those for multi-token prediction included.</summary>
    Layers,

    /// <summary>Width of the residual stream.</summary>
    Embedding,

    /// <summary>Width of the dense feed-forward.</summary>
    FeedForward,

    /// <summary>Query heads.</summary>
    Heads,

    /// <summary>Key/value heads.</summary>
    KvHeads,

    /// <summary>Width of a head, where it is not the width of the stream divided by the heads.</summary>
    HeadLength,

    /// <summary>Tokens in the vocabulary, as many as the converted file has.</summary>
    Vocabulary,

    /// <summary>Context length the model was trained for.</summary>
    Context,

    /// <summary>Traits (<see cref="Models.Traits"/>), separated by spaces.</summary>
    Traits,

    /// <summary>Further GGUF keys without the architecture's prefix, <c>key=value</c> separated by spaces.</summary>
    Keys,

    /// <summary>Published number of parameters.</summary>
    Parameters,

    /// <summary>Parameters of the text model, where vision or audio have some of the published number.</summary>
    TextParameters,

    /// <summary>Parameters used for a token, where they are not all.</summary>
    ActiveParameters,

    /// <summary>Type of the published weights.</summary>
    NativeType,

    /// <summary>Licence.</summary>
    Licence,

    /// <summary>Release date; <c>yyyy-MM-dd</c>, or less where no more is known.</summary>
    Date,

    /// <summary>
    /// How the dimensions are known. count, measured: they reproduce a number of parameters that Hugging Face or
    /// llama-bench counted, or are a configuration's and reproduce the size of a published file; config: they are those
    /// of a published configuration; same: those of another record of the family that is known so. size: recalled or
    /// fitted, and they reproduce the size of a published file but for its header. Not confirmed:
    /// recalled, rounded (they reproduce a recalled or rounded number), fitted
    /// (chosen so that the number comes out), refused (llama.cpp does not load the shapes), or empty.
    /// </summary>
    Check,

    /// <summary>
    /// Where the facts come from. AIC, LF, LG, KO, LLMFIT: Hugging Face configurations and counts as other projects
    /// keep them (aiconfigurator, llmfit, litgpt, llm-gpu-checker-ko); CFG: a configuration or header as quoted there;
    /// SIZE: the published file whose size they reproduce; K: known, unconfirmed; FIT:
    /// dimensions chosen so that the published number of parameters comes out.
    /// </summary>
    Sources,

    /// <summary>
    /// A Hugging Face repository of GGUF files that public projects name (llmfit, LocalAI, Xinference, RamaLama,
    /// llama.cpp's documents).
    /// </summary>
    GgufRepository,
}

/// <summary>One line of <c>models.tsv</c>: the columns as text, read when they are asked for.</summary>
internal sealed class ModelCatalogRecord
{
    private static readonly (ModelColumn Column, string Key)[] KeyColumns =
    {
        (ModelColumn.Layers, "block_count"),
        (ModelColumn.Embedding, "embedding_length"),
        (ModelColumn.FeedForward, "feed_forward_length"),
        (ModelColumn.Heads, "attention.head_count"),
        (ModelColumn.KvHeads, "attention.head_count_kv"),
        (ModelColumn.HeadLength, "attention.key_length"),
        (ModelColumn.HeadLength, "attention.value_length"),
        (ModelColumn.Vocabulary, "vocab_size"),
        (ModelColumn.Context, "context_length"),
    };

    private readonly string[] _cells;

    /// <summary>Creates a record of a line's cells.</summary>
    public ModelCatalogRecord(string[] cells)
    {
        _cells = cells;
        Aliases = Words(this[ModelColumn.Aliases]);
    }

    /// <summary>The catalog id.</summary>
    public string Id => this[ModelColumn.Id];

    /// <summary>Family as people speak of it.</summary>
    public string Family => this[ModelColumn.Family];

    /// <summary>Other names, Ollama tags among them.</summary>
    public string[] Aliases { get; }

    /// <summary>The quantization of the published weights; null if the line does not say.</summary>
    public string? PublishedType => this[ModelColumn.NativeType] switch
    {
        "" => null,
        "float16" => "F16",
        "float32" => "F32",
        "mxfp4" => "MXFP4",
        var type when type.StartsWith("fp8", StringComparison.Ordinal) => "FP8",
        var type when type.StartsWith("float8", StringComparison.Ordinal) => "FP8",
        var type when type.StartsWith("int4", StringComparison.Ordinal) => "W4A16",
        _ => "BF16",
    };

    /// <summary>Published number of parameters, or null.</summary>
    public long? Parameters => Number(ModelColumn.Parameters);

    /// <summary>Parameters of the text model: what a GGUF file has, without vision and audio.</summary>
    public long? TextParameters => Number(ModelColumn.TextParameters) ?? Parameters;

    /// <summary>Parameters used for a token; all of them for a dense model.</summary>
    public long? ActiveParameters => Number(ModelColumn.ActiveParameters) ?? Parameters;

    /// <summary>Whether the model has a number of parameters, in all or for a token, as names round it.</summary>
    public bool HasSize(double size)
    {
        const double tolerance = 0.05, half = 0.5e9, wholes = 2e9;
        var most = Math.Max(tolerance * size, size < wholes ? 0 : half);
        return new[] { Parameters, TextParameters, ActiveParameters }
            .Any(count => Math.Abs((count ?? 0) - size) <= most);
    }

    /// <summary>What is not known of the dimensions, in a sentence; null where they are confirmed.</summary>
    public string? Doubt => this[ModelColumn.Check] switch
    {
        "count" or "measured" or "config" or "same" => null,
        "size" => $"The dimensions of {Id} reproduce the size of a published file; no configuration was available.",
        "fitted" => $"Some dimensions of {Id} were chosen to match its published number of parameters.",
        "refused" => $"The llama.cpp release that ModelFit follows does not load the shapes of {Id}.",
        _ => $"The dimensions of {Id} are from memory; no configuration and no number of parameters was available.",
    };

    /// <summary>What an answer is at best with the doubt there is of the dimensions.</summary>
    public Accuracy DoubtAccuracy => this[ModelColumn.Check] switch
    {
        "count" or "measured" or "config" or "same" => Accuracy.Exact,
        "size" or "refused" => Accuracy.Modelled,
        _ => Accuracy.Approximate,
    };

    /// <summary>The line of a model that has fewer experts, and so many parameters less.</summary>
    public ModelCatalogRecord WithExperts(long had, long count, long less)
    {
        var cells = (string[])_cells.Clone();
        string Less(ModelColumn column) => Number(column) is { } number
            ? (number - less).ToString(CultureInfo.InvariantCulture)
            : string.Empty;
        cells[(int)ModelColumn.Keys] = this[ModelColumn.Keys].Replace(
            FormattableString.Invariant($"expert_count={had}"), FormattableString.Invariant($"expert_count={count}"));
        cells[(int)ModelColumn.Parameters] = Less(ModelColumn.Parameters);
        cells[(int)ModelColumn.TextParameters] = Less(ModelColumn.TextParameters);
        return new ModelCatalogRecord(cells);
    }

    /// <summary>The text of a column; empty where the line has none.</summary>
    public string this[ModelColumn column] => (int)column < _cells.Length ? _cells[(int)column] : string.Empty;

    /// <summary>The dimensions under GGUF's keys, and the traits.</summary>
    public Hyperparameters Hyperparameters() => new(Metadata(), TraitWords.Parse(Words(this[ModelColumn.Traits])));

    private static string[] Words(string text) =>
        text.Length == 0
            ? Array.Empty<string>()
            : text.Split(new[] { ' ' }, StringSplitOptions.RemoveEmptyEntries);

    private long? Number(ModelColumn column) =>
        long.TryParse(this[column], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private ModelMetadata Metadata()
    {
        var values = new List<KeyValuePair<string, object>> { new("general.name", Id) };
        foreach (var (column, key) in KeyColumns)
        {
            if (this[column].Length > 0) values.Add(new(key, ModelCatalogValue.Parse(this[column])));
        }
        foreach (var word in Words(this[ModelColumn.Keys]))
        {
            var equals = word.IndexOf('=');
            values.Add(new(word.Substring(0, equals), ModelCatalogValue.Parse(word.Substring(equals + 1))));
        }
        return new ModelMetadata(this[ModelColumn.Architecture], values);
    }
}
