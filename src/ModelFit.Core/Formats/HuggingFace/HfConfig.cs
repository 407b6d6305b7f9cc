using ModelFit.Architectures;
using Newtonsoft.Json.Linq;

namespace ModelFit.Formats.HuggingFace;

/// <summary>
/// A <c>config.json</c> of Hugging Face's transformers, asked for values by their names. In multimodal models the
/// language model's own section comes before the whole (llama.cpp, conversion/base.py, load_hparams).
/// </summary>
internal sealed class HfConfig : IModelConfig
{
    private static readonly string[] TextSections =
    {
        "text_config", "llm_config", "lm_config", "language_config", "lfm", "thinker_config",
        "transformer_layer_config",
    };

    private readonly JObject _root;
    private readonly JObject _text;

    /// <summary>Wraps the whole document.</summary>
    public HfConfig(JObject root)
    {
        _root = root;
        _text = TextSections.Select(name => root[name]).OfType<JObject>().FirstOrDefault() ?? root;
        if (_text["text_config"] is JObject inner) _text = inner;
    }

    private HfConfig(JObject text, JObject root)
    {
        _text = text;
        _root = root;
    }

    public IModelConfig? Rope => RopeSection is { } section ? new HfConfig(section, section) : null;

    private JObject? RopeSection
    {
        get
        {
            var section = Section("rope_parameters", "rope_scaling");
            return section?["full_attention"] as JObject ?? section;
        }
    }

    /// <summary>
    /// How positions beyond the trained ones are reached: <c>llama3</c>, <c>yarn</c>, <c>longrope</c>; or null.
    /// </summary>
    public string? RopeKind => Rope?.Text("rope_type", "type");

    /// <summary>The classes that transformers would load, those of the whole model first.</summary>
    public IEnumerable<string> Classes => new[] { _root, _text }
        .SelectMany(section => section["architectures"] as JArray ?? new JArray())
        .Where(item => item.Type == JTokenType.String)
        .Select(item => (string)item!);

    /// <summary>Whether it says which model it is of, as transformers writes it.</summary>
    public bool IsTransformers => ModelType is not null || Classes.Any();

    /// <summary>The type of the language model, as transformers names it (<c>qwen3_moe</c>).</summary>
    public string? ModelType => Text("model_type");

    /// <summary>The first value under one of the names that is not null.</summary>
    public JToken? this[params string[] names]
    {
        get
        {
            foreach (var section in new[] { _text, _root })
            {
                foreach (var name in names)
                    if (section[name] is { Type: not JTokenType.Null } value) return value;
            }

            return null;
        }
    }

    public bool Has(params string[] names) => this[names] is not null;

    public int? Count(params string[] names) => (this[names] as JArray)?.Count;

    public double[]? Numbers(params string[] names) => this[names] is JArray list
        && list.All(item => Number(item) is not null) ? list.Select(item => Number(item)!.Value).ToArray() : null;

    public IReadOnlyList<IModelConfig?>? Sections(params string[] names) => (this[names] as JArray)
        ?.Select(item => item is JObject section ? (IModelConfig)new HfConfig(section, section) : null).ToArray();

    IModelConfig? IModelConfig.Section(params string[] names) =>
        Section(names) is { } section ? new HfConfig(section, section) : null;

    /// <summary>A section of the configuration.</summary>
    public JObject? Section(params string[] names) => this[names] as JObject;

    /// <summary>A whole number.</summary>
    public long? Integer(params string[] names) => Integer(this[names]);

    public double? Number(params string[] names) => Number(this[names]);

    public bool? Flag(params string[] names) => this[names] is { Type: JTokenType.Boolean } value ? (bool)value : null;

    public string? Text(params string[] names) =>
        this[names] is { Type: JTokenType.String } value ? (string?)value : null;

    /// <summary>A list of texts, or null.</summary>
    public string[]? Texts(params string[] names) => this[names] is JArray list
        && list.All(item => item.Type == JTokenType.String) ? list.Select(item => (string)item!).ToArray() : null;

    /// <summary>A list of whole numbers, or null.</summary>
    public long[]? Integers(params string[] names) => this[names] is JArray list
        && list.All(item => Integer(item) is not null) ? list.Select(item => Integer(item)!.Value).ToArray() : null;

    /// <summary>The whole number that a value is, or null; <c>4.0</c> is one, <c>4.5</c> is not.</summary>
    public static long? Integer(JToken? value) =>
        Number(value) is { } number && Math.Abs(number) < 1L << 53 && Math.Floor(number) == number
            ? (long)number
            : null;

    /// <summary>The number that a value is, or null.</summary>
    public static double? Number(JToken? value) => value switch
    {
        JValue { Type: JTokenType.Integer, Value: long number } => number,
        JValue { Type: JTokenType.Float, Value: double number } => number,
        _ => null,
    };
}
