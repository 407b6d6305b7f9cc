using static ModelFit.Tool.Completion.CompletionScripts;

namespace ModelFit.Tool.Completion;

/// <summary>Completion for bash 4 and later.</summary>
internal static class BashScript
{
    private const string Body = """
        _modelfit() {
            local word=${COMP_WORDS[COMP_CWORD]} cmdlet= name= position=0 candidates= seen line i
            for ((i = 1; i < COMP_CWORD; i++)); do
                seen=${COMP_WORDS[i]}
                if [[ -z $cmdlet ]]; then
                    [[ $seen == [A-Za-z]*-* ]] && cmdlet=${seen,,}
                elif [[ $seen == -[A-Za-z]* ]]; then
                    name=${seen,,}
                    [[ " $(_modelfit_switches "$cmdlet") " == *" $name "* ]] && name=
                elif [[ -n $name ]]; then
                    name=
                else
                    ((position++))
                fi
            done
            if [[ -z $cmdlet ]]; then
                candidates=$(_modelfit_cmdlets)
            elif [[ $word == -* ]]; then
                candidates=$(_modelfit_parameters "$cmdlet")
            else
                local positions=($(_modelfit_positions "$cmdlet"))
                candidates=$(_modelfit_values "${name:-${positions[position],,}}")
            fi
            local typed=${word#[\'\"]}
            typed=${typed//\\/}
            typed=${typed,,}
            COMPREPLY=()
            [[ -n $candidates ]] || return
            while IFS= read -r line; do
                [[ ${line,,} == "$typed"* || ${line,,} == *[\ /-]"$typed"* ]] || continue
                [[ $word == [\'\"]* ]] || printf -v line %q "$line"
                COMPREPLY+=("$line")
            done <<<"$candidates"
        }
        complete -o default -o nosort -F _modelfit modelfit

        """;

    /// <summary>The script.</summary>
    public static string Of(CompletionTable table) =>
        "# Completion of modelfit for bash: source <(modelfit completion bash)\n"
        + Tables(table) + Body;

    /// <summary>The functions that say what is known, which zsh understands too.</summary>
    public static string Tables(CompletionTable table) =>
        $"_modelfit_cmdlets() {{\n    printf '%s\\n' {Words(table.Cmdlets.Select(cmdlet => cmdlet.Name))}\n}}\n"
        + Choice("parameters", table, cmdlet => string.Join("\n", cmdlet.Parameters))
        + Choice("switches", table, cmdlet => string.Join(" ", cmdlet.Switches).ToLowerInvariant())
        + Choice("positions", table, cmdlet => string.Join(" ", cmdlet.Positions))
        + "_modelfit_values() {\n    case $1 in\n"
        + Lines(table.Values, entry =>
            $"    {entry.Key.ToLowerInvariant()}) printf '%s\\n' {Words(entry.Value)} ;;")
        + "    esac\n}\n";

    private static string Choice(string name, CompletionTable table, Func<CompletedCmdlet, string> text) =>
        $"_modelfit_{name}() {{\n    case $1 in\n"
        + Lines(table.Cmdlets, cmdlet => $"    {cmdlet.Name.ToLowerInvariant()}) echo {Word(text(cmdlet))} ;;")
        + "    esac\n}\n";

    private static string Words(IEnumerable<string> words) =>
        string.Join(" ", words.Select(Word));

    private static string Word(string text) => "'" + text.Replace("'", "'\\''") + "'";
}
