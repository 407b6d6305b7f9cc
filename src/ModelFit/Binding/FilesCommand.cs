using System.Management.Automation;

namespace ModelFit.Binding;

/// <summary>Files: by paths with wildcards, or literally, as the pipeline binds them.</summary>
public abstract class FilesCommand : ModelFitCommand
{
    /// <summary>The parameter set of paths with wildcards.</summary>
    protected const string PathSet = "Path";

    /// <summary>The parameter set of literal paths.</summary>
    protected const string LiteralPathSet = "LiteralPath";

    /// <summary>Paths, with wildcards.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PathSet)]
    [SupportsWildcards]
    public virtual string[] Path { get; set; } = Array.Empty<string>();

    /// <summary>Paths, literally.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = LiteralPathSet)]
    [Alias("PSPath")]
    public string[] LiteralPath { get; set; } = Array.Empty<string>();

    /// <summary>Every file that the paths of the record name; a path that names none is an error of its own.</summary>
    private protected IEnumerable<string> Files()
    {
        foreach (var path in Path)
        {
            if (!Attempt(() => ModelPaths.Expand(this, path), path, out var files)) continue;
            foreach (var file in files) yield return file;
        }

        foreach (var path in LiteralPath)
            if (Attempt(() => Literal(nameof(LiteralPath), path), path, out var file)) yield return file;
    }
}
