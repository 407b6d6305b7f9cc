using System.Globalization;
using ModelFit.Common;

namespace ModelFit.Catalog.Sites;

/// <summary>Cards of a site's catalog, as lines of <c>gpus.tsv</c>.</summary>
internal static class SiteCards
{
    private const double GiB = 1L << 30;
    private const int NameColumn = 0, MemoryColumn = 4, UnifiedColumn = 18, RareColumn = 20, AliasColumn = 21;
    private const int IdColumn = 22, SourceColumn = 23, UsableColumn = 24, Columns = 25;

    private static readonly string[] Vendors =
    {
        "NVIDIA", "AMD", "Intel", "Apple", "Qualcomm", "Huawei", "MooreThreads", "Google", "AWS", "Other",
    };

    private static readonly string[] Segments =
        { "Consumer", "Workstation", "DataCenter", "Mobile", "Integrated", "Embedded", "Mining" };

    /// <summary>The members that are a column each, as text or as a number in the column's unit.</summary>
    private static readonly Dictionary<string, (int Column, Func<PlacedValue, string> Read)> Simple = new()
    {
        ["segment"] = (1, node => node.Choice(Segments)),
        ["architecture"] = (2, node => node.Text()),
        ["memory"] = (MemoryColumn, node => Number(node.Size() / GiB)),
        ["memoryType"] = (5, node => node.Text()),
        ["memoryBusBits"] = (6, node => Number(node.Number())),
        ["bandwidthGBs"] = (7, node => Number(node.Number())),
        ["shaderUnits"] = (8, node => Number(node.Number())),
        ["tensorCores"] = (9, node => Number(node.Number())),
        ["fp32Tflops"] = (10, node => Number(node.Number())),
        ["fp16TensorTflops"] = (11, node => Number(node.Number())),
        ["computeCapability"] = (12, node => node.Text()),
        ["gfxTarget"] = (13, node => node.Text()),
        ["watts"] = (14, node => Number(node.Number())),
        ["pcieGeneration"] = (15, node => Number(node.Number())),
        ["pcieLanes"] = (16, node => Number(node.Number())),
        ["unifiedMemory"] = (UnifiedColumn, node => node.Flag() ? "1" : string.Empty),
        ["released"] = (19, node => node.Day()),
        ["usableMemory"] = (UsableColumn, node => Number(node.Size() >> 20)),
    };

    /// <summary>What a card may say.</summary>
    public static readonly IReadOnlyList<string> Members =
        Simple.Keys.Concat(new[] { "name", "like", "vendor", "aliases", "pciIds" }).ToArray();

    /// <summary>
    /// The line of a card. What it does not say it has from the card that it is like; without one it says its memory.
    /// </summary>
    public static string[] Read(PlacedValue node)
    {
        node.Allow(Members);
        var like = node.Find("like") is { } other ? Like(other) : null;
        var cells = like?.Concat(Enumerable.Repeat(string.Empty, Columns)).Take(Columns).ToArray()
            ?? Enumerable.Repeat(string.Empty, Columns).ToArray();
        var name = node.Require("name");
        var vendor = node.Find("vendor")?.Choice(Vendors) ?? like?[NameColumn].Split(' ')[0]
            ?? Vendors.FirstOrDefault(word => name.Text().StartsWith(word + " ", StringComparison.OrdinalIgnoreCase))
            ?? throw name.Wrong(
                $"the vendor is missing: a member 'vendor', or as first word one of {string.Join(", ", Vendors)}");
        if (like is not null && node.Find("memory") is not null) cells[UsableColumn] = string.Empty;
        foreach (var (member, (column, read)) in Simple.Select(entry => (entry.Key, entry.Value)))
            if (node.Find(member) is { } value) cells[column] = read(value);
        if (cells[MemoryColumn].Length == 0 && cells[UnifiedColumn].Length == 0)
            throw node.Wrong("the member 'memory' is missing, for example \"memory\": \"48GB\"");
        cells[NameColumn] = WithVendor(name.Text().Trim(), vendor);
        cells[RareColumn] = string.Empty;
        cells[AliasColumn] = string.Join(";", node.Find("aliases")?.Texts() ?? Array.Empty<string>());
        cells[IdColumn] = string.Join(" ", (node.Find("pciIds")?.Texts() ?? Array.Empty<string>()).Select(Device));
        cells[SourceColumn] = "S";
        return cells;
    }

    /// <summary>
    /// The catalog's card that a name in a catalog stands for, of those shipped and those of the same file.
    /// </summary>
    public static string? Resolve(string name, IReadOnlyList<string[]> cards) => cards
        .Where(row => row[NameColumn].Equals(name, StringComparison.OrdinalIgnoreCase)
            || row[NameColumn].EndsWith(" " + name, StringComparison.OrdinalIgnoreCase)
            || row[AliasColumn].Split(';').Contains(name, StringComparer.OrdinalIgnoreCase))
        .Select(row => row[NameColumn]).FirstOrDefault() ?? GpuCatalogData.Own.One(name)?.Name;

    /// <summary>The error for a name that stands for no card, or for several.</summary>
    public static ModelFitException Unknown(PlacedValue place, string name) => place.Wrong(
        $"'{name}' is not the name of one card." + NearestNames.Sentence(
            GpuCatalogData.Own.Index.Nearest(name), "Get-GpuSpec -ListAvailable lists the names.").TrimEnd('.'));

    private static string[] Like(PlacedValue node) => GpuCatalogData.Own.One(node.Text()) is { } card
        ? GpuCatalogData.Own.RowOf(card)
        : throw Unknown(node, node.Text());

    private static string WithVendor(string name, string vendor) =>
        name.StartsWith(vendor + " ", StringComparison.OrdinalIgnoreCase) ? name : vendor + " " + name;

    /// <summary>The device of <c>10DE:2684</c> or <c>2684</c>.</summary>
    private static string Device(string id) => id.Substring(id.IndexOf(':') + 1).ToLowerInvariant();

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
