using System.Text.RegularExpressions;

namespace ModelFit.Hardware.Inventory;

/// <summary><c>glxinfo</c>, whole or <c>-B</c>: the GPU that draws, or those of several runs.</summary>
internal static class GlxInfo
{
    private const StringComparison Plainly = StringComparison.Ordinal;

    private static readonly Regex Ids = new(
        @"\(0x([0-9a-f]{1,4})\)\s*$", RegexOptions.IgnoreCase);

    private static readonly Regex Driver = new(@" NVIDIA (\d[\d.]{2,20})$");

    /// <summary>What Mesa's OpenGL over Vulkan writes before the name, whose parenthesis it does not cut.</summary>
    private static readonly Regex Zink = new(@"^zink (?:Vulkan \d\.\d ?)?\(");

    /// <summary>Whether there is a renderer of OpenGL.</summary>
    public static bool Recognizes(InventoryText text) => text.Contains("OpenGL renderer string:")
        || (text.Contains("GLX_MESA_query_renderer") && text.Contains("Video memory:"));

    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var blocks = LabelText.Blocks(text.Lines, line => line.IndexOf("renderer info (", Plainly) >= 0).ToList();
        var cards = (blocks.Count > 1 ? blocks : new List<List<string>> { text.Lines.ToList() })
            .Select((lines, index) => Card(LabelText.First(lines), index)).ToList();
        yield return new DetectedMachine(new MachineSpec { Source = "glxinfo" }, cards);
    }

    private static DetectedGpu Card(IReadOnlyDictionary<string, string> values, int index)
    {
        var device = values.Text("Device");
        var shown = device ?? values.Text("OpenGL renderer string") ?? string.Empty;
        var id = PciId.Create(
            Padded(values.Text("Vendor")), Padded(device));
        var name = Plain(shown);
        var isUnified = values.Text("Unified memory")?.StartsWith("yes", StringComparison.OrdinalIgnoreCase);
        var total = Fields.PositiveBytes(values.Text("Dedicated video memory") ?? values.Text("Video memory"));
        return FoundCard.Create(
            name, "glxinfo", index, total, id: id,
            free: Fields.Bytes(values.Text("Currently available dedicated video memory")),
            driver: Fields.Text(Driver.Match(values.Text("OpenGL version string") ?? string.Empty).Groups[1].Value),
            isIntegrated: isUnified == true ? true : null);
    }

    private static string? Padded(string? text) => Ids.Match(text ?? string.Empty) is { Success: true } match
        ? match.Groups[1].Value.PadLeft(4, '0') : null;

    /// <summary>The name without the driver, the chip and the ids behind it.</summary>
    private static string Plain(string shown)
    {
        var name = Zink.Replace(shown, string.Empty).Split('/')[0];
        while (name.TrimEnd().EndsWith(")", StringComparison.Ordinal) && name.LastIndexOf('(') is > 0 and var open
            && !name.Substring(open).StartsWith("(R)", StringComparison.Ordinal)
            && !name.Substring(open).StartsWith("(TM)", StringComparison.Ordinal))
            name = name.Substring(0, open).TrimEnd();
        foreach (var driver in new[] { "Gallium 0.4 on ", "Mesa DRI ", "Mesa " })
        {
            if (name.StartsWith(driver, StringComparison.Ordinal)) name = name.Substring(driver.Length);
        }

        return name.Trim();
    }
}
