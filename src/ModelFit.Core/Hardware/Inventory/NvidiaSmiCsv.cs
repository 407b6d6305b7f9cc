using System.Text.RegularExpressions;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// <c>nvidia-smi --query-gpu=… --format=csv</c>, with or without units. Several rows of one card (a log with
/// <c>-l</c>) are one card, the last row counting.
/// </summary>
internal static class NvidiaSmiCsv
{
    /// <summary>Columns of <c>--help-query-gpu</c>, and the path in the XML of the same fact.</summary>
    private static readonly Dictionary<string, string> Paths = new(StringComparer.OrdinalIgnoreCase)
    {
        ["name"] = "product_name", ["gpu_name"] = "product_name",
        ["uuid"] = "uuid", ["gpu_uuid"] = "uuid",
        ["index"] = "index",
        ["pci.bus_id"] = "pci/pci_bus_id", ["gpu_bus_id"] = "pci/pci_bus_id",
        ["pci.device_id"] = "pci/pci_device_id",
        ["memory.total"] = "fb_memory_usage/total", ["memory.reserved"] = "fb_memory_usage/reserved",
        ["memory.used"] = "fb_memory_usage/used", ["memory.free"] = "fb_memory_usage/free",
        ["driver_version"] = "driver_version", ["compute_cap"] = "compute_cap",
        ["ecc.mode.current"] = "ecc_mode/current_ecc", ["mig.mode.current"] = "mig_mode/current_mig",
        ["driver_model.current"] = "driver_model/current_dm",
        ["display_active"] = "display_active", ["display_attached"] = "display_attached",
        ["power.limit"] = "gpu_power_readings/power_limit",
        ["enforced.power.limit"] = "power_readings/enforced_power_limit",
        ["temperature.gpu"] = "temperature/gpu_temp", ["utilization.gpu"] = "utilization/gpu_util",
        ["pcie.link.gen.max"] = "pci/pci_gpu_link_info/pcie_gen/max_link_gen",
        ["pcie.link.gen.gpumax"] = "pci/pci_gpu_link_info/pcie_gen/max_device_link_gen",
        ["pcie.link.width.max"] = "pci/pci_gpu_link_info/link_widths/max_link_width",
        ["vgpu_driver_capability.virtualization_mode"] = "gpu_virtualization_mode/virtualization_mode",
    };

    /// <summary>Facts of which one at least tells that there is a card, and which.</summary>
    private static readonly string[] Telling =
    {
        "product_name", "uuid", "index", "pci/pci_bus_id", "fb_memory_usage/total", "fb_memory_usage/used",
        "fb_memory_usage/free",
    };

    private static readonly Regex OwnColumn = new(
        @"^(memory\.(total|used|free|reserved)|utilization\.(gpu|memory)|pci\.bus_id|driver_version|compute_cap|" +
        @"temperature\.gpu|power\.(draw|limit)|clocks\.[a-z.]+)$",
        RegexOptions.IgnoreCase);

