namespace ModelFit.Runtimes.LlamaCpp;

/// <summary>
/// What a line says of speculation (common/common.h, common_params_speculative): which drafters there are, and how many
/// tokens each drafts, for which rows of logits are kept.
/// </summary>
internal sealed class DraftWords
{
    /// <summary>Tokens that the drafters from the text itself propose at most (common_speculative_n_max).</summary>
    public static readonly IReadOnlyDictionary<string, int> Usual = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["ngram-simple"] = 48, ["ngram-map-k"] = 48, ["ngram-map-k4v"] = 48, ["ngram-mod"] = 64, ["ngram-cache"] = 8,
    };

    /// <summary>The words that say how many those propose.</summary>
    public static readonly IReadOnlyDictionary<string, string> Sizes = new Dictionary<string, string>(
        StringComparer.Ordinal)
    {
        ["ngram-simple"] = "--spec-ngram-simple-size-m", ["ngram-map-k"] = "--spec-ngram-map-k-size-m",
        ["ngram-map-k4v"] = "--spec-ngram-map-k4v-size-m", ["ngram-mod"] = "--spec-ngram-mod-n-max",
    };

    /// <summary>Drafters that are models of their own, which the line names or a repository brings.</summary>
    private static readonly string[] FromModel = { "draft-simple", "draft-eagle3", "draft-dflash", "draft-dspark" };

    private readonly Dictionary<string, int> _told = new(StringComparer.Ordinal);
    private string[] _types = Array.Empty<string>();

    /// <summary>What the model's own layers draft, in the making.</summary>
    public Speculation Own { get; set; } = new();

    /// <summary>Whether the model's own layers draft.</summary>
    public bool IsOwn => _types.Contains("draft-mtp");

    /// <summary>Whether a model of its own drafts.</summary>
    public bool HasModel { get; set; }

    /// <summary>Most tokens of any drafter.</summary>
    public int Tokens => _types.Select(TokensOf).DefaultIfEmpty(HasModel ? Own.Tokens : 0).Max();

    /// <summary>The drafter from the text that proposes most; null if there is none.</summary>
    public string? FromText => _types.Where(Usual.ContainsKey).OrderByDescending(TokensOf).FirstOrDefault();

    /// <summary>Tokens that it proposes, where the line says; null if they are usual or there is none.</summary>
    public int? FromTextTokens => FromText is { } type && TokensOf(type) != Usual[type] ? TokensOf(type) : null;

    /// <summary>Drafters whose model the line does not name.</summary>
    public IEnumerable<string> WithoutModel => HasModel ? Array.Empty<string>() : _types.Where(FromModel.Contains);

    /// <summary>Names the drafters; those that are not known are returned.</summary>
    public string[] Use(string value)
    {
        var named = value.Split(',').Select(type => type.Trim()).ToArray();
        _types = _types.Concat(named).ToArray();
        return named.Where(type => type is not ("" or "none" or "draft-mtp") && !FromModel.Contains(type)
            && !Usual.ContainsKey(type)).ToArray();
    }

    /// <summary>Says how many tokens a drafter from the text proposes at most.</summary>
    public void SetMost(string type, int tokens) => _told[type] = tokens;

    private int TokensOf(string type)
    {
        if (type is "" or "none") return 0;
        return _told.TryGetValue(type, out var told) ? told : Usual.TryGetValue(type, out var most) ? most : Own.Tokens;
    }
}
