using System.Text.RegularExpressions;

namespace ModelFit.Models;

/// <summary>What a model is for, by the words of its name and by its architecture; the first that applies.</summary>
internal static class ModelKinds
{
    private const RegexOptions Options = RegexOptions.IgnoreCase;

    private static readonly (ModelKind Kind, Regex Name)[] ByName =
    {
        (ModelKind.Reranker, Word("re-?rank(?:er|ing)?")),
        (ModelKind.Embedding, Word("embed(?:ding)?s?|embeddinggemma|bge|gte|e5|minilm|mpnet|kobert|colbert|stella")),
        (ModelKind.Guard, Word("guard(?:ian)?|qwen3guard|shieldgemma|safeguard|wildguard|moderation")),
        (ModelKind.Ocr, new Regex("ocr(?=$|[-_. ]|\\d)", Options)),
        (ModelKind.Speech, Word(
            "whisper|tts|asr|voxtral|voxcpm|higgs|indextts|csm|parler|sound|moss|voice\\w*")),
        (ModelKind.Image, Word(
            "\\w*image\\w*|\\w*diffusion|cosmos\\d?|\\w*video\\d?|ltx\\w?|flux\\w*|sdxl|sd\\d|wan\\d*|vace"
                + "|\\w*illustrious\\w*|\\w*pony|\\w*noobxl|chroma\\d?|lumina|hidream|[ti]2[iv]|audio")),
    };

    private static readonly HashSet<string> NoneTuned = new();

    /// <summary>Words of base models; those of OLMo say the day of their data and nothing else.</summary>
    private static readonly Regex Untuned = new(
        Word("base|pt") + @"|^olmo-[\d.]+-\d{4}-\d+b$", Options);

    private static readonly Regex Tuned = Word("instruct|it|chat");
    private static readonly Regex Code = new(
        "(?:^|[-_/ .])(?:code|coder|codestral|devstral|codellama|codegemma|codeqwen\\S*|codegen\\S*|starcoder\\d?"
            + "|santacoder|codegeex\\d?)(?=$|[-_ .])",
        Options);

    private static readonly Regex Vision = new(
        "(?:^|[-_/ .])(?:vl|vlm|vision|llava|pixtral|smolvlm\\d?|moondream\\d?|internvl\\S*|cogvlm\\d?"
            + "|\\d+(?:\\.\\d+)?v|v)(?=$|[-_ .])",
        Options);

    /// <summary>Kinds that answer instructions.</summary>
    public static IReadOnlyList<ModelKind> Conversing { get; } =
        new[] { ModelKind.Chat, ModelKind.Code, ModelKind.Vision };

    /// <summary>The kind of a model of which nothing but its name and architecture is known.</summary>
    public static ModelKind Of(string id, ModelKind? architecture) => Of(id, architecture, NoneTuned);

    /// <summary>The kind of a model.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="architecture">What all models of its architecture are for; null if for several things.</param>
    /// <param name="tuned">The ids of tuned models without the word that says so.</param>
    public static ModelKind Of(string id, ModelKind? architecture, ISet<string> tuned)
    {
        var name = id.Substring(id.IndexOf('/') + 1);
        foreach (var (kind, words) in ByName)
            if (words.IsMatch(name)) return kind;
        if (architecture == ModelKind.Embedding) return ModelKind.Embedding;
        if (Untuned.IsMatch(name) || tuned.Contains(id)) return ModelKind.Base;
        if (Code.IsMatch(name)) return Tuned.IsMatch(name) || !IsRaw(name) ? ModelKind.Code : ModelKind.Base;
        return Vision.IsMatch(name) ? ModelKind.Vision : architecture ?? ModelKind.Chat;
    }

    /// <summary>Whether a name is that of a model for pictures, video or sound.</summary>
    public static bool IsImage(string name) =>
        ByName.First(row => row.Kind == ModelKind.Image).Name.IsMatch(name.Substring(name.IndexOf('/') + 1));

    /// <summary>An id without the word that says that the model is tuned; null if it has none.</summary>
    public static string? Untune(string id) => Tuned.IsMatch(id) ? Tuned.Replace(id, string.Empty) : null;

    /// <summary>Whether a name is one of the models for code that only continue it.</summary>
    private static bool IsRaw(string name) => name.StartsWith("starcoder", StringComparison.OrdinalIgnoreCase);

    private static Regex Word(string words) => new("(?:^|[-_/ .])(?:" + words + ")(?=$|[-_ .])", Options);
}
