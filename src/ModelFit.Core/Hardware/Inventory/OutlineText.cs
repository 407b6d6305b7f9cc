using Newtonsoft.Json.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// Lines of <c>key: value</c> whose indentation says what belongs to what, as the tools' readable output has them, as
/// the JSON that the same tools could have written.
/// </summary>
internal static class OutlineText
{
    private const int MaxDepth = 32;

    /// <summary>
    /// An object of the lines: a key with deeper lines below it is an object (its own value is dropped), every other a
    /// text. A key that comes again gets a number. Lines without a colon are skipped.
    /// </summary>
    public static JObject Parse(IEnumerable<string> lines)
    {
        var root = new JObject();
        var open = new Stack<(int Indent, JObject Node)>();
        open.Push((-1, root));
        (int Indent, JObject Parent, string Key) last = (int.MaxValue, root, string.Empty);
        foreach (var line in lines)
        {
            var text = line.Trim();
            var colon = Colon(text);
            if (colon <= 0) continue;
            var indent = line.Length - line.TrimStart().Length;
            while (open.Peek().Indent >= indent) open.Pop();
            var parent = open.Peek().Node;
            if (indent > last.Indent && last.Parent == parent && open.Count < MaxDepth)
            {
                parent[last.Key] = parent = new JObject();
                open.Push((last.Indent, parent));
            }

            var key = Unique(parent, text.Substring(0, colon).TrimEnd());
            parent[key] = text.Substring(colon + 1).Trim();
            last = (indent, parent, key);
        }

        return root;
    }

    /// <summary>The colon that ends the key: before a blank or at the end.</summary>
    private static int Colon(string text)
    {
        for (var at = text.IndexOf(':'); at >= 0; at = text.IndexOf(':', at + 1))
        {
            if (at + 1 == text.Length || text[at + 1] is ' ' or '\t') return at;
        }

        return -1;
    }

    private static string Unique(JObject parent, string key)
    {
        if (parent.Property(key, StringComparison.Ordinal) is null) return key;
        var number = 2;
        while (parent.Property($"{key} ({number})", StringComparison.Ordinal) is not null) number++;
        return $"{key} ({number})";
    }
}
