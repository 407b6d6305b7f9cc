using Newtonsoft.Json.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// The YAML that kubectl writes: block mappings and sequences of scalars, by indentation. Block scalars and folded
/// lines are kept as far as their first line; anchors and flow collections do not occur and are scalars here.
/// </summary>
internal static class YamlText
{
    private const int MaxDepth = 64;

    /// <summary>The documents of the text; <c>---</c> separates them.</summary>
    public static IEnumerable<JToken> Documents(IEnumerable<string> lines)
    {
        var document = new List<(int Indent, string Text)>();
        foreach (var line in lines.Concat(new[] { "---" }))
        {
            if (line.StartsWith("---", StringComparison.Ordinal))
            {
                var at = 0;
                if (document.Count > 0) yield return Block(document, ref at, document[0].Indent, 0);
                document.Clear();
            }
            else if (line.Trim() is { Length: > 0 } text && text[0] != '#')
            {
                document.Add((line.Length - line.TrimStart().Length, text));
            }
        }
    }

    private static JToken Block(List<(int Indent, string Text)> lines, ref int at, int indent, int depth)
    {
        if (depth >= MaxDepth) return SkipDeeper(lines, ref at, indent);
        return IsItem(lines[at].Text) ? Sequence(lines, ref at, indent, depth) : Mapping(lines, ref at, indent, depth);
    }

    private static JToken SkipDeeper(List<(int Indent, string Text)> lines, ref int at, int indent)
    {
        while (at < lines.Count && lines[at].Indent >= indent) at++;
        return JValue.CreateNull();
    }

    private static JArray Sequence(List<(int Indent, string Text)> lines, ref int at, int indent, int depth)
    {
        var items = new JArray();
        while (at < lines.Count && lines[at].Indent == indent && IsItem(lines[at].Text))
        {
            var rest = lines[at].Text.Substring(1).TrimStart();
            var restIndent = indent + lines[at].Text.Length - rest.Length;
            if (rest.Length > 0 && (Colon(rest) > 0 || IsItem(rest)))
            {
                lines[at] = (restIndent, rest);
                items.Add(Block(lines, ref at, restIndent, depth + 1));
            }
            else
            {
                at++;
                items.Add(rest.Length == 0 && at < lines.Count && lines[at].Indent > indent
                    ? Block(lines, ref at, lines[at].Indent, depth + 1) : Unquote(rest));
                while (at < lines.Count && lines[at].Indent > indent) at++;
            }
        }

        return items;
    }

    private static JObject Mapping(List<(int Indent, string Text)> lines, ref int at, int indent, int depth)
    {
        var map = new JObject();
        while (at < lines.Count && lines[at].Indent == indent)
        {
            var text = lines[at++].Text;
            var colon = Colon(text);
            if (colon <= 0) continue;
            var key = Unquote(text.Substring(0, colon).TrimEnd());
            var value = text.Substring(colon + 1).Trim();
            var nests = value.Length == 0 && at < lines.Count
                && (lines[at].Indent > indent || (lines[at].Indent == indent && IsItem(lines[at].Text)));
            map[key] = nests ? Block(lines, ref at, lines[at].Indent, depth + 1) : Unquote(value);
            while (at < lines.Count && lines[at].Indent > indent) at++;
        }

        return map;
    }

    private static bool IsItem(string text) => text == "-" || text.StartsWith("- ", StringComparison.Ordinal);

    /// <summary>The colon that ends a key: outside quotation marks and before a blank or the end.</summary>
    private static int Colon(string text)
    {
        var from = text[0] is '"' or '\'' ? text.IndexOf(text[0], 1) + 1 : 0;
        for (var i = Math.Max(0, from); i < text.Length; i++)
        {
            if (text[i] == ':' && (i + 1 == text.Length || text[i + 1] == ' ')) return i;
        }

        return -1;
    }

    private static string Unquote(string text) =>
        text.Length >= 2 && text[0] is '"' or '\'' && text[text.Length - 1] == text[0]
            ? text.Substring(1, text.Length - 2) : text;
}
