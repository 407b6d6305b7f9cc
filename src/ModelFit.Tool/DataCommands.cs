using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Microsoft.PowerShell.Commands;

namespace ModelFit.Tool;

/// <summary>
/// The shell's own commands that work on objects, of those that its engine leaves to another assembly. What compiles,
/// evaluates text or starts programs is not among them.
/// </summary>
internal static class DataCommands
{
    private static readonly Type[] Types =
    [
        typeof(CompareObjectCommand), typeof(GroupObjectCommand), typeof(MeasureObjectCommand),
        typeof(SelectObjectCommand), typeof(SortObjectCommand), typeof(GetUniqueCommand), typeof(WriteOutputCommand),
        typeof(FormatCustomCommand), typeof(FormatListCommand), typeof(FormatTableCommand), typeof(FormatWideCommand),
        typeof(OutFileCommand), typeof(OutStringCommand),
        typeof(ConvertFromCsvCommand), typeof(ConvertToCsvCommand), typeof(ExportCsvCommand), typeof(ImportCsvCommand),
        typeof(ConvertFromJsonCommand), typeof(ConvertToJsonCommand), typeof(ConvertToHtmlCommand),
        typeof(ExportClixmlCommand), typeof(ImportClixmlCommand),
    ];

    /// <summary>An entry each for the engine.</summary>
    public static IEnumerable<SessionStateCommandEntry> Entries() => Types.Select(Entry);

    /// <summary>The entry of a cmdlet, by the name that its attribute says.</summary>
    public static SessionStateCommandEntry Entry(Type cmdlet)
    {
        var name = (CmdletAttribute)Attribute.GetCustomAttribute(cmdlet, typeof(CmdletAttribute))!;
        return new SessionStateCmdletEntry($"{name.VerbName}-{name.NounName}", cmdlet, helpFileName: null);
    }
}
