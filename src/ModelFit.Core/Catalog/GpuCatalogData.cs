using System.Globalization;
using ModelFit.Catalog.Sites;
using ModelFit.Common;

namespace ModelFit.Catalog;

/// <summary>
/// <c>gpus.tsv</c> as it was read: the cards, the entries for their names and the PCI ids they answer to. Its last
/// column says who confirms memory and bandwidth: W Wikipedia's tables, L the list of llm-gpu-checker with vendor
/// pages, V the vendor's data sheet, P the PCI id list (names without figures), U one source or recalled, unconfirmed,
/// S a site. A card whose driver was seen to report less than its nominal memory has those MiB after it
/// (cudaMemGetInfo's total in logs of llama.cpp and vLLM).
/// </summary>
internal sealed class GpuCatalogData
{
    private const long GiB = 1L << 30;

    private const int YearsOfUse = 6, YearDigits = 4;

    private static readonly Lazy<string[][]> Shipped = new(() => EmbeddedText.Rows("gpus.tsv").ToArray());
    private static readonly Lazy<GpuCatalogData> OwnData = new(() => new GpuCatalogData(Shipped.Value));
    private static readonly Dictionary<string, string> VendorIds = new(StringComparer.Ordinal)
    {
        ["NVIDIA"] = "10de",
        ["AMD"] = "1002",
        ["Intel"] = "8086",
    };

    private readonly Dictionary<string, GpuSpec> _byPciId = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, GpuSpec> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string[]> _rows = new(StringComparer.Ordinal);
    private readonly Lazy<GpuNameIndex> _index;

    private GpuCatalogData(IEnumerable<string[]> rows)
    {
        var all = new List<GpuSpec>();
        foreach (var cells in rows)
        {
            var row = new Row(cells);
            var spec = row.ToSpec();
            all.Add(spec);
            _byName.Add(spec.Name, spec);
            _rows.Add(spec.Name, cells);
            if (!VendorIds.TryGetValue(spec.Vendor!, out var vendor)) continue;
            foreach (var id in row.PciIds) _byPciId[vendor + ":" + id] = spec;
        }

        All = all;
        _index = new(() => new GpuNameIndex(Entries().ToArray()));
    }

    /// <summary>The cards that are shipped.</summary>
    public static GpuCatalogData Own => OwnData.Value;

    /// <summary>The cards that are shipped, and those of a site in their place or behind them.</summary>
    public static GpuCatalogData With(SiteSet sites) =>
        sites.Cards.Count == 0 ? Own : new GpuCatalogData(SiteSet.Replaced(Shipped.Value, sites.Cards));

    /// <summary>Every card in the order of the file.</summary>
    public IReadOnlyList<GpuSpec> All { get; }

    /// <summary>
    /// The cards to name to somebody who has to get one: a site's own, and of the shipped ones those with a chip that
    /// the runtimes' authors write for, not rare, and not older than the last generations.
    /// </summary>
    public IEnumerable<GpuSpec> Available
    {
        get
        {
            var years = All.Select(YearOf).DefaultIfEmpty();
            var first = years.Max() - YearsOfUse;
            return All.Where(card => new Row(RowOf(card)) is var row && (row.IsSites
                || (!row.IsRare && card.Architecture is not null && YearOf(card) >= first)));
        }
    }

    private static int YearOf(GpuSpec card) => card.ReleaseDate is { Length: >= YearDigits } date
        ? int.Parse(date.Substring(0, YearDigits), CultureInfo.InvariantCulture)
        : 0;

    /// <summary>The names; read apart into words when one is first looked for.</summary>
    public GpuNameIndex Index => _index.Value;

    /// <summary>The card of exactly this name, ignoring case; null if there is none.</summary>
    public GpuSpec? Named(string name) => _byName.TryGetValue(name, out var spec) ? spec : null;

