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
public sealed class ImportModelFitCatalogCommand : ModelFitCommand
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    /// <summary>Paths of catalogs, with wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet)]
    [SupportsWildcards]
    public string[] Path { get; set; } = Array.Empty<string>();

    /// <summary>Paths of catalogs, literally.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = LiteralPathSet)]
    [Alias("PSPath")]
    public string[] LiteralPath { get; set; } = Array.Empty<string>();

    /// <summary>Keep the catalog for this user's processes to come.</summary>
    [Parameter]
    public SwitchParameter Persist { get; set; }

    /// <inheritdoc/>
    protected override void OnRecord()
    {
        foreach (var path in Path)
        {
            if (!Attempt(() => ModelPaths.Expand(this, path), path, out var files)) continue;
            foreach (var file in files) Import(file);
        }

        foreach (var path in LiteralPath)
            if (Attempt(() => Literal(nameof(LiteralPath), path), path, out var file)) Import(file);
    }

    private void Import(string path)
    {
        if (Persist && !ShouldProcess(SiteCatalogs.Folder, $"Keep the catalog {path}")) return;
        if (Attempt(() => SiteCatalogs.Import(path, Persist, Cancellation), path, out var source))
            WriteObject(CatalogInfos.Of(source));
    }
}
