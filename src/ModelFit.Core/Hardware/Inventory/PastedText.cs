using System.Threading;
using ModelFit.Common;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// A text as people paste it: between code fences, with the prompts of the shell that it was typed into, quoted or
/// commented out line by line, or indented as a whole.
/// </summary>
internal static class PastedText
{
    private const int MostPrompts = 20_000;

    /// <summary>What begins code in reStructuredText.</summary>
    private const string Directive = ".. code-block::";

    private static readonly Regex Prompt = new(
        @"^\s{0,8}(?:\([\w.-]{1,40}\) ?)?(?:PS [^>\n]{0,200}> ?|[A-Z]:\\[^>\n]{0,200}>|>>> |\$ (?=\S)|" +
        @"\[?[\w.-]{1,64}@[\w.-]{1,64}[: ][^$#%\n]{0,200}[$#%](?: |$)|\[[\w.-]{1,64}@[^\]\n]{1,80}\][$#] |" +
        @"[\w.-]{1,64}@[\w.-]{1,64} [~/][^>\n]{0,200}> ).*$");

    private static readonly Regex HostPrompt = new(
        @"^\s{0,8}(?:\([\w.-]{1,40}\) ?)?\[?[\w.-]{1,64}@([\w.-]{1,64})" +
        @"(?:[: ][^$#%\n]{0,200}[$#%](?: |$)| [~/][^>\n]{0,200}> )");

    /// <summary>What systemd's journal writes before a line: when, on which host, by which process.</summary>
    private static readonly Regex Journal = new(
        @"^\S{3,5} {1,2}\d{1,2} \d\d:\d\d:\d\d ([\w.-]{1,64}) [\w./@-]{1,64}(?:\[\d{1,8}\])?: ");

    /// <summary>What <c>docker compose logs</c> writes before a line: the name of the container.</summary>
    private static readonly Regex Container = new(@"^([\w.-]{2,64}) {1,40}\| ");

    private static readonly Regex Mark = new(@"^\s{0,12}(?:>|#|//|--|;)(?: |$)");

    private static readonly Regex[] Marks = { Mark, Journal, Container };

    /// <summary>The text alone.</summary>
    public static string Plain(string text, CancellationToken stop)
    {
        var hasFence = text.IndexOf("```", StringComparison.Ordinal) >= 0
            || text.IndexOf(Directive, StringComparison.Ordinal) >= 0;
        var lines = text.Split('\n').Until(stop);
        if (text.IndexOf('`') >= 0) lines = lines.Select(Unquoted).ToList();
        IReadOnlyList<string> kept = lines.Where(line => !IsFence(line) && !Prompt.IsMatch(line)).ToList();
        var mark = Marks.FirstOrDefault(known => IsMarked(kept, known));
        var isIndented = kept.FirstOrDefault(line => line.Trim().Length > 0)?.StartsWith(" ", StringComparison.Ordinal)
            == true;
        if (!isIndented && !hasFence && text.IndexOf('`') < 0 && kept.Count == lines.Count && mark is null) return text;
        kept = mark is null ? kept : kept.Select(line => mark.Replace(line, string.Empty, 1)).ToList();
        return string.Join("\n", hasFence || isIndented ? Outdented(kept) : kept);
    }

    /// <summary>The host that the prompts of the text name; null if none does, or several are named.</summary>
    public static string? Host(string text, CancellationToken stop)
    {
        var hosts = text.Split('\n').Until(stop).Take(MostPrompts)
            .Select(line => line.IndexOf('@') > 0 ? PromptHost(line) : JournalHost(line)).OfType<string>()
            .Distinct(StringComparer.OrdinalIgnoreCase).Take(2).ToList();
        return hosts.Count == 1 ? hosts[0] : null;
    }

    /// <summary>The host that a prompt names; null if the line is none.</summary>
    public static string? PromptHost(string line) =>
        HostPrompt.Match(line) is { Success: true } prompt ? prompt.Groups[1].Value : null;

    private static string? JournalHost(string line) =>
        Journal.Match(line) is { Success: true } entry ? entry.Groups[1].Value : null;

    private static bool IsFence(string line) => line.TrimStart() is var text
        && (text.StartsWith("```", StringComparison.Ordinal) || text.StartsWith(Directive, StringComparison.Ordinal));

    /// <summary>The lines without what all of them are indented by, as code within a list is.</summary>
    private static IEnumerable<string> Outdented(IReadOnlyList<string> lines)
    {
        var least = lines.Where(line => line.Trim().Length > 0)
            .Select(line => line.Length - line.TrimStart(' ').Length).DefaultIfEmpty(0).Min();
        return lines.Select(line => line.Length >= least ? line.Substring(least) : line);
    }

    /// <summary>Whether each line that has anything begins with a mark, of the same host or container.</summary>
    private static bool IsMarked(IEnumerable<string> lines, Regex mark)
    {
        var count = 0;
        string? whose = null;
        foreach (var line in lines)
        {
            if (line.Trim().Length == 0) continue;
            var match = mark.Match(line);
            if (!match.Success || (whose ??= match.Groups[1].Value) != match.Groups[1].Value) return false;
            count++;
        }

        return count > 1;
    }

    /// <summary>A line without the single backtick that begins or ends it, as code within a sentence.</summary>
    private static string Unquoted(string line)
    {
        var text = line.TrimEnd();
        if (text.StartsWith("`", StringComparison.Ordinal) && !text.StartsWith("``", StringComparison.Ordinal))
            text = text.Substring(1);
        return text.EndsWith("`", StringComparison.Ordinal) && !text.EndsWith("``", StringComparison.Ordinal)
            ? text.Substring(0, text.Length - 1) : text;
    }
}
