using System.Globalization;
using System.IO;
using System.Management.Automation;
using ModelFit.Binding;
using ModelFit.Catalog;
using ModelFit.Catalog.Sites;
using ModelFit.Common;

namespace ModelFit.Cmdlets;

/// <summary>Fetches which files repositories publish today, into a catalog of the site.</summary>
[Cmdlet(
    VerbsData.Update, "ModelFitCatalog", SupportsShouldProcess = true,
    HelpUri = ProjectAddress.Pages + "Update-ModelFitCatalog.md")]
[OutputType(typeof(CatalogInfo))]
public sealed class UpdateModelFitCatalogCommand : ModelFitCommand
{
    private const string FileName = "published.json";

    private readonly List<CatalogUpdate.Listing> _listings = new();

    /// <summary>Repositories at the hub, as <c>publisher/name</c>.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string[] Repository { get; set; } = Array.Empty<string>();

    /// <summary>The address of the hub's mirror; default is HF_ENDPOINT, or the hub itself.</summary>
    [Parameter]
    public string? Endpoint { get; set; }

    /// <summary>The catalog that is written; default is one that is kept for this user.</summary>
    [Parameter]
    public string? Path { get; set; }

    /// <summary>Name and password for the host; for the Hugging Face hub the password is the token.</summary>
    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <inheritdoc/>
    protected override void OnRecord()
    {
        var options = new RemoteOptions { Credential = Credential?.GetNetworkCredential() };
        foreach (var repository in Repository)
        {
            if (!ShouldProcess(repository, "Fetch the list of files")) continue;
            if (AttemptLong(
                () => CatalogUpdate.Fetch(repository, Endpoint, options, Messages, Cancellation),
                repository,
                out var listing)) _listings.Add(listing);
        }
    }

    /// <inheritdoc/>
    protected override void OnEnd()
    {
        if (_listings.Count == 0) return;
        if (Attempt(Write, Path, out var source)) WriteObject(CatalogInfos.Of(source));
    }

    private SiteSource Write()
    {
        var kept = System.IO.Path.Combine(SiteCatalogs.Folder, FileName);
        var path = Path is null ? kept : ModelPaths.Literal(this, Path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        var before = File.Exists(path) ? SiteCatalogFile.Read(path) : null;
        var today = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        WholeFile.Write(path, CatalogUpdate.Write(_listings, today, before));
        return SiteCatalogs.Import(path, keep: path == kept);
    }
}
