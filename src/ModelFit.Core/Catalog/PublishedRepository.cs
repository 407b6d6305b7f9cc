using System.Globalization;
using ModelFit.Quantization;

namespace ModelFit.Catalog;

/// <summary>
/// A repository of files of one model: a line of <c>published.tsv</c>. Its items are separated by blanks:
/// <c>[kind!]label[=bytes|~rounded bytes][@date][|file]</c>; a file that is not said is the line's with the label in
/// place of its star, a date that is not said the line's.
/// </summary>
internal sealed class PublishedRepository
{
    private const char Star = '*';
    private const int SiteColumn = 5;

    private readonly string[] _cells;
    private readonly Lazy<IReadOnlyList<PublishedFile>> _files;

    /// <summary>Creates a repository of a line's cells.</summary>
    public PublishedRepository(string[] cells)
    {
        _cells = cells;
        _files = new(() => cells[4].Split(' ').Select(Read).ToArray());
    }

    /// <summary>The catalog's id of the model.</summary>
    public string Model => _cells[0];

    /// <summary>The repository, <c>publisher/name</c>.</summary>
    public string Name => _cells[1];

    /// <summary>Whether a site's own catalog lists it.</summary>
    public bool IsSites => _cells.Length > SiteColumn;

    public string Publisher => Name.Substring(0, Name.IndexOf('/'));

    /// <summary>The newest day of its lists.</summary>
    public string Date => _cells[2];

    /// <summary>Its files, the largest first, then tags of which no more is known.</summary>
    public IReadOnlyList<PublishedFile> Files => _files.Value;

    /// <summary>
    /// The model's file of a quantization, by its catalog name or the publisher's; null if none is listed.
    /// </summary>
    public PublishedFile? Find(string quantization) => Files.FirstOrDefault(file =>
        file.Kind == nameof(Model)
        && (string.Equals(file.Quantization, quantization, StringComparison.OrdinalIgnoreCase)
            || QuantizationNames.InGguf(QuantizationCatalog.Find(file.Quantization)?.Name) == quantization));

    private PublishedFile Read(string item)
    {
        var bar = item.IndexOf('|');
        var name = bar < 0 ? null : item.Substring(bar + 1);
        var rest = bar < 0 ? item : item.Substring(0, bar);
        var kind = rest.Length > 1 && rest[1] == '!' ? rest[0] : 'M';
        if (kind != 'M') rest = rest.Substring(2);
        var at = rest.IndexOf('@');
        var date = at < 0 ? Date : rest.Substring(at + 1);
        if (at >= 0) rest = rest.Substring(0, at);
        var sign = rest.IndexOfAny(new[] { '=', '~' });
        var label = sign < 0 ? rest : rest.Substring(0, sign);
        return new PublishedFile
        {
            Model = Model,
            Repository = Name,
            File = name ?? (sign >= 0 ? _cells[3].Replace(Star.ToString(), label) : null),
            Quantization = label.Length == 0 ? null : label,
            FileBytes = sign < 0 ? null : long.Parse(rest.Substring(sign + 1), CultureInfo.InvariantCulture),
            IsExactSize = sign >= 0 && rest[sign] == '=',
            FileDate = date.Length == 0 ? null : date,
            Kind = kind switch { 'P' => "Projector", 'D' => "Draft", _ => nameof(Model) },
        };
    }
}
