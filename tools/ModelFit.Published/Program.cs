using System.Globalization;
using System.IO;
using System.Text;
using ModelFit;
using ModelFit.Architectures;
using ModelFit.Catalog;
using ModelFit.Published;

// Writes a table of src/ModelFit.Core/Catalog/Data: published.tsv, the files of the repositories whose model is in the
// catalog, or shapes.tsv, what files are whose names say no model.
// Usage: dotnet run --project tools/ModelFit.Published -- <folder of files.jsonl.gz and repos.jsonl.gz> <table>
var (folder, output) = (args[0], args[1]);
if (Path.GetFileName(output) == "shapes.tsv")
{
    Shapes.Write(folder, output);
    return;
}

var models = new Dictionary<string, ModelSpec?>(StringComparer.Ordinal);
var files = Listing.Files(folder).ToLookup(file => file.Repository, StringComparer.OrdinalIgnoreCase);
var tags = Listing.Tags(folder).GroupBy(row => row.Repository, StringComparer.OrdinalIgnoreCase)
    .ToDictionary(rows => rows.Key, rows => rows.First(), StringComparer.OrdinalIgnoreCase);
var lines = new List<(string Model, string Repository, string Line)>();
var (kept, refused) = (0, 0);
foreach (var repository in files.Select(group => group.Key).Union(tags.Keys, StringComparer.OrdinalIgnoreCase)
    .Order(StringComparer.Ordinal))
{
    if (ModelOf(repository) is not { } model) continue;
    var listed = tags.TryGetValue(repository, out var row) ? row : (repository, [], string.Empty);
    var newest = files[repository]
        .Where(file => file.Kind != 'M' || (file.Label.Length > 0 && IsPlausible(model, file)))
        .GroupBy(file => (file.Kind, Key: file.Kind == 'M' ? file.Label : file.File))
        .Select(group => group.OrderByDescending(file => file.Date, StringComparer.Ordinal)
            .ThenByDescending(file => file.IsExact).First())
        .OrderBy(file => "MPD".IndexOf(file.Kind)).ThenByDescending(file => file.Bytes).ToArray();
    refused += files[repository].Count(file => file.Kind == 'M' && !IsPlausible(model, file));
    kept += newest.Length;
    var date = newest.Select(file => file.Date).Append(listed.Item3).Max(StringComparer.Ordinal)!;
    var pattern = PatternOf(newest);
    var items = newest.Select(file => Item(file, pattern, date))
        .Concat(listed.Item2.Except(newest.Select(file => file.Label)).Where(tag => !tag.Contains(' ')));
    var text = string.Join(' ', items);
    if (text.Length > 0) lines.Add((model.Name, repository, $"{model.Name}\t{repository}\t{date}\t{pattern}\t{text}"));
}

const string header = "model\trepository\tdate\tfile\titems";
var ordered = lines.OrderBy(line => line.Model, StringComparer.Ordinal)
    .ThenBy(line => line.Repository, StringComparer.Ordinal).Select(line => line.Line).Prepend(header);
File.WriteAllText(output, string.Join('\n', ordered) + "\n", new UTF8Encoding(false));
Console.WriteLine($"{lines.Count} repositories, {kept} files with their size, {refused} refused as another model's.");

// A repository whose name stands for several models, or for none, is left out.
ModelSpec? ModelOf(string repository)
{
    if (models.TryGetValue(repository, out var known)) return known;
    ModelSpec? found = null;
    try
    {
        found = ModelCatalog.Resolve(
            repository.Replace("-MTP-GGUF", "-GGUF", StringComparison.Ordinal), NullSink.Instance);
    }
    catch (ModelFitException)
    {
    }

    return models[repository] = found;
}

// What is a third larger or smaller than its recipe says is another model, one part of several, or damaged.
static bool IsPlausible(ModelSpec model, ListedFile file)
{
    const double tolerance = 0.35;
    if (QuantizationCatalog.Find(file.Label) is not { } quantization) return false;
    var layout = ((LaidOutModel)model.Layout!).PublishedBy(file.Repository);
    var expected = layout.Define(quantization.Name, new List<string>()).WeightBytes;
    return Math.Abs((file.Bytes - expected) / (double)expected) < tolerance;
}

// The name that most files of a repository have but for their label.
static string PatternOf(IReadOnlyList<ListedFile> files) => files
    .Where(file => file.Kind == 'M')
    .Select(file => Placeholder(file))
    .GroupBy(pattern => pattern).OrderByDescending(group => group.Count()).FirstOrDefault()?.Key ?? string.Empty;

static string Placeholder(ListedFile file)
{
    var at = file.File.IndexOf(file.Label, StringComparison.Ordinal);
    return at < 0 ? file.File : file.File.Replace(file.Label, "*", StringComparison.Ordinal);
}

static string Item(ListedFile file, string pattern, string date)
{
    var text = new StringBuilder();
    if (file.Kind != 'M') text.Append(file.Kind).Append('!');
    text.Append(file.Label).Append(file.IsExact ? '=' : '~');
    text.Append(file.Bytes.ToString(CultureInfo.InvariantCulture));
    if (file.Date != date) text.Append('@').Append(file.Date);
    if (file.Kind != 'M' || Placeholder(file) != pattern) text.Append('|').Append(file.File);
    return text.ToString();
}
