using System.IO;
using System.IO.Compression;
using Newtonsoft.Json.Linq;

namespace ModelFit.Published;

/// <summary>A file as a public list has it.</summary>
/// <param name="Repository">The repository, <c>publisher/name</c>.</param>
/// <param name="File">The file; of several parts the first.</param>
/// <param name="Label">The quantization as its publisher calls it.</param>
/// <param name="Kind">M of a model, P of a projector, D of a draft or of prediction layers.</param>
/// <param name="Bytes">Bytes of all parts.</param>
/// <param name="IsExact">Whether the bytes are as the hub says them, not rounded.</param>
/// <param name="Date">The day of the list, <c>yyyy-MM-dd</c> or less.</param>
internal sealed record ListedFile(
    string Repository, string File, string Label, char Kind, long Bytes, bool IsExact, string Date);

/// <summary>Reads the lists of files and tags.</summary>
internal static class Listing
{
    private const double GiB = 1L << 30;

    /// <summary>Half of the last digit of rounded sizes, by how they are given.</summary>
    private static readonly Dictionary<string, double> Rounding = new()
    {
        ["exact"] = 0, ["0.1 GiB"] = 0.05 * GiB, ["0.1 MiB"] = 0.05 * (1 << 20),
    };

    /// <summary>The files of <c>files.jsonl.gz</c> whose size is known to half a percent.</summary>
    public static IEnumerable<ListedFile> Files(string folder)
    {
        const double tolerance = 0.005;
        foreach (var row in Rows(Path.Combine(folder, "files.jsonl.gz")))
        {
            if (row.Value<string>("repo") is not { } repository || row.Value<string>("file") is not { } file) continue;
            var precision = row.Value<string>("precision") ?? string.Empty;
            if (!Rounding.TryGetValue(precision, out var error) || file.Contains(' ')) continue;
            var bytes = row.Value<long?>("bytes") ?? (long)((row.Value<double?>("gib") ?? 0) * GiB);
            if (bytes <= 0 || error > tolerance * bytes) continue;
            yield return new ListedFile(
                repository, file, row.Value<string>("quant") ?? string.Empty, Kind(row, file), bytes, error == 0,
                row.Value<string>("date") ?? string.Empty);
        }
    }

    /// <summary>The tags of <c>repos.jsonl.gz</c> by repository, with the day of the list.</summary>
    public static IEnumerable<(string Repository, string[] Tags, string Date)> Tags(string folder) =>
        Rows(Path.Combine(folder, "repos.jsonl.gz")).Select(row => (
            row.Value<string>("repo")!,
            row["tags"]!.Values<string>().OfType<string>().ToArray(),
            row.Value<string>("date") ?? string.Empty));

    private static char Kind(JObject row, string file) => row.Value<string>("kind") switch
    {
        "mmproj" => 'P',
        "mtp/draft" when file.StartsWith("mtp-", StringComparison.Ordinal) => 'D',
        "mtp/draft" when file.Contains("assistant", StringComparison.Ordinal) => 'D',
        _ => 'M',
    };

    private static IEnumerable<JObject> Rows(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line) yield return JObject.Parse(line);
    }
}
