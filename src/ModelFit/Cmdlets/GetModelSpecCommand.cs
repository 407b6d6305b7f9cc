using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using ModelFit.Binding;
using ModelFit.Catalog;
using ModelFit.Formats;

namespace ModelFit.Commands;

/// <summary>Emits models: what is installed here, the catalog's, or what a file says of itself.</summary>
[Cmdlet(VerbsCommon.Get, "ModelSpec", DefaultParameterSetName = InstalledSet)]
[OutputType(typeof(ModelSpec))]
public sealed class GetModelSpecCommand : ModelFitCommand
{
    private const string InstalledSet = "Installed";
    private const string CatalogSet = "Catalog";
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";
    private const string UriSet = "Uri";

    /// <summary>The stores to look in; default is all that are known.</summary>
    [Parameter(ParameterSetName = InstalledSet)]
    [ValidateSet("Ollama", "LMStudio", "HuggingFace", "LlamaCpp")]
    public string[]? Store { get; set; }

    /// <summary>Folders to look in.</summary>
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

    /// <summary>Families or wildcards.</summary>
    [Parameter(ParameterSetName = CatalogSet)]
    [ArgumentCompleter(typeof(ModelFamilyCompleter))]
    [SupportsWildcards]
    public string[]? Family { get; set; }

    /// <summary>Paths of model files, with wildcards.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PathSet)]
    [SupportsWildcards]
    public string[] Path { get; set; } = Array.Empty<string>();

    /// <summary>Paths of model files, literally.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = LiteralPathSet)]
    [Alias("PSPath")]
    public string[] LiteralPath { get; set; } = Array.Empty<string>();

    /// <summary>Addresses of model files.</summary>
    [Parameter(Mandatory = true, ParameterSetName = UriSet)]
    public string[] Uri { get; set; } = Array.Empty<string>();

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        switch (ParameterSetName)
        {
            case CatalogSet:
                foreach (var name in Name ?? new[] { "*" }) WriteNamed(name);
                break;
            case PathSet:
                foreach (var path in Path) WriteFiles(path, () => ModelPaths.Expand(this, path));
                break;
            case LiteralPathSet:
                foreach (var path in LiteralPath) WriteFiles(path, () => new[] { ModelPaths.Literal(this, path) });
                break;
            default:
                WriteFailure(new(
                    ErrorIds.NotImplemented, FailureKind.NotImplemented,
                    "Installed models and addresses are not read yet."));
                break;
        }
    }

    private static IReadOnlyList<ModelSpec> Find(string name)
    {
        var found = name == "*" ? ModelCatalog.All : ModelCatalog.Search(name);
        if (found.Count > 0 || WildcardPattern.ContainsWildcardCharacters(name)) return found;
        return new[] { ModelCatalog.Resolve(name, NullSink.Instance) };
    }

    private void WriteNamed(string name)
    {
        if (!Attempt(() => Find(name), name, out var found)) return;
        foreach (var model in found.Where(model => Wildcards.MatchAny(Family, model.Family))) WriteObject(model);
    }

    private void WriteFiles(string path, Func<IReadOnlyList<string>> expand)
    {
        if (!Attempt(expand, path, out var files)) return;
        foreach (var file in files)
        {
            if (Attempt(() => ModelFiles.Read(file, Messages, Cancellation), file, out var model)) WriteObject(model);
        }
    }
}
