using System.Globalization;
using System.Text.RegularExpressions;
using ModelFit.Common;

namespace ModelFit.Catalog;

/// <summary>
/// What a text can mean of which not every word is known: the card inside a processor that it names, the card inside
/// the name that a shop gives it, a code name with a note of the driver. Asked only where the words as they are stand
/// for no card.
/// </summary>
internal static class GpuOtherReadings
{
    private const RegexOptions Options = RegexOptions.IgnoreCase;

    /// <summary>A number behind a vendor's line, and the words behind it that tell variants apart.</summary>
    private static readonly Regex Core = new(
        @"\b(?:(?:nvidia|amd|intel|geforce|radeon|arc|quadro|tesla|instinct|pro|ai)[\s_-]*)*"
            + @"(?:rtx|gtx|gt|rx|arc|quadro|tesla|radeon|instinct)[\s_-]*(?:(?:pro|ai)[\s_-]*)*"
            + @"(?:[abrw]|mi)?\d{2,4}(?:xtx|xt|ti|gre|[dmsx])?\b"
            + @"(?:[\s_-]+(?:ti|super|xtx|xt|gre|d|blackwell|ada|generation|laptop|mobile|max-?q|sff|server|workstation"
            + @"|edition|gpu|pcie|sxm\d?|nvl|dual)\b)*",
        Options);

    /// <summary>Gigabyte's part numbers: <c>GV-N5090</c>, <c>GV-N407TS</c>, <c>GV-R79XTX</c>.</summary>
    private static readonly Regex Gigabyte = new(
        @"\bgv-(?<maker>[nr])(?<number>\d{2,4})(?<suffix>xtx|xt|gre|ts|t|s|d)?", Options);

    /// <summary>A size as part numbers have it: <c>32GD</c>, <c>O16G</c>, <c>24GB</c>.</summary>
    private static readonly Regex Size = new(@"(?<![\w.])o?(?<gib>\d{1,3}) ?g(?:b|d|d\dx?)?\b", Options);

    /// <summary>The memory written on to a variant without its unit: <c>4060ti16</c>, <c>4060ti16g</c>.</summary>
    private static readonly Regex GluedSize = new(@"(?<=\d(?:ti|xtx|xt|gre|super))(?<gib>\d{1,2})(?:gb?)?$", Options);

    private static readonly Regex Laptop = new(@"\b(laptop|notebook|mobile)\b", Options);

    /// <summary>Lines of processors with cards inside; a text without one of them names no processor.</summary>
    private static readonly string[] Lines = { "ryzen", "core", "snapdragon", "intel", "adreno" };

    private static readonly Lazy<(Regex Pattern, string Card)[]> Processors = new(() => EmbeddedText
        .Rows("processors.tsv").Select(cells => (new Regex(cells[0], Options), cells[1])).ToArray());

    /// <summary>The readings, the likeliest first; the memory that a text says is part of each.</summary>
    public static IEnumerable<string> Of(string text)
    {
        var plain = text.Replace("(R)", " ").Replace("(TM)", " ").Replace("  ", " ");
        const string beside = " w/ ";
        if (plain.IndexOf(beside, StringComparison.OrdinalIgnoreCase) is var with and > 0)
            yield return plain.Substring(with + beside.Length);
        if (plain.IndexOf('(') is var note and > 0)
        {
            yield return plain.Replace('(', ' ').Replace(')', ' ');
            yield return plain.Substring(0, note);
        }

        if (plain.IndexOf('[') is var open and > 0 && !plain.Substring(open).Any(char.IsDigit))
            yield return plain.Substring(0, open);
        if (GluedSize.Match(plain.TrimEnd()) is { Success: true } glued)
            yield return plain.Substring(0, glued.Index) + " " + glued.Groups["gib"].Value + "GB";
        var size = Size.Matches(plain).Cast<Match>().Select(match => match.Groups["gib"].Value).LastOrDefault();
        var suffix = size is null ? string.Empty : " " + size + "GB";
        if (ProcessorCard(plain) is { } inside) yield return inside + suffix;
        if (Gigabyte.Match(plain) is { Success: true } part) yield return Decoded(part) + suffix;
        var cores = Core.Matches(plain.Replace('_', ' ')).Cast<Match>().Select(match => match.Value.Trim())
            .Distinct(StringComparer.OrdinalIgnoreCase).ToArray();
        if (cores.Length != 1) yield break;
        var isLaptop = Laptop.IsMatch(plain) && !Laptop.IsMatch(cores[0]);
        yield return cores[0] + (isLaptop ? " laptop" : string.Empty) + suffix;
    }

    /// <summary>
    /// The card inside a processor (<c>processors.tsv</c>); null if the text names no such processor.
    /// </summary>
    public static string? ProcessorCard(string text) =>
        Lines.Any(line => text.IndexOf(line, StringComparison.OrdinalIgnoreCase) >= 0)
            ? Processors.Value.Where(entry => entry.Pattern.IsMatch(text)).Select(entry => entry.Card).FirstOrDefault()
            : null;

    /// <summary>What a part number stands for; three digits leave out the last, which is 0, two the last two.</summary>
    private static string Decoded(Match part)
    {
        var isNvidia = part.Groups["maker"].Value is "n" or "N";
        var number = part.Groups["number"].Value.PadRight(4, '0');
        var variant = part.Groups["suffix"].Value.ToLower(CultureInfo.InvariantCulture) switch
        {
            "t" => " Ti",
            "ts" => " Ti SUPER",
            "s" => " SUPER",
            var other => " " + other,
        };
        return (isNvidia ? "GeForce RTX " : "Radeon RX ") + number + variant;
    }
}
