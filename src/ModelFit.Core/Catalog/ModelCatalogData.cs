using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace ModelFit.Catalog;

/// <summary>
/// Reads the embedded <c>models.tsv</c>: a line of column names, then a model a line, ordered by family and size.
/// Columns: id; family; arch (llama.cpp's name); aliases; layers (blocks, prediction layers included), embd, ff, heads,
/// kv (key/value heads), head_dim (where it is not embd / heads), vocab, ctx; traits (<see cref="Models.Traits"/>);
/// keys (further GGUF keys without the architecture's prefix); params, text (of the text model, where they are fewer),
/// active; dtype (published weights); licence;
/// date; check (how the parameter count was confirmed); sources (AIC, LF, LG, KO: Hugging Face configs as other
/// projects keep them; K: known, unconfirmed; FIT: chosen so that the published total comes out); gguf (a repository of GGUF files).
/// </summary>
internal static class ModelCatalogData
{
    private const string ResourceName = "models.tsv";

    /// <summary>All records, in the order of the file.</summary>
    public static ModelCatalogRecord[] Read()
    {
        using var stream = typeof(ModelCatalogData).Assembly.GetManifestResourceStream(ResourceName)
            ?? throw new InvalidOperationException($"The resource {ResourceName} is missing from the assembly.");
        using var reader = new StreamReader(stream);
        var columns = Columns(reader.ReadLine() ?? string.Empty);
        return Lines(reader).Select(line => new ModelCatalogRecord(columns, line.Split('\t'))).ToArray();
    }

    private static Dictionary<string, int> Columns(string header) =>
        header.Split('\t').Select((name, index) => (name, index)).ToDictionary(at => at.name, at => at.index);

    private static IEnumerable<string> Lines(TextReader reader)
    {
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0) yield return line;
        }
    }
}
