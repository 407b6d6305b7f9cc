using System.Globalization;
using System.Text.RegularExpressions;

namespace ModelFit.Hardware;

/// <summary>
/// The cards of one machine as people write them in one text, <c>2x RTX 3090 + RTX 3060</c>: the one place where a
/// count is told from the digits of a name. A count is one only where the name without it is a card and the whole is
/// none (<c>GTX 970</c> is not 970 cards), or where nothing else could be meant (<c>2x Unheard Of</c>).
/// </summary>
internal static class CardText
{
    /// <summary>More cards than any machine has: a larger count is a slip.</summary>
    public const int MostCards = 256;

    /// <summary>Cards from which a count is said to be unusual.</summary>
    private const int ManyCards = 16;

    /// <summary>Counts as words.</summary>
    private static readonly Dictionary<string, int> CountWords = new(StringComparer.OrdinalIgnoreCase)
    {
        ["dual"] = 2, ["twin"] = 2, ["double"] = 2, ["two"] = 2, ["triple"] = 3, ["three"] = 3,
        ["quad"] = 4, ["four"] = 4, ["eight"] = 8,
    };

    private static readonly string[] Hard = { ";", "\n", "|", " + ", " +" };
    /// <summary>What people write behind a name: its driver or its memory.</summary>
    private static readonly Regex Beside = new(
        @"^(?:driver|treiber|pilote)\b|^\d[\d.,]{0,8} ?[KMGT]i?B\b",
        RegexOptions.IgnoreCase);

    /// <summary>A card as <c>nvidia-smi -L</c> lists it.</summary>
    private static readonly Regex Listed = new(@"^GPU \d{1,2}: (.+?)(?: \(UUID: [^)]{1,80}\))?$");

    private static readonly char[] Soft = { ',', '&', '+', '\u0001' };

