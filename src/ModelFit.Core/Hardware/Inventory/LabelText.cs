namespace ModelFit.Hardware.Inventory;

/// <summary>Lines of <c>label: value</c>, as many tools print them.</summary>
internal static class LabelText
{
    /// <summary>Label and value of a line, both trimmed; null if it has none.</summary>
    public static (string Label, string Value)? Split(string line, char separator = ':')
    {
        var at = line.IndexOf(separator);
        if (at <= 0) return null;
        var label = line.Substring(0, at).Trim();
        return label.Length == 0 ? null : (label, line.Substring(at + 1).Trim());
    }

    /// <summary>The first value of each label, whatever its case.</summary>
    public static Dictionary<string, string> First(IEnumerable<string> lines, char separator = ':')
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines)
        {
            if (Split(line, separator) is { } pair && !values.ContainsKey(pair.Label))
                values[pair.Label] = pair.Value;
        }

        return values;
    }

    /// <summary>The value of the first of the labels that says something; null if none does.</summary>
    public static string? Text(this IReadOnlyDictionary<string, string> values, params string[] labels) =>
        labels.Select(label => values.TryGetValue(label, out var value) ? Fields.Text(value) : null)
            .FirstOrDefault(value => value is not null);

    /// <summary>The blocks of lines that lines of a kind begin, each with its first line.</summary>
    public static IEnumerable<List<string>> Blocks(IEnumerable<string> lines, Func<string, bool> begins)
    {
        List<string>? block = null;
        foreach (var line in lines)
        {
            if (begins(line))
            {
                if (block is not null) yield return block;
                block = new List<string>();
            }

            block?.Add(line);
        }

        if (block is not null) yield return block;
    }
}