    /// <summary>Whether the first line names columns of nvidia-smi.</summary>
    public static bool Recognizes(InventoryText text) =>
        Header(text).Any(column => OwnColumn.IsMatch(column.Name)) || NvidiaSmiHeaderless.Recognizes(text);

    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var columns = Header(text);
        if (!columns.Any(column => OwnColumn.IsMatch(column.Name))) return NvidiaSmiHeaderless.Read(text, context);
        var records = CsvText.Records(text.Text, ',').Skip(1).Where(record => record.Length >= columns.Length);
        var host = Array.FindIndex(columns, column => RowColumns.Find(column.Name) is
            { Meaning: RowColumns.Meaning.Computer });
        if (!records.Any()) throw context.Damaged("nvidia-smi's CSV has a header line and no card.");
        if (!columns.Any(column => Paths.TryGetValue(column.Name, out var path) && Telling.Contains(path)))
            throw context.Damaged("nvidia-smi's CSV tells neither names nor memory of cards (name,memory.total).");
        return records.GroupBy(record => host < 0 ? null : Fields.Text(record[host]))
            .Select(computer => Machine(computer.Key, columns, computer, context)).ToList();
    }

    private static DetectedMachine Machine(
        string? computer, (string Name, string? Unit)[] columns, IEnumerable<string[]> records, ReadContext context)
    {
        var cards = new Dictionary<string, DetectedGpu>(StringComparer.Ordinal);
        foreach (var record in Moment(columns, records))
        {
            if (Header(record)[0].Name == columns[0].Name) continue;
            var card = Card(columns, record, cards.Count, context);
            var key = Key(columns, record) ?? cards.Count.ToString(System.Globalization.CultureInfo.InvariantCulture);
            if (cards.TryGetValue(key, out var earlier))
                card = card with { Facts = card.Facts with { Index = earlier.Facts.Index } };
            cards[key] = card;
        }

        return new DetectedMachine(
            new MachineSpec { ComputerName = computer, Source = NvidiaFacts.Source }, cards.Values.ToList());
    }

    /// <summary>
    /// The rows of the first second of a log whose rows nothing but their time tells apart; all of any other text.
    /// </summary>
    private static IEnumerable<string[]> Moment((string Name, string? Unit)[] columns, IEnumerable<string[]> records)
    {
        var time = Array.FindIndex(columns, column => column.Name == "timestamp");
        var rows = records.ToList();
        if (time < 0 || rows.Any(row => Key(columns, row) is not null)) return rows;
        return rows.Where(row => row[time].Split('.')[0] == rows[0][time].Split('.')[0]);
    }

    private static DetectedGpu Card(
        (string Name, string? Unit)[] columns, string[] record, int position, ReadContext context)
    {
        string? Field(string path)
        {
            for (var i = 0; i < columns.Length; i++)
            {
                if (Paths.TryGetValue(columns[i].Name, out var known) && known == path) return record[i];
            }

            return null;
        }

        var card = NvidiaFacts.Card(Field, Fields.Integer(Field("index")) ?? position, context);
        if (Fields.Text(Field("mig_mode/current_mig")) == "Enabled") context.Messages.Verbose(
            $"'{card.Facts.Name}' is in MIG mode; this export does not list its instances (nvidia-smi -q -x does).");
        // hl-smi has the same columns.
        var isGaudi = card.Facts.Name.StartsWith("HL-", StringComparison.Ordinal);
        return card with
        {
            Id = PciId.FromNvidia(Field("pci/pci_device_id")),
            IsIntegrated = isGaudi ? false : card.IsIntegrated,
            Facts = card.Facts with
            {
                Name = isGaudi ? SmiTable.Sold(card.Facts.Name).Name : card.Facts.Name,
                Vendor = isGaudi ? "Intel" : card.Facts.Vendor,
                DriverVersion = Fields.Text(Field("driver_version")),
                ComputeCapability = Fields.Text(Field("compute_cap")),
            },
        };
    }

    /// <summary>What tells a card from another: the first of UUID, address and index that says something.</summary>
    private static string? Key((string Name, string? Unit)[] columns, string[] record)
    {
        foreach (var path in new[] { "index", "pci/pci_bus_id", "uuid" })
        {
            for (var i = 0; i < columns.Length; i++)
            {
                if (Paths.TryGetValue(columns[i].Name, out var known) && known == path
                    && Fields.Text(record[i]) is { } value)
                    return $"{path} {value}";
            }
        }

        return null;
    }

    private static (string Name, string? Unit)[] Header(InventoryText text) =>
        Header(CsvText.Records(text.Lines[0], ',').FirstOrDefault() ?? Array.Empty<string>());

    private static (string Name, string? Unit)[] Header(string[] record) => record.Select(column =>
    {
        var open = column.EndsWith("]", StringComparison.Ordinal) ? column.IndexOf('[') : -1;
        return open < 0 ? (column.Trim(), null)
            : (column.Substring(0, open).Trim(), (string?)column.Substring(open + 1, column.Length - open - 2));
    }).ToArray();
}
