namespace ModelFit.Tool.Completion;

/// <summary>Completion for zsh.</summary>
internal static class ZshScript
{
    private const string Body = """
        _modelfit() {
            local cmdlet= name= seen i
            local -i position=1
            local -a candidates positions
            for ((i = 2; i < CURRENT; i++)); do
                seen=${words[i]}
                if [[ -z $cmdlet ]]; then
                    [[ $seen == [A-Za-z]*-* ]] && cmdlet=${(L)seen}
                elif [[ $seen == -[A-Za-z]* ]]; then
                    name=${(L)seen}
                    [[ " $(_modelfit_switches $cmdlet) " == *" $name "* ]] && name=
                elif [[ -n $name ]]; then
                    name=
                else
                    ((position++))
                fi
            done
            if [[ -z $cmdlet ]]; then
                candidates=("${(@f)$(_modelfit_cmdlets)}")
            elif [[ ${words[CURRENT]} == -* ]]; then
                candidates=("${(@f)$(_modelfit_parameters $cmdlet)}")
            else
                positions=($(_modelfit_positions $cmdlet))
                candidates=("${(@f)$(_modelfit_values ${name:-${(L)positions[position]}})}")
            fi
            [[ -n ${candidates[1]} ]] || { _files; return }
            compadd -V modelfit -M 'm:{a-zA-Z}={A-Za-z} l:|=* r:|=*' -a candidates
        }
        compdef _modelfit modelfit

        """;

    /// <summary>The script.</summary>
    public static string Of(CompletionTable table) =>
        "#compdef modelfit\n# Completion of modelfit for zsh, after compinit: source <(modelfit completion zsh)\n"
        + BashScript.Tables(table) + Body;
}
