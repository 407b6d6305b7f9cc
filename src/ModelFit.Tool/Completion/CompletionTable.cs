using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace ModelFit.Tool.Completion;

/// <summary>A cmdlet as a shell completes it; parameters with their hyphen, positions in their order.</summary>
internal sealed record CompletedCmdlet(
    string Name, IReadOnlyList<string> Parameters, IReadOnlyList<string> Switches, IReadOnlyList<string> Positions);

/// <summary>
/// What a script for another shell completes: cmdlets, their parameters, and the values that PowerShell would offer for
/// them. It is written into the script, so that completion starts no program.
/// </summary>
internal sealed record CompletionTable(
    IReadOnlyList<CompletedCmdlet> Cmdlets, IReadOnlyDictionary<string, IReadOnlyList<string>> Values)
{
    /// <summary>Asks the engine for all of them.</summary>
    public static CompletionTable Of(Runspace runspace)
    {
        var commands = runspace.SessionStateProxy.InvokeCommand
            .GetCommands("*", CommandTypes.Cmdlet, nameIsPattern: true)
            .Cast<CmdletInfo>()
            .Where(command => command.ModuleName == "ModelFit")
            .OrderBy(command => command.Name, StringComparer.Ordinal)
            .ToArray();
        using var shell = PowerShell.Create(runspace);
        var values = new SortedDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var command in commands)
        {
            foreach (var parameter in Own(command).Where(parameter => !parameter.SwitchParameter))
            {
                var known = Ask(shell, $"{command.Name} -{parameter.Name} ");
                if (known.Count > 0) values.TryAdd("-" + parameter.Name, known);
            }
        }

        return new(commands.Select(Describe).ToArray(), values);
    }

    private static CompletedCmdlet Describe(CmdletInfo command) => new(
        command.Name,
        Own(command).Select(parameter => "-" + parameter.Name).Order(StringComparer.Ordinal).ToArray(),
        Own(command).Where(parameter => parameter.SwitchParameter).Select(parameter => "-" + parameter.Name).ToArray(),
        command.ParameterSets.SelectMany(set => set.Parameters).Where(parameter => parameter.Position >= 0)
            .OrderBy(parameter => parameter.Position).DistinctBy(parameter => parameter.Position)
            .Select(parameter => "-" + parameter.Name).ToArray());

    private static IEnumerable<ParameterMetadata> Own(CmdletInfo command) =>
        command.Parameters.Values.Where(parameter => !Cmdlet.CommonParameters.Contains(parameter.Name)
            && !Cmdlet.OptionalCommonParameters.Contains(parameter.Name));

    private static List<string> Ask(PowerShell shell, string line) => CommandCompletion
        .CompleteInput(line, line.Length, new Hashtable(), shell)
        .CompletionMatches
        .Where(match => match.ResultType == CompletionResultType.ParameterValue)
        .Select(match => match.ListItemText)
        .ToList();
}
