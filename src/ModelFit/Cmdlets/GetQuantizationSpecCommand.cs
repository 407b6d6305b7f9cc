using System.Management.Automation;
using ModelFit.Binding;
using ModelFit.Catalog;

namespace ModelFit.Cmdlets;

/// <summary>Emits quantizations: bits a weight, and what they cost in quality.</summary>
[Cmdlet(VerbsCommon.Get, "QuantizationSpec", HelpUri = ProjectAddress.Pages + "Get-QuantizationSpec.md")]
[OutputType(typeof(QuantizationSpec))]
public sealed class GetQuantizationSpecCommand : ModelFitCommand
{
    /// <summary>Names or wildcards; default is all.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(QuantizationNameCompleter))]
    [SupportsWildcards]
    public string[]? Name { get; set; }

    /// <inheritdoc/>
    protected override void OnRecord()
    {
        foreach (var name in Name ?? new[] { "*" })
        {
            if (Attempt(() => QuantizationCatalog.Resolve(name), name, out var found)) WriteObject(found, true);
        }
    }
}
