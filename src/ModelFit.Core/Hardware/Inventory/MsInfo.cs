using System.Text.RegularExpressions;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// The report of Windows' <c>msinfo32</c>: items and values between tabs in sections. Its labels are those of the
/// system's language; the display adapters are known by their device ids in every language.
/// </summary>
internal static class MsInfo
{
    private const string Source = "msinfo32";

    /// <summary>The memory stands within so many items behind the processor.</summary>
    private const int Near = 40;

    /// <summary>A processor, its clock, its cores and its threads, in any language.</summary>
    private static readonly Regex Processor = new(
        @"^(.{4,100}?)[,，]\s{0,2}\d{3,5} \p{L}{2,4}[,，][^,，\d]{0,40}(\d{1,4})[^,，\d]{0,40}[,，]" +
        @"[^,，\d]{0,40}(\d{1,4})");

    /// <summary>An adapter's memory in any language: <c>4.00 GB (4,293,918,720 bytes)</c>.</summary>
    private static readonly Regex Memory = new(
        @"\(?\d[\d.,'\u00A0\u202F ]{5,20}\)? ?(?:bytes|octets|байт|字节|バイト|bajtów|bajt)\)?\s*$",
        RegexOptions.IgnoreCase);

    private static readonly Regex Version = new(@"^\d{1,2}\.\d\.\d{4,5}\b");

    private static readonly Regex XmlItem = new(
        @"<Item><!\[CDATA\[([^\]<]*)\]\]></Item><Value><!\[CDATA\[([^\]<]*)\]\]></Value>");

    /// <summary>Whether lines are items of the report, or of the settings' page about the system.</summary>
    public static bool Recognizes(InventoryText text) => (text.Contains("<MsInfo>")
            || text.Lines.Take(200).Count(line => line.IndexOf('\t') > 0) > 5)
        && Items(text).ToList() is var items && items.Where(IsProcessor).Distinct().Count() == 1
        && items.SkipWhile(item => !IsProcessor(item)).Take(Near).Any(item => Size(item.Value) > 0);

    /// <summary>The one machine of the report.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var items = Items(text).ToList();
        var style = new NumberStyle(context.Culture, true);
        var at = items.FindIndex(IsProcessor);
        var told = Processor.Match(items[at].Value);
        var sizes = items.Skip(at).Take(Near).Where(item => Size(item.Value) > 0).ToList();
        var ram = Math.Max(0, sizes.FindIndex(item => item.Label.Contains("RAM")));
        // Behind the memory that is installed stands what Windows has of it, and what is free; older ones begin there.
        var free = sizes.Skip(ram + (sizes[ram].Label.Contains("(RAM)") ? 2 : 1)).FirstOrDefault().Value;
        yield return new DetectedMachine(
            new MachineSpec
            {
                ComputerName = Host(items.Take(at).ToList()),
                OperatingSystem = items.Take(at).Select(item => item.Value)
                    .FirstOrDefault(value => value.Contains("Windows") && !value.Contains("\\")),
                Cpu = Fields.Text(told.Success ? told.Groups[1].Value : items[at].Value.Split(',')[0]),
                CoreCount = Fields.PositiveInteger(told.Groups[2].Value),
                LogicalProcessorCount = Fields.PositiveInteger(told.Groups[3].Value),
                SystemMemoryBytes = style.Size(sizes[ram].Value, null, CellSize.Bare.Bytes),
                SystemMemoryFreeBytes = free is null ? null : style.Size(free, null, CellSize.Bare.Bytes),
                Source = Source,
            },
            Adapters(items).ToList() is { Count: > 0 } cards ? cards : null);
    }

    private static bool IsProcessor((string Label, string Value) item) => Processor.IsMatch(item.Value)
        || (item.Value.IndexOf("hz", StringComparison.OrdinalIgnoreCase) > 0
            && AdapterKind.IsProcessorName(item.Value));

    private static long? Size(string value) => char.IsDigit(value.FirstOrDefault())
        ? new NumberStyle(null, true).Size(value, "-", CellSize.Bare.Card) : null;

    /// <summary>
    /// The third item behind the version of the system, whatever its label; where less is told, the first of one word.
    /// </summary>
    private static string? Host(IReadOnlyList<(string Label, string Value)> items)
    {
        var version = items.ToList().FindIndex(item => Version.IsMatch(item.Value));
        var system = items.ToList().FindIndex(item => item.Value.Contains("Windows"));
        var behind = items.Skip(Math.Max(version, system) + 1).Select(item => item.Value).ToList();
        return Fields.Text(version >= 0 && behind.Count > 3 ? behind[2]
            : behind.FirstOrDefault(value => value.Length > 0 && value.IndexOf(' ') < 0));
    }

    /// <summary>Devices that say how much memory their adapter has, or describe it by its name again.</summary>
    private static IEnumerable<DetectedGpu> Adapters(List<(string Label, string Value)> items)
    {
        for (var i = 1; i < items.Count; i++)
        {
            if (PciId.FromPnp(items[i].Value) is not { } id) continue;
            if (Fields.Text(items[i - 1].Value) is not { } name) continue;
            var device = items.Skip(i + 1).TakeWhile(item => PciId.FromPnp(item.Value) is null).Take(30)
                .Select(item => item.Value).ToList();
            var memory = device.FirstOrDefault(value => Memory.IsMatch(value));
            if (memory is null && !device.Take(3).Contains(name)) continue;
            var bytes = memory is null ? null : Bytes(memory);
            var card = FoundCard.Create(
                name, Source, total: bytes, id: id,
                driver: device.FirstOrDefault(value => value.Split('.').Length == 4
                    && value.All(c => char.IsDigit(c) || c == '.')));
            yield return card with
            {
                MemoryIsCapped = VideoController.IsUnsure(bytes, card.IsIntegrated == true),
            };
        }
    }

    /// <summary>From <c>4.00 GB (4,293,918,720 bytes)</c>: the bytes.</summary>
    private static long? Bytes(string value)
    {
        var open = value.IndexOf('(');
        var digits = new string(value.Substring(open < 0 ? 0 : open).Where(c => c is >= '0' and <= '9').Take(15)
            .ToArray());
        return Fields.PositiveBytes(digits);
    }

    private static IEnumerable<(string Label, string Value)> Items(InventoryText text)
    {
        foreach (Match item in XmlItem.Matches(text.Text))
            yield return (item.Groups[1].Value.Trim(), item.Groups[2].Value.Trim());
        foreach (var line in text.Lines)
        {
            var cells = line.Split('\t');
            if (cells.Length is >= 2 and <= 4 && cells[0].Trim().Length > 0)
                yield return (cells[0].Trim(), cells[1].Trim());
        }
    }
}
