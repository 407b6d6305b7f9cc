using System.Management.Automation;
using ModelFit.Binding;

namespace ModelFit.Cmdlets;

/// <summary>Emits a report of answers as text.</summary>
[Cmdlet(VerbsData.ConvertTo, "ModelFitReport", HelpUri = ProjectAddress.Pages + "ConvertTo-ModelFitReport.md")]
[OutputType(typeof(string))]
public sealed class ConvertToModelFitReportCommand : ReportCommand
{
    /// <inheritdoc/>
    protected override void OnEnd()
    {
        if (Report() is { } text) WriteObject(text.TrimEnd('\n'));
    }
}
