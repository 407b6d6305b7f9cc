using System.IO;
using ModelFit.Catalog;

namespace ModelFit.Testing.Truth;

/// <summary>A name as people write it, what it stands for and what it found; null where it found nothing.</summary>
internal sealed record NameAnswer(string Kind, string Written, string? Meant, string? Found)
{
    /// <summary>Whether the name found what it stands for.</summary>
    public bool IsFound => Meant is not null && Found == Meant;

    /// <summary>Whether it found something else.</summary>
    public bool IsWrong => Found is not null && Found != Meant;
}

/// <summary>The tables of names in <c>tests/data/catalog</c>, asked of the catalog.</summary>
internal static class NameTruth
{
    /// <summary>Names of models as public lists have them, by the kind of list.</summary>
    public static IReadOnlyList<NameAnswer> Models() => Answers("field-names.tsv", BaseOf);

    /// <summary>Names of cards; the same for every one.</summary>
    public static IReadOnlyList<NameAnswer> Cards() => Answers(
        "gpu-names.tsv", name => GpuCatalog.Describe(GpuCatalog.ResolveMany(name, null, NullSink.Instance)));

    /// <summary>Names of quantizations: of published files, and of formats as tools and people write them.</summary>
    public static IReadOnlyList<NameAnswer> Quantizations() =>
        Answers("quantization-names.tsv", name => QuantizationCatalog.Find(name)?.Name);

    /// <summary>The id of the catalog's model, or of the one whose dimensions a derivative has.</summary>
    private static string BaseOf(string name)
    {
        var model = PublishedModels.Resolve(name, NullSink.Instance);
        var source = model.Source!;
        var bracket = source.IndexOf('(');
        return bracket < 0 ? model.Name : source.Substring(bracket + 1).TrimEnd(')');
    }

    /// <summary>The lines: kind, name and meaning, or the last two; an empty meaning or an error is none.</summary>
    private static IReadOnlyList<NameAnswer> Answers(string file, Func<string, string?> find) =>
        [.. File.ReadLines(RepositoryFolder.Path("tests", "data", "catalog", file))
            .Where(line => line[0] != '#')
            .Select(line => line.Split('\t'))
            .Select(cells => cells.Length > 2 ? cells : [Path.GetFileNameWithoutExtension(file), .. cells])
            .Select(cells => new NameAnswer(
                cells[0],
                cells[1],
                cells[2].Length == 0 || cells[2][0] == '!' ? null : cells[2],
                Found(find, cells[1])))];

    private static string? Found(Func<string, string?> find, string name)
    {
        try
        {
            return find(name);
        }
        catch (ModelFitException)
        {
            return null;
        }
    }
}
