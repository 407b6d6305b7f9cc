using System.Text.RegularExpressions;

namespace ModelFit.Hardware.Inventory;

/// <summary>Moore Threads' <c>mthreads-gmi</c>: <c>0 MTT S80 |00000000:04:00.0 |0% 2MiB(16384MiB)</c>.</summary>
internal static class MthreadsGmi
{
    private static readonly Regex Row = new(
        @"^(\d{1,3}) +(MTT [^|]{1,40})\| *([0-9a-f:.]{7,16}) *\|[^|]{0,20}?(\d{1,9})MiB\((\d{1,9})MiB\)",
        RegexOptions.IgnoreCase);

    private static readonly Regex Driver = new(@"Driver Version: ?(\S{1,40})");

    /// <summary>Whether there is a row of a card.</summary>
    public static bool Recognizes(InventoryText text) => text.Lines.Any(line => Row.IsMatch(line));

    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var driver = Fields.Text(Driver.Match(text.Text).Groups[1].Value);
        var cards = text.Lines.Select(line => Row.Match(line)).Where(match => match.Success)
            .Select(match => FoundCard.Create(
                match.Groups[2].Value, "mthreads-gmi", Fields.Integer(match.Groups[1].Value),
                Fields.PositiveBytes(match.Groups[5].Value, "MiB"), Fields.Bytes(match.Groups[4].Value, "MiB"),
                driver: driver, bus: match.Groups[3].Value, vendor: "Moore Threads", isIntegrated: false));
        yield return new DetectedMachine(new MachineSpec { Source = "mthreads-gmi" }, cards.ToList());
    }
}
