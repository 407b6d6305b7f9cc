using static ModelFit.Tool.Completion.CompletionScripts;

namespace ModelFit.Tool.Completion;

/// <summary>Completion for fish.</summary>
internal static class FishScript
{
    private const string Body = """
        function __modelfit_position
            set -l tokens (commandline -opc) (commandline -ct)
            set -l cmdlet
            set -l name
            set -l position 1
            for seen in $tokens[2..-2]
                if test -z "$cmdlet"
                    string match -qr '^[A-Za-z]+-' -- $seen; and set cmdlet (string lower -- $seen)
                else if string match -qr '^-[A-Za-z]' -- $seen
                    set name (string lower -- $seen)
                    contains -- $name (__modelfit_switches $cmdlet); and set name
                else if test -n "$name"
                    set name
                else
                    set position (math $position + 1)
                end
            end
            test -n "$name"; and return
            set -l positions (__modelfit_positions $cmdlet)
            set -q positions[$position]; and __modelfit_values (string lower -- $positions[$position])
        end
        complete -c modelfit -f -n 'not __fish_seen_subcommand_from (__modelfit_cmdlets)' -a '(__modelfit_cmdlets)'
        complete -c modelfit -n '__fish_seen_subcommand_from (__modelfit_cmdlets)' -k -a '(__modelfit_position)'

        """;

    /// <summary>The script.</summary>
    public static string Of(CompletionTable table) =>
        "# Completion of modelfit for fish: modelfit completion fish | source\n"
        + $"function __modelfit_cmdlets\n    printf '%s\\n' {Words(table.Cmdlets.Select(cmdlet => cmdlet.Name))}\nend\n"
        + Choice("switches", table.Cmdlets.Select(cmdlet => (cmdlet.Name, cmdlet.Switches)), Lower)
        + Choice("positions", table.Cmdlets.Select(cmdlet => (cmdlet.Name, cmdlet.Positions)), text => text)
        + Choice("values", table.Values.Select(entry => (entry.Key, entry.Value)), text => text)
        + Body
        + Lines(
            table.Cmdlets.SelectMany(cmdlet => cmdlet.Parameters.Select(name => (cmdlet, name))),
            row => $"complete -c modelfit -n '__fish_seen_subcommand_from {row.cmdlet.Name}' -o {row.name[1..]}"
                + (row.cmdlet.Switches.Contains(row.name) ? string.Empty
                    : table.Values.ContainsKey(row.name) ? $" -x -k -a '(__modelfit_values {Lower(row.name)})'"
                    : " -r"));

    private static string Choice(
        string name, IEnumerable<(string Key, IReadOnlyList<string> Words)> rows, Func<string, string> text) =>
        $"function __modelfit_{name}\n    switch $argv[1]\n"
        + Lines(
            rows.Where(row => row.Words.Count > 0),
            row => $"        case {Lower(row.Key)}\n            printf '%s\\n' {Words(row.Words.Select(text))}")
        + "    end\nend\n";

    private static string Lower(string text) => text.ToLowerInvariant();

    private static string Words(IEnumerable<string> words) => string.Join(
        " ", words.Select(word => "'" + word.Replace("\\", "\\\\").Replace("'", "\\'") + "'"));
}
