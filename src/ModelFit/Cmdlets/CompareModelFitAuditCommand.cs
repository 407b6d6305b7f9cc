using System.IO;
using System.Management.Automation;
using ModelFit.Binding;
using ModelFit.Fleet;

namespace ModelFit.Cmdlets;

/// <summary>Emits what changed from one audit to another.</summary>
[Cmdlet(VerbsData.Compare, "ModelFitAudit", HelpUri = ProjectAddress.Pages + "Compare-ModelFitAudit.md")]
[OutputType(typeof(AuditChange))]
public sealed class CompareModelFitAuditCommand : ModelFitCommand
{
    private readonly List<AuditRecord> _after = new();

    /// <summary>The earlier audit: its records, or the path of their file.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [AllowEmptyCollection]
    public PSObject[] ReferenceObject { get; set; } = Array.Empty<PSObject>();

    /// <summary>The later audit: its records, or the path of their file.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [AllowEmptyCollection]
    public PSObject[] DifferenceObject { get; set; } = Array.Empty<PSObject>();

    /// <summary>Free GPU memory by which a machine may differ without a change; default is 1 GiB.</summary>
    [Parameter]
    [SizeArgument(AllowZero = true)]
    public long? FreeMemoryThreshold { get; set; }

    /// <inheritdoc/>
    protected override void OnRecord() => Collect(DifferenceObject, _after);

    /// <inheritdoc/>
    protected override void OnEnd()
    {
        var before = new List<AuditRecord>();
        Collect(ReferenceObject, before);
        var usual = new AuditThresholds();
        var thresholds = usual with { FreeMemoryBytes = FreeMemoryThreshold ?? usual.FreeMemoryBytes };
        foreach (var change in AuditComparison.Compare(before, _after, thresholds)) WriteObject(change);
    }

    private void Collect(PSObject[] given, List<AuditRecord> records)
    {
        foreach (var element in given)
        {
            switch (ArgumentText.Unwrap(element))
            {
                case null:
                    break;
                case string path:
                    records.AddRange(ReadFile(path));
                    break;
                case FileInfo file:
                    records.AddRange(ReadFile(file.FullName));
                    break;
                default:
                    records.Add(Rehydration.Audit(element));
                    break;
            }
        }
    }

    /// <summary>A half of an audit would show changes that are none: what cannot be read ends the comparison.</summary>
    private AuditRecord[] ReadFile(string path) => Require(
        () => AuditJson.Read(ModelPaths.Literal(this, path), Cancellation).ToArray(), path);
}
