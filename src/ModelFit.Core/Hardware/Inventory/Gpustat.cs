using System.Text.RegularExpressions;

namespace ModelFit.Hardware.Inventory;

/// <summary><c>gpustat</c>: <c>[0] NVIDIA GeForce RTX 3090 | 34°C, 0 % | 300 / 24576 MB |</c>.</summary>
internal static class Gpustat
{
    private static readonly Regex Row = new(
        @"^\[(\d{1,3})\] ([^|\n]{2,80}?)\s*\|[^|\n]{0,80}\|\s*(\d{1,9}) */ *(\d{1,9}) MB");

    private static readonly Regex Title = new(
        @"^([\w.-]{1,64})\s+(?:\(driver|\w{3} \w{3} +\d{1,2} )(?:.*\s(\d{2,3}\.[\d.]{2,12})\s*$)?");

    /// <summary>Whether there is a row of a card.</summary>
    public static bool Recognizes(InventoryText text) => text.Lines.Any(line => Row.IsMatch(line));

    /// <summary>The machines of the text: one a title.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var blocks = text.Lines.Any(line => Title.IsMatch(line))
            ? LabelText.Blocks(text.Lines, line => Title.IsMatch(line)) : new[] { text.Lines.ToList() };
        return blocks.Select(block => Machine(block, Title.Match(block[0])))
            .Where(machine => machine.Gpus!.Count > 0).ToList();
    }

    private static DetectedMachine Machine(List<string> block, Match title) => new(
        new MachineSpec { ComputerName = Fields.Text(title.Groups[1].Value), Source = "gpustat" },
        block.Select(line => Row.Match(line)).Where(match => match.Success).Select(match => FoundCard.Create(
            match.Groups[2].Value, "gpustat", Fields.Integer(match.Groups[1].Value),
            Fields.PositiveBytes(match.Groups[4].Value, "MiB"), Fields.Bytes(match.Groups[3].Value, "MiB"),
            driver: Fields.Text(title.Groups[2].Value), vendor: "NVIDIA")).ToList());
}
