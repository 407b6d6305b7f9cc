using System.Globalization;
using System.IO;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using ModelFit.Catalog.Sites;
using ModelFit.Formats.Remote;
using Newtonsoft.Json;

namespace ModelFit.Catalog;

/// <summary>Makes a site's catalog of what repositories list today.</summary>
internal static class CatalogUpdate
{
    private const string Ending = ".gguf";

    private static readonly Regex Part = new(
        @"-(?<part>\d{5})-of-\d{5}(?=\.gguf$)", RegexOptions.IgnoreCase);

    /// <summary>A repository as its list has it.</summary>
    /// <param name="Repository">The repository, <c>publisher/name</c>.</param>
    /// <param name="Model">The catalog's id of the model.</param>
    /// <param name="Files">Its files: name, quantization, bytes of all parts, kind.</param>
    internal sealed record Listing(
        string Repository,
        string Model,
        IReadOnlyList<(string File, string? Quantization, long Bytes, string Kind)> Files);

    /// <summary>
    /// Fetches the list of a repository. Throws <see cref="ErrorIds.RemoteFailed"/>, and
    /// <see cref="ErrorIds.ModelNotFound"/> for one whose model the catalog does not have.
    /// </summary>
    public static Listing Fetch(
        string repository,
        string? endpoint,
        RemoteOptions options,
        IMessageSink messages,
        CancellationToken cancellation)
    {
        var address = FileAddress.Parse(repository)?.Repository ?? throw new ModelFitException(
            ErrorIds.InvalidArgument, $"'{repository}' is not a repository; write publisher/name.", repository);
        var model = PublishedCatalog.Find(address)?.Model ?? ModelCatalog.Resolve(address, messages).Name;
        var files = HubFiles.List(address, endpoint, options, cancellation)
            .Where(file => file.Path.EndsWith(Ending, StringComparison.OrdinalIgnoreCase))
            .GroupBy(file => Part.Replace(file.Path, "-00001"), StringComparer.OrdinalIgnoreCase)
            .Select(parts => Entry(parts.OrderBy(part => part.Path, StringComparer.Ordinal).ToArray()))
            .Where(file => file.Kind != "Model" || file.Quantization is not null)
            .ToArray();
        return files.Length > 0 ? new Listing(address, model, files) : throw new ModelFitException(
            ErrorIds.RemoteFailed,
            FailureKind.NotFound,
            $"{address} lists no GGUF file of a known quantization.",
            address);
    }

    /// <summary>The catalog of repositories, those of another one beside them that are not fetched anew.</summary>
    /// <param name="listings">What was fetched.</param>
    /// <param name="today">The day of the lists, <c>yyyy-MM-dd</c>.</param>
    /// <param name="before">The catalog that is brought up to date; null for none.</param>
    public static string Write(IReadOnlyList<Listing> listings, string today, SiteCatalog? before)
    {
        var text = new StringBuilder();
        using var writer = new JsonTextWriter(new StringWriter(text, CultureInfo.InvariantCulture) { NewLine = "\n" })
        {
            Formatting = Formatting.Indented,
        };
        writer.WriteStartObject();
        Member(writer, "$schema", SiteCatalogFile.Form);
        Member(writer, "name", "Published files");
        Member(writer, "date", today);
        writer.WritePropertyName("published");
        writer.WriteStartArray();
        var fresh = new HashSet<string>(
            listings.Select(listing => listing.Repository), StringComparer.OrdinalIgnoreCase);
        var kept = (before?.Repositories ?? Array.Empty<string[]>()).Select(cells => new PublishedRepository(cells))
            .Where(repository => !fresh.Contains(repository.Name));
        foreach (var repository in kept)
            Repository(writer, repository.Name, repository.Model, repository.Date, repository.Files
                .Select(file => (file.File!, file.Quantization, file.FileBytes!.Value, file.Kind)));
        foreach (var listing in listings) Repository(writer, listing.Repository, listing.Model, today, listing.Files);
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return text.Append('\n').ToString();
    }

    private static (string File, string? Quantization, long Bytes, string Kind) Entry(
        IReadOnlyList<HubFiles.HubFile> parts)
    {
        var file = parts[0].Path.Split('/').Last();
        var lower = file.ToLowerInvariant();
        var kind = lower.Contains("mmproj") ? "Projector"
            : lower.StartsWith("mtp-", StringComparison.Ordinal) || lower.Contains("draft") ? "Draft" : "Model";
        return (file.Replace(' ', '_'), Quantization(file), parts.Sum(part => part.Bytes), kind);
    }

    private static string? Quantization(string file)
    {
        try
        {
            return QuantizationLabel.In(Part.Replace(file, string.Empty).Substring(
                0, Part.Replace(file, string.Empty).Length - Ending.Length))?.Name;
        }
        catch (ModelFitException unknown) when (unknown.ErrorId == ErrorIds.QuantizationNotFound)
        {
            return null;
        }
    }

    private static void Repository(
        JsonWriter writer,
        string name,
        string model,
        string date,
        IEnumerable<(string File, string? Quantization, long Bytes, string Kind)> files)
    {
        writer.WriteStartObject();
        Member(writer, "repository", name);
        Member(writer, "model", model);
        if (date.Length > 0) Member(writer, "date", date);
        writer.WritePropertyName("files");
        writer.WriteStartArray();
        foreach (var file in files)
        {
            writer.WriteStartObject();
            Member(writer, "file", file.File);
            if (file.Quantization is not null) Member(writer, "quantization", file.Quantization);
            Member(writer, "bytes", file.Bytes);
            if (file.Kind != "Model") Member(writer, "kind", file.Kind);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Member(JsonWriter writer, string name, object value)
    {
        writer.WritePropertyName(name);
        writer.WriteValue(value);
    }
}
