using System.Management.Automation;
using ModelFit.Binding;
using ModelFit.Catalog;

namespace ModelFit.Cmdlets;

/// <summary>Emits the catalogs that are in force, and the files that should be but are wrong.</summary>
[Cmdlet(VerbsCommon.Get, "ModelFitCatalog", HelpUri = ProjectAddress.Pages + "Get-ModelFitCatalog.md")]
[OutputType(typeof(CatalogInfo))]
public sealed class GetModelFitCatalogCommand : ModelFitCommand
{
    /// <summary>Names of catalogs, or wildcards.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    public string[]? Name { get; set; }

    /// <inheritdoc/>
    protected override void OnRecord() => WriteObject(
        CatalogInfos.All().Where(catalog => Wildcards.MatchAny(Name, catalog.Name)), enumerateCollection: true);
}
