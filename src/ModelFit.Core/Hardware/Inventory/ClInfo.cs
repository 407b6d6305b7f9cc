namespace ModelFit.Hardware.Inventory;

/// <summary>
/// <c>clinfo -l</c>, <c>clinfo</c> and the one that comes with AMD's driver: OpenCL's devices, of each vendor those of
/// one platform.
/// </summary>
internal static class ClInfo
{
    private const string Source = "clinfo";
    private const StringComparison Plain = StringComparison.Ordinal;
    private static readonly Regex ListPlatform = new(@"^\s*Platform #\d+: (.*\S)\s*$");
    private static readonly Regex ListDevice = new(@"^\s*[`+|'-]+\s*Device #\d+: (.*\S)\s*$");
    private static readonly Regex Processor = new(@"^(cpu|pthread)\b|\b(Processor|CPU)\b");

    /// <summary>Intel's name of a device that its driver knows by its id alone.</summary>
    private static readonly Regex Device = new(@"\[0x([0-9a-f]{4})\]$");

    private static readonly Regex Field =
        new(@"^\s*((?:Platform|Device|Driver|Global|Max)(?: [A-Za-z0-9()]+)+)\s{2,}(\S(?:.*\S)?)\s*$");

    /// <summary>Whether there is a device of OpenCL.</summary>
    public static bool Recognizes(InventoryText text) => text.Lines.Any(line => ListDevice.IsMatch(line))
        || (text.Contains("Platform Name") && text.Lines.Any(line => Field.Match(line).Groups[1].Value == "Device Name")
            && (text.Contains("Global memory size") || text.Contains("Device Type  ")))
        || (text.Contains("Global memory size:") && text.Lines.Any(IsDevice));

    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var all = text.Lines.Any(IsDevice) ? AmdDevices(text.Lines).ToList() : Devices(text.Lines).ToList();
        var processor = all.Where(device => !IsGpu(device)).Select(device => device["Device Name"])
            .FirstOrDefault(AdapterKind.IsProcessorName);
        var cards = all.Where(IsGpu).Select(device => (device["Platform Name"], Card(device))).OfOnePlatform();
        // OpenCL tells those with a driver of its own: of the others nothing is said.
        yield return new DetectedMachine(
            new MachineSpec { Cpu = processor, Source = Source }, cards.Count > 0 ? cards : null);
    }

    private static bool IsGpu(Dictionary<string, string> device) => device.TryGetValue("Device Type", out var type)
        ? type.Contains("GPU")
        : !Processor.IsMatch(device["Device Name"])
            && (AdapterKind.Vendor(null, device["Device Name"]) is not null || IsTarget(device["Device Name"]));

    private static bool IsTarget(string name) => Regex.IsMatch(name, @"^gfx[0-9a-f]{3,4}\b");

    private static DetectedGpu Card(Dictionary<string, string> device)
    {
        var shown = device.Text("Device Name") ?? string.Empty;
        var name = device.Text("Device Board Name (AMD)") ?? (IsTarget(shown) ? string.Empty : shown);
        var vendor = IsTarget(shown) ? "AMD" : AdapterKind.Vendor(null, shown)
            ?? AdapterKind.Vendor(null, device.Text("Device Vendor"));
        var isIntegrated = AdapterKind.IsIntegrated(vendor, name);
        var memory = Fields.PositiveBytes(device.Text("Global memory size")?.Split(' ')[0]);
        return new DetectedGpu(new GpuSpec
        {
            Name = name,
            Vendor = vendor,
            GfxTarget = IsTarget(shown) ? shown.Split(':')[0] : null,
            PciBusId = Fields.PciAddress(device.Text(
                "Device Topology (AMD)", "Device PCI bus info (KHR)", "Device Topology (NV)")),
            MemoryBytes = memory,
            DriverVersion = device.Text("Driver Version"),
            Source = Source,
        })
        {
            Id = PciId.Create(device.Text("Device Vendor ID"), Device.Match(shown).Groups[1].Value),
            IsIntegrated = isIntegrated ? true : null,
            OtherNames = AmdNames.Candidates(name),
        };
    }

    private static bool IsDevice(string line) => line.IndexOf("CL_DEVICE_TYPE", Plain) > 0
        && line.TrimStart().StartsWith("Device Type:", Plain);

    /// <summary>The devices of AMD's clinfo, a label and a colon a line, by the labels of the other one.</summary>
    private static IEnumerable<Dictionary<string, string>> AmdDevices(IEnumerable<string> lines) =>
        LabelText.Blocks(lines, IsDevice).Select(block => LabelText.First(block)).Select(
            values => new Dictionary<string, string>(values, StringComparer.OrdinalIgnoreCase)
            {
                ["Platform Name"] = string.Empty,
                ["Device Name"] = values.Text("Name") ?? string.Empty,
                ["Device Vendor"] = "AMD",
                ["Device Board Name (AMD)"] = values.Text("Board name") ?? string.Empty,
            });

    private static IEnumerable<Dictionary<string, string>> Devices(IEnumerable<string> lines)
    {
        var platform = string.Empty;
        Dictionary<string, string>? device = null;
        foreach (var line in lines.TakeWhile(line => !line.StartsWith("NULL platform behavior", Plain)))
        {
            var listed = ListDevice.Match(line);
            var field = Field.Match(line);
            var isName = listed.Success || (field.Success && field.Groups[1].Value == "Device Name");
            if (ListPlatform.Match(line) is { Success: true } list) platform = list.Groups[1].Value;
            else if (field.Success && field.Groups[1].Value == "Platform Name") platform = field.Groups[2].Value;
            if (isName)
            {
                if (device is not null) yield return device;
                device = new(StringComparer.Ordinal) { ["Platform Name"] = platform };
                device["Device Name"] = listed.Success ? listed.Groups[1].Value : field.Groups[2].Value;
            }
            else if (device is not null && field.Success && !device.ContainsKey(field.Groups[1].Value))
            {
                device[field.Groups[1].Value] = field.Groups[2].Value;
            }
        }

        if (device is not null) yield return device;
    }
}
