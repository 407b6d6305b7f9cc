using System.IO;
using System.Management.Automation;
using ModelFit.Binding;
using ModelFit.Common;

namespace ModelFit.Cmdlets;

/// <summary>Writes a report of answers to a file, whole or not at all.</summary>
[Cmdlet(
    VerbsData.Export, "ModelFitReport", SupportsShouldProcess = true,
    HelpUri = ProjectAddress.Pages + "Export-ModelFitReport.md")]
[OutputType(typeof(FileInfo))]
public sealed class ExportModelFitReportCommand : ReportCommand
{
    /// <summary>The file.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [Alias("LiteralPath")]
    public string Path { get; set; } = string.Empty;

    /// <summary>Replace a file that is read-only.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Replace no file.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Emit the file.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void OnEnd()
    {
        if (!Attempt(() => ModelPaths.Literal(this, Path), Path, out var path)) return;
        if (Report() is not { } text || !ShouldProcess(path, "Write the report")) return;
        if (Attempt(() => Write(path, text), path) && PassThru) WriteObject(new FileInfo(path));
    }

    private void Write(string path, string text)
    {
        var file = new FileInfo(path);
        if (file.Exists && NoClobber) throw Exists(path, "is there already, and -NoClobber keeps it");
        if (file.Exists && file.IsReadOnly && !Force) throw Exists(path, "is read-only; -Force replaces it");
        if (file.Exists && file.IsReadOnly) file.IsReadOnly = false;
        WholeFile.Write(path, text);
    }

    private static ModelFitException Exists(string path, string why) =>
        new(ErrorIds.FileUnwritable, $"{path} {why}.", path);
}