    /// <summary>
    /// The card that a name stands for: the commonest of those that its words fit, if they have the same memory; null
    /// for none, or for several that differ in it.
    /// </summary>
    public GpuSpec? One(string name)
    {
        if (Named(name) is { } exact) return exact;
        var tokens = GpuNameTokens.Parse(name);
        var found = Index.Find(tokens.Words)
            .Where(entry => tokens.MemoryBytes is { } bytes ? entry.MemoryBytes == bytes : !entry.IsRare)
            .OrderBy(entry => entry.Order).ToArray();
        return found.Select(entry => entry.MemoryBytes).Distinct().Count() == 1 ? found[0].Spec : null;
    }

    /// <summary>The line of a card, to make others like it.</summary>
    public string[] RowOf(GpuSpec spec) => _rows[spec.Name];

    /// <summary>The card of a PCI id; the revision decides where one id stands for several cards.</summary>
    public GpuSpec? WithPciId(string vendorId, string deviceId, string? revision)
    {
        var id = Hex(vendorId) + ":" + Hex(deviceId);
        if (revision is not null && _byPciId.TryGetValue(id + ":" + Hex(revision), out var exact)) return exact;
        return _byPciId.TryGetValue(id, out var spec) ? spec : null;
    }

    /// <summary>Each card under each of its names.</summary>
    private IEnumerable<GpuEntry> Entries()
    {
        var order = 0;
        foreach (var spec in All)
        {
            var row = new Row(RowOf(spec));
            var chip = row.Text(3) ?? string.Empty;
            order++;
            yield return new GpuEntry(spec, spec.Name, chip, row.IsRare, order);
            foreach (var alias in row.Aliases) yield return new GpuEntry(spec, alias, chip, HasSize(alias), order);
            if (spec.GfxTarget is { } target) yield return new GpuEntry(spec, target, chip, row.IsRare, order);
        }
    }

    /// <summary>An alias with a size is meant only where that size is named.</summary>
    private static bool HasSize(string alias) => GpuNameTokens.Parse(alias).MemoryBytes is not null;

    private static string Hex(string id)
    {
        var digits = id.Trim();
        return digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? digits.Substring(2) : digits;
    }

    /// <summary>One line of the file.</summary>
    private sealed class Row(string[] cells)
    {
        public bool IsRare => Text(20) is not null;

        public bool IsSites => Text(23) == "S";

        public IEnumerable<string> Aliases => List(21, ';');

        public IEnumerable<string> PciIds => List(22, ' ').SelectMany(Expand);

        public string? Text(int column) => cells[column].Length == 0 ? null : cells[column];

        public GpuSpec ToSpec() => new()
        {
            Name = cells[0],
            Vendor = cells[0].Substring(0, cells[0].IndexOf(' ')),
            Segment = Text(1),
            Architecture = Text(2),
            MemoryBytes = (long?)(Number(4) * GiB),
            MemoryType = Text(5),
            MemoryBusBits = (int?)Number(6),
            MemoryBandwidth = (long?)(Number(7) * 1e9),
            ShaderUnits = (int?)Number(8),
            TensorCores = (int?)Number(9),
            Fp32Flops = Number(10) * 1e12,
            Fp16TensorFlops = Number(11) * 1e12,
            ComputeCapability = Text(12),
            GfxTarget = Text(13),
            TdpWatts = (int?)Number(14),
            PcieGeneration = (int?)Number(15),
            PcieLanes = (int?)Number(16),
            NvLinkBandwidth = (long?)(Number(17) * 1e9),
            IsUnifiedMemory = Text(18) is not null,
            ReleaseDate = Text(19),
            UsableMemoryBytes = cells.Length > 24 ? (long?)Number(24) << 20 : null,
            Source = "Catalog",
        };

        private static IEnumerable<string> Expand(string id)
        {
            var colon = id.IndexOf(':');
            if (colon < 0) return new[] { id };
            return id.Substring(colon + 1).Split(',').Select(revision => id.Substring(0, colon + 1) + revision);
        }

        private string[] List(int column, char separator) =>
            cells[column].Split(new[] { separator }, StringSplitOptions.RemoveEmptyEntries);

        private double? Number(int column) =>
            Text(column) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : null;
    }
}
