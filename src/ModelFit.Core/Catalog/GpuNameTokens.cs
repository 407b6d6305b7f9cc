using System.Globalization;

namespace ModelFit.Catalog;

/// <summary>
/// A card's name in its smallest parts: runs of letters and runs of digits in lower case, so that <c>RTX3090</c>,
/// <c>rtx 3090</c> and <c>RTX-3090</c> are the same and <c>A1000</c> is not <c>A100</c>. A size is taken out of them.
/// </summary>
internal sealed class GpuNameTokens
{
    private static readonly Dictionary<string, string[]> Synonyms = new(StringComparer.Ordinal)
    {
        ["mobile"] = new[] { "laptop" },
        ["notebook"] = new[] { "laptop" },
        ["maxq"] = new[] { "max", "q" },
    };

    /// <summary>Words that make one with what is written on to them: <c>SXM4</c>, <c>HBM2e</c>.</summary>
    private static readonly HashSet<string> Prefixes = new(StringComparer.Ordinal)
    {
        "sxm", "hbm", "ddr", "gddr", "lpddr",
    };

    /// <summary>Computers whose names have words of chips (<c>MacBook Pro M4</c> is no M4 Pro).</summary>
    private static readonly string[] Computers =
        { "macbook pro", "macbook air", "mac pro", "mac studio", "mac mini", "imac pro", "imac", "macbook" };

    /// <summary>Words of cards with more memory than they were sold with.</summary>
    private static readonly string[] Modified = { "mod", "modded", "modified" };

    private static readonly string[] Marks = { "(r)", "(tm)", "(c)", "®", "™", "©" };

    private GpuNameTokens(HashSet<string> words, long? memoryBytes, bool isMemoryStated)
    {
        Words = words;
        MemoryBytes = memoryBytes;
        IsMemoryStated = isMemoryStated;
    }

    /// <summary>The distinct words; a letter that comes again is marked (<c>M4000M</c> is m, 4000, m').</summary>
    public HashSet<string> Words { get; }

    /// <summary>The size among the words, in bytes; null if there was none.</summary>
    public long? MemoryBytes { get; }

    /// <summary>
    /// Whether the size stood in parentheses, as <see cref="GpuListText.Describe"/> writes it, or the card is said to
    /// be modified: it is then the memory of this very card, whatever the catalog says.
    /// </summary>
    public bool IsMemoryStated { get; }

    /// <summary>Takes a name apart.</summary>
    public static GpuNameTokens Parse(string name)
    {
        var text = name.ToLowerInvariant();
        foreach (var mark in Marks) text = text.Replace(mark, " ");
        foreach (var computer in Computers) text = text.Replace(computer, "mac");
        var parts = Split(text);
        var words = new HashSet<string>(StringComparer.Ordinal);
        long? memory = null;
        var stated = false;
        for (var i = 0; i < parts.Count; i++)
        {
            var part = parts[i];
            if (IsSize(parts, i, out var bytes))
            {
                memory = bytes;
                stated = part.Start > 0 && text[part.Start - 1] == '(';
                i++;
                continue;
            }

            Add(words, part.Text);
            if (!Prefixes.Contains(part.Text)) continue;
            var whole = part.Text;
            while (i + 1 < parts.Count && parts[i + 1].IsGlued) whole += parts[++i].Text;
            words.Add(whole);
        }

        return new GpuNameTokens(words, memory, stated || words.Overlaps(Modified));
    }

    private static void Add(HashSet<string> words, string word)
    {
        if (Synonyms.TryGetValue(word, out var replacement)) words.UnionWith(replacement);
        else if (!words.Add(word) && word.Length == 1) words.Add(word + "'");
    }

    private static bool IsSize(List<Part> parts, int index, out long bytes)
    {
        bytes = 0;
        var isNumber = char.IsDigit(parts[index].Text[0]) && !parts[index].IsGlued;
        if (!isNumber || index + 1 == parts.Count) return false;
        var shift = parts[index + 1].Text switch
        {
            "gib" or "gb" or "g" => 30,
            "mib" or "mb" => 20,
            "b" => 0,
            _ => -1,
        };
        const NumberStyles style = NumberStyles.AllowDecimalPoint;
        if (shift < 0 || !decimal.TryParse(parts[index].Text, style, CultureInfo.InvariantCulture, out var number))
            return false;
        if (number > (decimal)long.MaxValue / (1L << shift)) return false;
        bytes = (long)(number * (1L << shift));
        return bytes > 0;
    }

    /// <summary>Runs of letters, runs of digits (with decimal points), and whether each touches the last.</summary>
    private static List<Part> Split(string text)
    {
        var parts = new List<Part>();
        var end = -1;
        for (var i = 0; i < text.Length;)
        {
            if (!char.IsLetterOrDigit(text[i]))
            {
                i++;
                continue;
            }

            var start = i;
            var isNumber = char.IsDigit(text[i]);
            while (i < text.Length && Belongs(text, i, isNumber)) i++;
            parts.Add(new Part(text.Substring(start, i - start), start, start == end));
            end = i;
        }

        return parts;
    }

    private static bool Belongs(string text, int i, bool isNumber) => isNumber
        ? char.IsDigit(text[i]) || (text[i] == '.' && i + 1 < text.Length && char.IsDigit(text[i + 1]))
        : char.IsLetter(text[i]);

    private sealed record Part(string Text, int Start, bool IsGlued);
}