    /// <summary>The names in their order, each with how often it is there.</summary>
    /// <param name="text">The text; blank for none.</param>
    /// <param name="isCard">Whether a name is one of a card that is known.</param>
    /// <param name="messages">Takes a warning about an unusual count.</param>
    /// <exception cref="ModelFitException">
    /// <see cref="ErrorIds.InvalidArgument"/> for no card or more than <see cref="MostCards"/>.
    /// </exception>
    public static IReadOnlyList<(string Name, int Count)> Read(
        string text, Func<string, bool> isCard, IMessageSink messages)
    {
        var cards = text.Split(Hard, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(part => Parts(Listed.Replace(part.Trim(), "$1"), isCard)).Where(part => part.Length > 0)
            .Select(part => Counted(part, isCard)).ToList();
        if (cards.Any(card => card.Count == 0)) throw new ModelFitException(
            ErrorIds.InvalidArgument, $"'{Short(text)}' does not name a card.", text);
        Check(cards.Sum(card => (long)card.Count), $"'{Short(text)}' names", messages);
        return cards;
    }

    /// <summary>A text that is a number of cards and no name: 4, and not 3090; null for others.</summary>
    public static int? CountIn(string text) =>
        text.Trim() is { Length: > 0 } digits && digits.All(IsDigit) && Number(digits) is <= MostCards and var count
            ? count
            : null;

    /// <summary>
    /// Throws <see cref="ErrorIds.InvalidArgument"/> for a count that no machine has, and warns of an unusual one.
    /// </summary>
    public static void Check(long count, string who, IMessageSink messages)
    {
        var number = count.ToString(CultureInfo.InvariantCulture);
        if (count is < 0 or > MostCards) throw new ModelFitException(
            ErrorIds.InvalidArgument, $"{who} {number} cards; a machine has at most {MostCards}.", count);
        if (count > ManyCards) messages.Warning($"{who} {number} cards in one machine: check this number.");
    }

    /// <summary>
    /// The parts between commas and the like, which are in names too (<c>NVIDIA, Inc.</c>, <c>Nitro+</c>): only where
    /// they are cards of their own.
    /// </summary>
    private static IEnumerable<string> Parts(string text, Func<string, bool> isCard)
    {
        // Several cards between slashes, and not one of two names: GTX 1650 Mobile / Max-Q, RX 6700 / 6800M.
        var slashed = text.Split(new[] { " / " }, StringSplitOptions.RemoveEmptyEntries);
        if (slashed.Length > 1 && slashed.All(part => IsOwnName(part.Trim(), isCard)))
            return slashed.Select(part => part.Trim());
        var marked = Replace(Replace(text, " and ", "\u0001"), ", inc", "  inc");
        var parts = marked.Split(Soft).Select(part => part.Trim()).Where(part => part.Length > 0).ToArray();
        if (parts.Length < 2) return new[] { text };
        var known = parts.Count(part => Readings(part).Any(reading => isCard(reading.Name)));
        var vendors = parts.Count(part => AdapterKind.Vendor(null, part) is not null && part.IndexOf(' ') > 0);
        var whole = isCard(text);
        var mayBeName = whole && text.IndexOf('+') >= 0 && parts.Distinct().Count() > 1;
        var isList = whole ? known == parts.Length && !mayBeName : known > 0 || vendors == parts.Length;
        return isList ? parts.Where(part => !Beside.IsMatch(part)) : new[] { text };
    }

    private static bool IsOwnName(string part, Func<string, bool> isCard) =>
        part.Length > 0 && char.IsLetter(part[0]) && part.Any(char.IsDigit) && isCard(part);

    private static string Replace(string text, string words, string other)
    {
        var at = text.IndexOf(words, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? text : text.Substring(0, at) + other + Replace(text.Substring(at + words.Length), words, other);
    }

    private static (string Name, int Count) Counted(string part, Func<string, bool> isCard)
    {
        foreach (var reading in Readings(part))
        {
            if (reading.Name.Count(char.IsLetterOrDigit) > 1 && isCard(reading.Name)) return reading;
        }

        foreach (var (name, count) in Readings(part).Where(reading => reading.Count > 1 && IsPlural(reading.Name)))
            if (isCard(name.Substring(0, name.Length - 1))) return (name.Substring(0, name.Length - 1), count);
        return LeadingCount(part) is { } plain && IsPlain(part) ? plain : (part, 1);
    }

    /// <summary>Whether a name ends as several do: <c>3090s</c>.</summary>
    private static bool IsPlural(string name) =>
        name.Length > 1 && name[name.Length - 1] is 's' && IsDigit(name[name.Length - 2]);

    /// <summary>
    /// What a part can mean, the likeliest first: a 7900 XTX is not 7900 cards named TX, and <c>20x 3090</c> not 3090.
    /// </summary>
    private static IEnumerable<(string Name, int Count)> Readings(string part) =>
        new[] { (part, 1), LeadingCount(part), TrailingCount(part), BareCount(part), WrittenCount(part) }
            .OfType<(string Name, int Count)>().OrderBy(reading => reading.Count > MostCards);

    /// <summary>From <c>RTX 3090 x2</c>, <c>3090x2</c>, <c>RTX 3090 (x2)</c> or <c>RTX 3090 (2x)</c>.</summary>
    private static (string Name, int Count)? TrailingCount(string part)
    {
        var text = part;
        if (text.EndsWith(")", StringComparison.Ordinal) && text.LastIndexOf('(') is > 0 and var open)
        {
            var inner = text.Substring(open + 1, text.Length - open - 2).Trim();
            if (inner.Length > 1 && IsMark(inner[inner.Length - 1])) inner = "x" + inner.Substring(0, inner.Length - 1);
            text = text.Substring(0, open).TrimEnd() + " " + inner;
        }

        var start = text.Length;
        while (start > 0 && IsDigit(text[start - 1])) start--;
        var mark = start - 1;
        while (mark > 0 && text[mark] == ' ') mark--;
        if (start == text.Length || mark < 1 || !IsMark(text[mark])) return null;
        var stands = text[mark - 1] == ' ' || text[mark] != 'X';
        return stands && Number(text.Substring(start)) is { } count
            ? (text.Substring(0, mark).TrimEnd(), count) : null;
    }

    /// <summary>From <c>2x RTX 3090</c>, <c>2xL40S</c> or <c>2 × RTX 3090</c>.</summary>
    private static (string Name, int Count)? LeadingCount(string part)
    {
        var end = 0;
        while (end < part.Length && IsDigit(part[end])) end++;
        var mark = end;
        while (mark < part.Length && part[mark] == ' ') mark++;
        if (end == 0 || mark >= part.Length - 1 || !IsMark(part[mark])) return null;
        var name = part.Substring(mark + 1).Trim();
        return name.Length > 0 && Number(part.Substring(0, end)) is { } count ? (name, count) : null;
    }

    /// <summary>From <c>2 RTX 3090</c>.</summary>
    private static (string Name, int Count)? BareCount(string part)
    {
        var blank = part.IndexOf(' ');
        if (blank is < 1 or > 2 || !part.Take(blank).All(IsDigit)) return null;
        var name = part.Substring(blank).TrimStart();
        return name.Length > 0 && char.IsLetter(name[0]) ? (name, Number(part.Substring(0, blank))!.Value) : null;
    }

    /// <summary>From <c>dual 5090</c> or <c>quad RTX 3090</c>.</summary>
    private static (string Name, int Count)? WrittenCount(string part)
    {
        var blank = part.IndexOf(' ');
        return blank > 0 && CountWords.TryGetValue(part.Substring(0, blank), out var count)
            ? (part.Substring(blank).TrimStart(), count)
            : null;
    }

    /// <summary>Whether a leading count is one whatever the name: its mark stands before a blank.</summary>
    private static bool IsPlain(string part)
    {
        var mark = part.IndexOfAny(new[] { 'x', 'X', '×', '*' });
        return part[mark] != 'X' && mark + 1 < part.Length && part[mark + 1] == ' ';
    }

    private static bool IsMark(char c) => c is 'x' or 'X' or '×' or '*';

    private static bool IsDigit(char c) => c is >= '0' and <= '9';

    private static int? Number(string digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;

    private static string Short(string text) => text.Length > 80 ? text.Substring(0, 80) + "…" : text;
}
