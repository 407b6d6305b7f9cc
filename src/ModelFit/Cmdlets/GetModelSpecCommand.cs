using System.Globalization;
using System.Management.Automation;
using ModelFit.Binding;
using ModelFit.Catalog;
using ModelFit.Common.Remote;
using ModelFit.Formats;
using ModelFit.Formats.Remote;
using ModelFit.Formats.Stores;

namespace ModelFit.Cmdlets;

/// <summary>Emits models: what is installed here, the catalog's, or what a file says of itself.</summary>
[Cmdlet(
    VerbsCommon.Get, "ModelSpec", DefaultParameterSetName = InstalledSet,
    HelpUri = ProjectAddress.Pages + "Get-ModelSpec.md")]
[OutputType(typeof(ModelSpec), typeof(PublishedFile))]
public sealed class GetModelSpecCommand : FilesCommand
{
    private const string InstalledSet = "Installed";
    private const string CatalogSet = "Catalog";
    private const string UriSet = "Uri";

    private readonly HashSet<string> _written = new(StringComparer.Ordinal);

    /// <summary>The stores to look in; default is all that are known, or none where folders are given.</summary>
    [Parameter(ParameterSetName = InstalledSet)]
    public ModelStore[]? Store { get; set; }

    /// <summary>Folders to look in, with the folders within them.</summary>
    [Parameter(ParameterSetName = InstalledSet)]
    public string[]? StorePath { get; set; }

    /// <summary>Catalog names or wildcards.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ParameterSetName = CatalogSet)]
    [ArgumentCompleter(typeof(ModelNameCompleter))]
    [SupportsWildcards]
    public string[]? Name { get; set; }

    /// <summary>Every model of the catalog.</summary>
    [Parameter(ParameterSetName = CatalogSet)]
    public SwitchParameter ListAvailable { get; set; }

    /// <summary>The files that are published of the models, instead of the models.</summary>
    [Parameter(ParameterSetName = CatalogSet)]
    public SwitchParameter Published { get; set; }

    /// <summary>Families or wildcards.</summary>
    [Parameter(ParameterSetName = CatalogSet)]
    [ArgumentCompleter(typeof(ModelFamilyCompleter))]
    [SupportsWildcards]
    public string[]? Family { get; set; }

    /// <summary>Addresses of models: http, https, <c>hf://owner/name[/file]</c>, <c>ollama://name:tag</c>.</summary>
    [Parameter(Mandatory = true, ParameterSetName = UriSet)]
    public string[] Uri { get; set; } = Array.Empty<string>();

    /// <summary>
    /// Name and password for the host of the address; for the Hugging Face hub the password is the token.
    /// </summary>
    [Parameter(ParameterSetName = UriSet)]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>The number of parameters (<c>21B</c>) where neither the files nor the architecture say it.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [Parameter(ParameterSetName = UriSet)]
    [ParameterCountArgument]
    public long? ParameterCount { get; set; }

    /// <inheritdoc/>
    protected override void OnRecord()
    {
        switch (ParameterSetName)
        {
            case CatalogSet:
                foreach (var name in Name ?? new[] { "*" }) WriteNamed(name);
                break;
            case PathSet:
            case LiteralPathSet:
                foreach (var file in Files()) WriteFile(file);
                break;
            case UriSet:
                foreach (var address in Uri) WriteRemote(address);
                break;
            default:
                WriteInstalled();
                break;
        }
    }

    private IReadOnlyList<ModelSpec> Find(string name)
    {
        if (name == "*") return ModelCatalog.All;
        return WildcardPattern.ContainsWildcardCharacters(name)
            ? ModelCatalog.Search(name)
            : new[] { PublishedModels.Resolve(name, Messages) };
    }

    private void WriteNamed(string name)
    {
        if (!Attempt(() => Find(name), name, out var found)) return;
        foreach (var model in found.Where(model => Wildcards.MatchAny(Family, model.Family)))
        {
            if (Published) WriteObject(PublishedModels.Files(model), enumerateCollection: true);
            else WriteObject(model);
        }
    }

    private void WriteFile(string file)
    {
        if (Attempt(() => ModelFiles.Read(file, Messages, Cancellation, ParameterCount), file, out var model))
            WriteOnce(model, file);
    }

    /// <summary>Of a split model only the first part that comes is answered for all.</summary>
    private void WriteOnce(ModelSpec model, string file)
    {
        var isNew = _written.Add(model.ModelPath ?? file);
        if (isNew || model.ModelPath == file) WriteObject(model);
        else WriteVerbose($"{file} is a part of {model.ModelPath}, which was read before.");
    }

    private void WriteInstalled()
    {
        if (Store is not null || StorePath is null) WriteStored(ModelStores.Enumerate(Store, Messages, Cancellation));
        foreach (var folder in StorePath ?? Array.Empty<string>())
        {
            if (Attempt(() => ModelPaths.Literal(this, folder), folder, out var path))
                WriteStored(ModelStores.EnumerateFolder(path, Messages, Cancellation));
        }
    }

    private void WriteStored(IEnumerable<StoredModel> models)
    {
        using var walk = models.GetEnumerator();
        while (AttemptLong(walk.MoveNext, null, out var isThere) && isThere)
        {
            if (walk.Current.Failure is { } failure) WriteFailure(failure, walk.Current.Path);
            else if (walk.Current.Model is { } model) WriteObject(model);
        }
    }

    private void WriteRemote(string address)
    {
        var options = new RemoteOptions
        {
            Credential = Credential?.GetNetworkCredential(),
            ParameterCount = ParameterCount,
            Progress = progress => WriteProgress(Progress(progress.Address, progress.BytesRead)),
        };
        var shown = AddressText.Show(address);
        var isRead = Attempt(() => RemoteModels.Read(address, options, Messages, Cancellation), shown, out var model);
        var done = Progress("done", 0);
        done.RecordType = ProgressRecordType.Completed;
        WriteProgress(done);
        if (isRead) WriteObject(model);
    }

    private static ProgressRecord Progress(string address, long bytesRead) => new(
        1, "Reading the header of a model", AddressText.Show(address))
    {
        CurrentOperation = (bytesRead >> 10).ToString(CultureInfo.InvariantCulture) + " KiB",
    };
}
