using System.Globalization;
using ModelFit.Common;

namespace ModelFit.Catalog.Sites;

/// <summary>Models of a site's catalog, as lines of <c>models.tsv</c>.</summary>
internal static class SiteModels
{
    private static readonly int Columns = Enum.GetValues(typeof(ModelColumn)).Length;

    private static readonly Dictionary<string, (ModelColumn Column, Func<PlacedValue, string> Read)> Simple = new()
    {
        ["family"] = (ModelColumn.Family, node => node.Text()),
        ["architecture"] = (ModelColumn.Architecture, node => node.Text()),
        ["layers"] = (ModelColumn.Layers, Whole),
        ["embedding"] = (ModelColumn.Embedding, Whole),
        ["feedForward"] = (ModelColumn.FeedForward, Layers),
        ["heads"] = (ModelColumn.Heads, Layers),
        ["kvHeads"] = (ModelColumn.KvHeads, Layers),
        ["headLength"] = (ModelColumn.HeadLength, Whole),
        ["vocabulary"] = (ModelColumn.Vocabulary, Whole),
        ["context"] = (ModelColumn.Context, Whole),
        ["parameters"] = (ModelColumn.Parameters, Parameters),
        ["activeParameters"] = (ModelColumn.ActiveParameters, Parameters),
        ["license"] = (ModelColumn.Licence, node => node.Text()),
        ["released"] = (ModelColumn.Date, node => node.Day()),
    };

    /// <summary>Without these a model of dimensions of its own cannot be laid out.</summary>
    private static readonly string[] Needed =
        { "architecture", "layers", "embedding", "heads", "vocabulary", "context" };

    /// <summary>What a model may say.</summary>
    public static readonly IReadOnlyList<string> Members =
        Simple.Keys.Concat(new[] { "name", "like", "aliases", "traits", "keys", "repository" }).ToArray();

    /// <summary>
    /// The line of a model: what it does not say it has from the model that it is like; without one it says its
    /// dimensions, further ones as keys of GGUF.
    /// </summary>
    public static string[] Read(PlacedValue node)
    {
        node.Allow(Members);
        var like = node.Find("like") is { } other ? Like(other) : null;
        var cells = Enumerable.Range(0, Columns).Select(i => like?[(ModelColumn)i] ?? string.Empty).ToArray();
        void Set(ModelColumn column, string text) => cells[(int)column] = text;
        foreach (var name in like is null ? Needed : Array.Empty<string>()) node.Require(name);
        Set(ModelColumn.Id, Name(node.Require("name")));
        foreach (var (member, (column, read)) in Simple.Select(entry => (entry.Key, entry.Value)))
            if (node.Find(member) is { } value) Set(column, read(value));
        if (node.Find("traits") is { } traits) Set(ModelColumn.Traits, string.Join(" ", traits.Texts()));
        if (node.Find("keys") is { } keys) Set(ModelColumn.Keys, cells[(int)ModelColumn.Keys] + " " + Keys(keys));
        Set(ModelColumn.Aliases, string.Join(
            " ", (node.Find("aliases")?.Texts() ?? Array.Empty<string>())
                .Select(text => text.Trim().Replace(' ', '-'))));
        Set(ModelColumn.GgufRepository, node.Find("repository")?.Text() ?? string.Empty);
        if (like is null) Set(ModelColumn.Check, "config");
        if (cells[(int)ModelColumn.Family].Length == 0) Set(ModelColumn.Family, cells[0].Split('/').Last());
        Set(ModelColumn.Sources, "SITE");
        return cells;
    }

    /// <summary>The id that a text in a catalog stands for, of the models shipped and those of the same file.</summary>
    public static string Known(PlacedValue node, IReadOnlyList<string[]> models)
    {
        var text = node.Text().Trim();
        return models.Select(row => row[0]).FirstOrDefault(id => id.Equals(text, StringComparison.OrdinalIgnoreCase))
            ?? Like(node).Id;
    }

    private static ModelCatalogRecord Like(PlacedValue node)
    {
        var text = node.Text();
        var found = ModelCatalogData.Own.Find(text) is { } exact ? exact
            : ModelCatalogData.Own.Index.Candidates(text).FirstOrDefault() is { IsBase: false, IsLonger: false } named
                ? named.Record : null;
        return found ?? throw node.Wrong($"The catalog has no model named '{text}'." + NearestNames.Sentence(
            NearestNames.Of(text, ModelCatalogData.Own.Index.Names), "Get-ModelSpec -ListAvailable lists them.")
                .TrimEnd('.'));
    }

    /// <summary>An id: words and at most one slash, no blank.</summary>
    private static string Name(PlacedValue node)
    {
        var text = node.Text().Trim();
        return text.Any(char.IsWhiteSpace) || text.Count(letter => letter == '/') > 1
            ? throw node.Wrong("a name is written as publisher/model or model, without spaces")
            : text;
    }

    private static string Keys(PlacedValue node) => string.Join(" ", node.AsObject("'keys'").Members().Select(member =>
        member.Value.Texts() is var values && values.Concat(new[] { member.Name })
            .Any(text => text.Any(char.IsWhiteSpace))
            ? throw member.Value.Wrong("keys and their values have no spaces")
            : member.Name + "=" + string.Join(",", values)));

    private static string Whole(PlacedValue node) => node.Count().ToString(CultureInfo.InvariantCulture);

    /// <summary>A number for all layers, or one a layer.</summary>
    private static string Layers(PlacedValue node) => string.Join(",", node.Texts().Select(text =>
        text.All(char.IsDigit) ? text : throw node.Wrong("a whole number is expected, or one for each layer")));

    private static string Parameters(PlacedValue node) => ParameterCountText.TryParse(node.Texts()[0], out var count)
        ? count.ToString(CultureInfo.InvariantCulture)
        : throw node.Wrong("a number of parameters is expected, for example \"8.03B\"");
}
