using System.Globalization;
using ModelFit.Common;

namespace ModelFit.Catalog.Sites;

/// <summary>Repositories of a site's catalog, as lines of <c>published.tsv</c>.</summary>
internal static class SiteFiles
{
    /// <summary>The column of the repository.</summary>
    public const int Repository = 1;

    /// <summary>The column of the files.</summary>
    public const int Items = 4;

    private static readonly string[] Kinds = { "Model", "Projector", "Draft" };
    private static readonly string[] OfRepository = { "repository", "model", "date", "files" };
    private static readonly string[] OfFile = { "file", "quantization", "bytes", "date", "kind" };

    /// <summary>The line of a repository: its files have a size, and a quantization, said or in their name.</summary>
    public static string[] Read(PlacedValue node, IReadOnlyList<string[]> models, string? date)
    {
        node.Allow(OfRepository);
        var name = node.Require("repository").Text().Trim();
        if (name.Count(letter => letter == '/') != 1 || name.Any(char.IsWhiteSpace))
            throw node.Require("repository").Wrong("a repository is written as publisher/name, without spaces");
        var files = node.Require("files").Elements().Select(file => Item(file.AsObject("a file"))).ToArray();
        return new[]
        {
            SiteModels.Known(node.Require("model"), models),
            name,
            node.Find("date")?.Day() ?? date ?? string.Empty,
            string.Empty,
            string.Join(" ", files),
            "site",
        };
    }

    private static string Item(PlacedValue node)
    {
        node.Allow(OfFile);
        var file = node.Require("file").Text().Trim();
        if (file.Any(letter => char.IsWhiteSpace(letter) || letter == '|'))
            throw node.Require("file").Wrong("the name of a file has no spaces");
        var kind = node.Find("kind")?.Choice(Kinds) ?? Kinds[0];
        var label = node.Find("quantization") is { } said ? Quantization(said)
            : QuantizationLabel.In(file.Replace(".gguf", string.Empty))?.Name;
        if (label is null && kind == Kinds[0])
            throw node.Wrong("the member 'quantization' is missing, and the name of the file does not state it");
        var bytes = node.Require("bytes").Whole();
        var day = node.Find("date")?.Day() is { } date ? "@" + date : string.Empty;
        var mark = kind == Kinds[0] ? string.Empty : kind[0] + "!";
        return mark + label + "=" + bytes.ToString(CultureInfo.InvariantCulture) + day + "|" + file;
    }

    private static string Quantization(PlacedValue node)
    {
        try
        {
            return QuantizationCatalog.Resolve(node.Text())[0].Name;
        }
        catch (ModelFitException unknown) when (unknown.ErrorId == ErrorIds.QuantizationNotFound)
        {
            throw node.Wrong(unknown.Message.TrimEnd('.'));
        }
    }
}
