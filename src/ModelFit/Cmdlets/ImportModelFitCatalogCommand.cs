using System.Management.Automation;
using ModelFit.Binding;
using ModelFit.Catalog;
using ModelFit.Catalog.Sites;

namespace ModelFit.Cmdlets;

/// <summary>Adds a site's own catalog: cards, models, published files, names, approved models and prices.</summary>
[Cmdlet(
    VerbsData.Import, "ModelFitCatalog", SupportsShouldProcess = true, DefaultParameterSetName = PathSet,
    HelpUri = ProjectAddress.Pages + "Import-ModelFitCatalog.md")]
[OutputType(typeof(CatalogInfo))]
public sealed class ImportModelFitCatalogCommand : FilesCommand
{
    /// <summary>Paths of catalogs, with wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet)]
    [SupportsWildcards]
    public override string[] Path { get; set; } = Array.Empty<string>();

    /// <summary>Keep the catalog for this user's processes to come.</summary>
    [Parameter]
    public SwitchParameter Persist { get; set; }

    /// <inheritdoc/>
    protected override void OnRecord()
    {
        foreach (var file in Files())
        {
            if (Persist && !ShouldProcess(SiteCatalogs.Folder, $"Keep the catalog {file}")) continue;
            if (Attempt(() => SiteCatalogs.Import(file, Persist, Cancellation), file, out var source))
                WriteObject(CatalogInfos.Of(source));
        }
    }
}
