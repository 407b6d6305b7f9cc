using Newtonsoft.Json.Linq;

namespace ModelFit.Module.Tests.Packages;

/// <summary>The YAML of winget's manifests: a member a line, lists of objects, plain values, no quotes.</summary>
internal static class PlainYaml
{
    /// <summary>Reads a document.</summary>
    /// <exception cref="FormatException">A line is of another form, or a value would not be a plain text.</exception>
    public static JObject Read(string text)
    {
        var root = new JObject();
        var (list, item) = ((JArray?)null, root);
        foreach (var line in text.Split('\n').Where(line => line.Length > 0 && line[0] != '#'))
        {
            var isItem = line.StartsWith("- ", StringComparison.Ordinal);
            if (isItem) (list ?? throw new FormatException(line)).Add(item = new JObject());
            else if (!line.StartsWith("  ", StringComparison.Ordinal)) (list, item) = (null, root);
            var (name, value) = Member(isItem || item != root ? line[2..] : line);
            item[name] = value.Length > 0 ? value : list = new JArray();
        }

        return root;
    }

    private static (string Name, string Value) Member(string line)
    {
        var colon = line.IndexOf(':');
        var value = colon > 0 && !line.StartsWith(' ') ? line[(colon + 1)..].Trim() : throw new FormatException(line);
        var isPlain = !value.Contains(": ", StringComparison.Ordinal) && !value.Contains(" #", StringComparison.Ordinal)
            && (value.Length == 0 || !"\"'[]{}>|*&!%#`@,?:-".Contains(value[0]));
        return isPlain ? (line[..colon], value) : throw new FormatException(line);
    }
}
