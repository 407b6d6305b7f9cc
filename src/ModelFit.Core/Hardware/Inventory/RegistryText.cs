using System.Globalization;
using System.Text.RegularExpressions;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// <c>reg query HKLM\SYSTEM\CurrentControlSet\Control\Class\{4d36e968-e325-11ce-bfc1-08002be10318} /s</c>: the display
/// class, whose <c>qwMemorySize</c> is 64 bits wide,
/// and the class of neural processors beside it. The names of keys and types are the same in every language.
/// </summary>
internal static class RegistryText
{
    private static readonly Regex Key = new(
        @"\\(\{(?:4d36e968-e325-11ce-bfc1-08002be10318|f01a9d53-3ff6-48d2-9f97-c8a7004be10c)\}\\\d{4})\s*$",
        RegexOptions.IgnoreCase);

    private static readonly Regex Value =new(@"^\s+(\S(?:.*?\S)?)\s{2,}(REG_\w+)(?:\s{2,}(\S(?:.*\S)?))?\s*$");

    /// <summary>Whether the text has keys of the display class.</summary>
    public static bool Recognizes(InventoryText text) => text.Lines.Any(line => Key.IsMatch(line));

    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var cards = Adapters(text.Lines).Where(adapter => adapter.Facts.MemoryBytes is not null
            || adapter.Facts.Name.Length > 0).ToList();
        yield return new DetectedMachine(new MachineSpec { Source = "registry" }, cards);
    }

    /// <summary>The adapters in the order of their keys.</summary>
    public static IEnumerable<DetectedGpu> Adapters(IEnumerable<string> lines)
    {
        var adapters = new Dictionary<string, Dictionary<string, string>>(StringComparer.Ordinal);
        Dictionary<string, string>? current = null;
        foreach (var line in lines)
        {
            if (line.StartsWith("HKEY_", StringComparison.OrdinalIgnoreCase))
            {
                var key = Key.Match(line);
                current = null;
                if (!key.Success) continue;
                if (!adapters.TryGetValue(key.Groups[1].Value, out current))
                    adapters[key.Groups[1].Value] = current = new(StringComparer.OrdinalIgnoreCase);
            }
            else if (current is not null && Value.Match(line) is { Success: true } value)
            {
                current[value.Groups[1].Value] = value.Groups[3].Value;
            }
        }

        return adapters.OrderBy(adapter => adapter.Key, StringComparer.Ordinal)
            .Select((adapter, index) => Adapter(adapter.Value, index));
    }

    private static DetectedGpu Adapter(Dictionary<string, string> values, int index)
    {
        string? Get(string name) => values.TryGetValue(name, out var value) ? Fields.Text(value) : null;
        var name = Get("DriverDesc") ?? Get("HardwareInformation.AdapterString") ?? string.Empty;
        var id = PciId.FromPnp(Get("MatchingDeviceId"));
        var vendor = AdapterKind.Vendor(id, name) ?? Get("ProviderName");
        return new DetectedGpu(new GpuSpec
        {
            Name = name,
            Vendor = vendor,
            Index = index,
            MemoryBytes = Number(Get("HardwareInformation.qwMemorySize")),
            DriverVersion = Get("DriverVersion"),
            Source = "registry",
        })
        {
            Id = id,
            IsIntegrated = name.Length > 0 && AdapterKind.IsIntegrated(vendor, name) ? true : null,
        };
    }

    private static long? Number(string? text)
    {
        if (text is null || !text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)) return null;
        const NumberStyles style = NumberStyles.AllowHexSpecifier;
        return ulong.TryParse(text.Substring(2), style, CultureInfo.InvariantCulture, out var value)
            && value is > 0 and < 1UL << 50 ? (long)value : null;
    }
}
