namespace ModelFit.Hardware.Inventory;

/// <summary>
/// Names of pci.ids, <c>Navi 31 [Radeon RX 7900 XT]</c>: the chip, and in brackets what it is sold as.
/// </summary>
internal static class AmdNames
{
    private static readonly Regex Bracket = new(@"\[([^\[\]]+)\]\s*$");

    /// <summary>What a card is sold as, or the name itself; empty if it is a number or nothing.</summary>
    public static string Plain(string? name)
    {
        var text = name?.Trim() ?? string.Empty;
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)) return string.Empty;
        var match = Bracket.Match(text);
        return match.Success ? match.Groups[1].Value.Trim() : text;
    }

    /// <summary>Names under which the catalog may know the card: none where the brackets hold several cards.</summary>
    public static string[] Candidates(string? name)
    {
        var plain = Plain(name);
        return plain.Length == 0 || plain.IndexOf('/') >= 0 ? Array.Empty<string>() : new[] { plain, "AMD " + plain };
    }
}
