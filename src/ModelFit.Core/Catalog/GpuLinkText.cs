using System.Globalization;
using System.Text.RegularExpressions;

namespace ModelFit.Catalog;

/// <summary>
/// The PCI Express links of cards as people write them behind the names: <c>RTX 3090 PCIe 3.0 x4</c>. An <c>A100 PCIe
/// 40GB</c> says none.
/// </summary>
internal sealed class GpuLinkText
{
    /// <summary>Characters that are in no name; each stands for the link of its number.</summary>
    private const char FirstMark = '\uE000';

    private const int MostLinks = 256;
    private const string Bus = @"PCI(?:-?e|[ -]express)";
    private const string Lanes = @"x ?(?<lanes>1|2|4|8|16)";

    private static readonly Regex Link = new(
        @"(?:, ?)?(?:(?<bus>\b" + Bus + @")[ -]?(?:gen ?)?(?:(?<gen>[1-7])(?:\.0)?(?:[ @/,-]*" + Lanes + ")?|" + Lanes
            + @")|\bgen ?(?<gen>[1-7])(?:\.0)? ?" + Lanes + @")(?![\w.]| ?[GMT]i?B)",
        RegexOptions.IgnoreCase);

    private readonly List<Match> _links = new();

    /// <summary>Takes the links out of a text.</summary>
    public GpuLinkText(string text) => Text = Link.Replace(text, Marked);

    /// <summary>The text with a mark for each link, so that its lanes are no count of cards.</summary>
    public string Text { get; }

    /// <summary>A name without its mark.</summary>
    public static string Name(string marked)
    {
        var at = MarkIn(marked);
        return at < 0 ? marked : marked.Remove(at, 1).Trim();
    }

    /// <summary>A card with the link behind its name, no faster than its own.</summary>
    public GpuSpec With(GpuSpec card, string marked)
    {
        var at = MarkIn(marked);
        if (at < 0 || marked[at] - FirstMark >= _links.Count) return card;
        var link = _links[marked[at] - FirstMark];
        return card with
        {
            PcieGeneration = Least(link.Groups["gen"], card.PcieGeneration),
            PcieLanes = Least(link.Groups["lanes"], card.PcieLanes),
        };
    }

    private static int MarkIn(string marked)
    {
        for (var i = 0; i < marked.Length; i++)
        {
            if (marked[i] - FirstMark is >= 0 and < MostLinks) return i;
        }

        return -1;
    }

    private static int? Least(Group said, int? own) => !said.Success ? own
        : Math.Min(int.Parse(said.Value, CultureInfo.InvariantCulture), own ?? int.MaxValue);

    private string Marked(Match link)
    {
        if (_links.Count == MostLinks) return link.Value;
        _links.Add(link);
        return " " + link.Groups["bus"].Value + (char)(FirstMark + _links.Count - 1);
    }
}
