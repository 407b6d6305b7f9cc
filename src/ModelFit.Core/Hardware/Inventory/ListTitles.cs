using System.Text.RegularExpressions;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// What a line above a list says of it: the name of a computer, or that the list is what a program needs, what can be
/// bought, what is offered.
/// </summary>
internal static class ListTitles
{
    private const RegexOptions Options = RegexOptions.IgnoreCase;

    /// <summary>Words of a list of what is asked for, or of a shop.</summary>
    private static readonly Regex Asked = new(
        @"\b(?:requirements?|minimum|recommended|recommendations?|prerequisites|supported|mindestanforderungen|" +
        @"systemanforderungen|empfohlen|configuration requise|requisitos|requisiti|wymagania|limits|requests|" +
        @"reservations|add to cart|buy now|in stock|free shipping)\b|требовани|配置要求|推荐配置|最低配置|必要スペック|動作環境|요구 사항",
        Options);

    private static readonly Regex Price = new(@"[$€£¥₹] ?\d|\b\d[\d.,]{0,9} ?(?:€|USD|EUR|GBP|zł)(?!\w)");

    /// <summary>A name that a network gives: one word with a digit, a dash or a point, or in lower case.</summary>
    private static readonly Regex HostName = new(@"^(?=.{2,63}$)(?:[A-Za-z][\w]*[-._\d][\w.-]*|[a-z]+)$");

    /// <summary>A name with its address behind it.</summary>
    private static readonly Regex Addressed = new(
        @"^([\w.-]{2,63}) \(\d{1,3}(?:\.\d{1,3}){3}\)");

    /// <summary>A name behind the word that says what it names.</summary>
    private static readonly Regex Announced = new(
        @"^(?:host|hostname|node|server|machine|computer): ?([\w.-]{2,63})$", Options);

    private static readonly Regex Identifier = new(
        @"^(?:[A-Za-z]|#?\d{1,4}|[A-Za-z]{1,20}[-_]?\d{1,4}[A-Za-z]?)$");

    private static readonly Regex ModelSize = new(@"^\d{1,3}(?:\.\d)?B$", Options);

    /// <summary>Words that name a computer, alone or with what tells it from the others.</summary>
    private static readonly HashSet<string> Computers = new(StringComparer.OrdinalIgnoreCase)
    {
        "server", "node", "pc", "workstation", "machine", "host", "computer", "laptop", "desktop", "notebook",
        "rechner", "knoten", "ordinateur", "serveur", "equipo", "servidor", "box", "rig",
    };

    /// <summary>What tells one computer of a place from the others: what it is there for, whose it is.</summary>
    private static readonly HashSet<string> Roles = new(StringComparer.OrdinalIgnoreCase)
    {
        "my", "our", "the", "main", "login", "head", "master", "worker", "compute", "gpu", "cpu", "storage", "control",
        "controller", "primary", "secondary", "dev", "development", "test", "backup", "file", "home", "office", "lab",
        "work", "first", "second", "third", "old", "new", "windows", "linux", "mac", "personal", "host",
    };

    /// <summary>Whether a line above others says that they are asked for or offered.</summary>
    public static bool IsAsked(IEnumerable<string> lines) => lines.Any(line => line.Length < 80
        && (line.TrimStart().StartsWith("#", StringComparison.Ordinal)
            || (line.IndexOf(':') < 0 && line.Trim().Split(' ').Length < 5)
            || line.TrimEnd(' ', '*', '\t').EndsWith(":", StringComparison.Ordinal)) && Asked.IsMatch(line));

    /// <summary>Whether any line has a price.</summary>
    public static bool HasPrice(IEnumerable<string> lines) =>
        lines.Any(line => line.Length < ListLines.Longest && Price.IsMatch(line));

    /// <summary>The name of the computer in a title: without its marks, its address, the word for what it is.</summary>
    public static string Name(string title)
    {
        var name = title.Trim(' ', '*', '`', ':', '#');
        if (Addressed.Match(name) is { Success: true } addressed) return addressed.Groups[1].Value;
        return Announced.Match(name) is { Success: true } announced ? announced.Groups[1].Value : name;
    }

    public static bool NamesComputer(string title)
    {
        if (Asked.IsMatch(title) || Price.IsMatch(title)) return false;
        var plain = title.Trim(' ', '*', '`', ':', '#');
        if (Addressed.IsMatch(plain) || Announced.IsMatch(plain)) return true;
        var name = Regex.Replace(plain, @" ?\([^()]{0,60}\)$", string.Empty);
        if (HostName.IsMatch(name)) return true;
        var words = name.Split(new[] { ' ', ':', '-', '–' }, StringSplitOptions.RemoveEmptyEntries);
        if (words.Any(word => ModelSize.IsMatch(word))) return false;
        var at = Array.FindLastIndex(words, Computers.Contains);
        // A number behind the word tells one computer from the others, whatever else is said of it.
        if (at >= 0 && at + 1 < words.Length && Identifier.IsMatch(words[at + 1])) return true;
        return at >= 0 && words.All(word => Computers.Contains(word) || Roles.Contains(word)
            || Identifier.IsMatch(word) || word.EndsWith("'s", StringComparison.Ordinal)
            || word.EndsWith("’s", StringComparison.Ordinal));
    }

    /// <summary>Whether a value is a name that a network gives and no other word.</summary>
    public static bool IsHostName(string value) => HostName.IsMatch(value) && value.Any(c => !char.IsLower(c));
}
