using System.Management.Automation;
using System.Management.Automation.Runspaces;
using ModelFit.Testing;

namespace ModelFit.Tools.Help;

/// <summary>The module as the build has laid it out.</summary>
internal static class BuiltModule
{
    /// <summary>Its cmdlets by name, as PowerShell sees them.</summary>
    public static IReadOnlyList<CmdletInfo> Cmdlets()
    {
        var version = typeof(BuiltModule).Assembly.GetName().Version!.ToString(3);
        var state = InitialSessionState.CreateDefault2();
        state.ImportPSModule(RepositoryFolder.Path("out", "ModelFit", version, "ModelFit.psd1"));
        var runspace = RunspaceFactory.CreateRunspace(state);
        runspace.Open();
        return runspace.SessionStateProxy.InvokeCommand
            .GetCommands("*", CommandTypes.Cmdlet, nameIsPattern: true)
            .Cast<CmdletInfo>()
            .Where(cmdlet => cmdlet.ModuleName == "ModelFit")
            .OrderBy(cmdlet => cmdlet.Name, StringComparer.Ordinal)
            .ToArray();
    }
}
