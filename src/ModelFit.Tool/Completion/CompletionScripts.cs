namespace ModelFit.Tool.Completion;

/// <summary>The scripts by the name of their shell.</summary>
internal static class CompletionScripts
{
    private static readonly Dictionary<string, Func<CompletionTable, string>> All =
        new(StringComparer.OrdinalIgnoreCase)
    {
        ["bash"] = BashScript.Of,
        ["zsh"] = ZshScript.Of,
        ["fish"] = FishScript.Of,
        ["powershell"] = PowerShellScript.Of,
    };

    /// <summary>The script for a shell.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static string For(string shell, CompletionTable table) => All.TryGetValue(shell, out var write)
        ? write(table).Replace("\r\n", "\n", StringComparison.Ordinal)
        : throw new UsageException($"Completion is available for {string.Join(", ", All.Keys)}, not for '{shell}'.");

    /// <summary>Lines, one a row.</summary>
    public static string Lines<T>(IEnumerable<T> rows, Func<T, string> line) =>
        string.Concat(rows.Select(row => line(row) + "\n"));
}
