using System.Text.RegularExpressions;
using Newtonsoft.Json.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary><c>rocm-smi --json</c> of every version: an object a card under <c>card0</c>, <c>card1</c>, …</summary>
internal static class RocmSmiJson
{
    private const string Source = "rocm-smi";

    private static readonly Regex CardKey =
        new(@"^card(\d+)$", RegexOptions.IgnoreCase);

    /// <summary>Whether a JSON object has cards as rocm-smi numbers them.</summary>
    public static bool Recognizes(InventoryText text) => Cards(text).Any();

    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var driver = text.Json.Select(value => JsonFields.Text(value, "system/Driver version"))
            .FirstOrDefault(version => version is not null);
        var cards = Cards(text).Select(card => Card(Index(card), key => Value(card.Value, key), driver));
        yield return new DetectedMachine(new MachineSpec { Source = Source }, cards.ToList());
    }

    /// <summary>A card from the values under rocm-smi's names, whatever their case.</summary>
    public static DetectedGpu Card(int? index, Func<string, string?> value, string? driver)
    {
        var model = value("Card model");
        var isNamed = model?.Any(char.IsWhiteSpace) == true;
        var series = (isNamed ? model : null) ?? value("Card series") ?? value("Device Name");
        var device = value("Device ID") ?? value("GPU ID") ?? (isNamed ? null : model);
        var (vram, used) = (value("VRAM Total Memory (B)"), value("VRAM Total Used Memory (B)"));
        var facts = new GpuSpec
        {
            Name = AmdNames.Plain(series),
            Vendor = "AMD",
            Index = index,
            Uuid = value("Unique ID"),
            PciBusId = Fields.PciAddress(value("PCI Bus")),
            GfxTarget = value("GFX Version"),
            MemoryBytes = Fields.PositiveBytes(vram),
            MemoryUsedBytes = Fields.Bytes(used),
            MemoryFreeBytes = Fields.PositiveBytes(vram) - Fields.Bytes(used),
            SharedMemoryBytes = Fields.PositiveBytes(value("GTT Total Memory (B)")),
            DriverVersion = driver,
            PowerLimitWatts = Fields.Number(value("Max Graphics Package Power (W)")),
            Temperature = Fields.Integer(value("Temperature (Sensor edge) (C)")),
            UtilizationPercent = Fields.Integer(value("GPU use (%)")),
            Source = Source,
        };
        return new DetectedGpu(facts)
        {
            Id = PciId.Create("1002", device, value("Subsystem ID"), value("Device Rev") ?? value("Card revision")),
            IsIntegrated = AdapterKind.IsIntegrated("AMD", series) ? true : null,
            OtherNames = AmdNames.Candidates(series),
        };
    }

    private static IEnumerable<JProperty> Cards(InventoryText text) => text.Json.OfType<JObject>()
        .SelectMany(value => value.Properties())
        .Where(property => CardKey.IsMatch(property.Name) && property.Value is JObject);

    private static int? Index(JProperty card) => Fields.Integer(CardKey.Match(card.Name).Groups[1].Value);

    private static string? Value(JToken card, string key) => JsonFields.Text(card, key);
}
