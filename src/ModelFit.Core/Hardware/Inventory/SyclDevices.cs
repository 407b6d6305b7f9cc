using System.Text.RegularExpressions;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// <c>sycl-ls</c>: <c>[level_zero:gpu][level_zero:0] Platform, Name Version [Driver]</c>, in 2023 and before
/// <c>[opencl:gpu:2]</c>. It lists a device once a backend; of each vendor those of its first one count.
/// </summary>
internal static class SyclDevices
{
    private const string Source = "sycl-ls";

    private static readonly Regex Device = new(
        @"\[(?:ext_oneapi_)?(?<backend>opencl|level_zero|cuda|hip):(?<kind>gpu|cpu)(?::\d{1,2})?\]" +
        @"(?:\[[a-z_]{1,20}:\d{1,2}\])?\s{1,4}(?<platform>[^,\[\]]{1,60}),\s{1,4}" +
        @"(?<name>\S.{0,120}?)(?: gfx[0-9a-f]{3,4})?(?: OpenCL \d.*| \d{1,3}\.\d{1,3}(?:\.\d{1,3})? \[.*)$",
        RegexOptions.IgnoreCase);

    /// <summary>Whether a GPU or a processor is listed so.</summary>
    public static bool Recognizes(InventoryText text) => text.Lines.Any(line => Device.IsMatch(line));

    /// <summary>The one machine; without a GPU in the list, SYCL's drivers may be missing.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var devices = text.Lines.Select(line => Device.Match(line)).Where(match => match.Success).ToList();
        var cards = devices.Where(device => Is(device, "gpu"))
            .Select(device => (device.Groups["backend"].Value + device.Groups["platform"].Value,
                FoundCard.Create(device.Groups["name"].Value, Source)))
            .OfOnePlatform();
        var processor = devices.Where(device => Is(device, "cpu")).Select(device => device.Groups["name"].Value)
            .FirstOrDefault(AdapterKind.IsProcessorName);
        yield return new DetectedMachine(
            new MachineSpec { Cpu = processor, Source = Source }, cards.Count == 0 ? null : cards);
    }

    private static bool Is(Match device, string kind) =>
        string.Equals(device.Groups["kind"].Value, kind, StringComparison.OrdinalIgnoreCase);
}
