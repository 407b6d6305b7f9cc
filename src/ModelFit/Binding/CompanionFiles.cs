using System.IO;
using System.Management.Automation;
using System.Threading;
using ModelFit.Catalog;
using ModelFit.Common;
using ModelFit.Formats;

namespace ModelFit.Binding;

/// <summary>What is loaded beside a model: files that were typed, and those of a launch line or an answer.</summary>
internal sealed class CompanionFiles(PSCmdlet cmdlet, IMessageSink messages, CancellationToken stopping)
{
    private readonly Memo<(string Path, CompanionKind Kind), CompanionFile?> _read = new();
    private readonly Memo<string, DraftModel?> _drafts = new(StringComparer.Ordinal);
    private EquatableArray<CompanionFile>? _typed;

    /// <summary>Reads what was typed; a file that cannot be read ends the cmdlet.</summary>
    public void ReadTyped(string? projector, string[]? adapters)
    {
        var files = (adapters ?? Array.Empty<string>()).Select(path => (Path: path, Kind: CompanionKind.Adapter));
        if (projector is not null) files = files.Prepend((projector, CompanionKind.Projector));
        var read = new List<CompanionFile>();
        foreach (var (path, kind) in files)
        {
            try
            {
                read.Add(ModelFiles.ReadCompanion(ModelPaths.Literal(cmdlet, path), kind, stopping));
            }
            catch (ModelFitException failure)
            {
                cmdlet.ThrowTerminatingError(ErrorRecords.From(failure, path));
            }

            cmdlet.WriteVerbose($"{path}: {SizeText.Gib(read.Last().Bytes)} are added.");
        }

        if (read.Count > 0) _typed = new EquatableArray<CompanionFile>(read);
    }

    /// <summary>
    /// The files beside a model: the typed ones, else those that a launch line or an answer names. They may be on
    /// another machine: a projector is then the published one of the model; what is not known is said and not counted.
    /// </summary>
    public EquatableArray<CompanionFile>? Of(ModelSpec model, IReadOnlyList<(string Path, CompanionKind Kind)>? named)
    {
        IEnumerable<CompanionFile> files = _typed
            ?? named?.Select(file => Known(model, file)).OfType<CompanionFile>()
            ?? Enumerable.Empty<CompanionFile>();
        var read = files.Select(file => Projectors.Known(model.Name, file)).ToArray();
        return read.Length == 0 ? null : new EquatableArray<CompanionFile>(read);
    }

    /// <summary>
    /// The model that drafts, by its path or name; of a file that is not here its name counts. Null where there is
    /// none, or where it is not known, which is said.
    /// </summary>
    public DraftModel? Draft(ModelResolver models, string? text) =>
        text is null ? null : _drafts.Get(text, name => Find(models, name));

    private DraftModel? Find(ModelResolver models, string text)
    {
        var isPath = text.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase);
        var words = isPath ? new[] { text } : text.Split(' ');
        var name = isPath ? Path.GetFileNameWithoutExtension(text.Replace('\\', '/')) : words[0];
        return Attempt($"The draft model '{text}' is not counted", () =>
        {
            var model = models.Resolve(new ModelReference(words[0])
            {
                IsPath = isPath, Alternative = isPath ? name : null,
            })[0];
            if (model.ModelPath is not null) return new DraftModel(model, null);
            if (Companions.IsDraftHead(text))
                throw new ModelFitException(ErrorIds.ModelSizeUnknown, "only its file tells its size.", text);
            return new DraftModel(
                model,
                QuantizationLabel.In(words.Last())?.Name ?? QuantizationLabel.In(name)?.Name
                    ?? PublishedModels.DefaultQuantization(model));
        });
    }

    /// <summary>The text of a file that a line names; null where it cannot be read, which is said.</summary>
    public string? Text(string path) => Attempt(
        $"'{path}' is not read",
        () => FileOpener.Text(ModelPaths.OfRecord(cmdlet, path), FileOpener.WrittenBytes, stopping));

    private CompanionFile? Known(ModelSpec model, (string Path, CompanionKind Kind) file)
    {
        if (file.Kind == CompanionKind.ControlVector) return Vector(model, file.Path);
        var isHere = !file.Path.StartsWith("hf://", StringComparison.Ordinal)
            && !ModelPaths.IsShare(file.Path) && ModelPaths.Existing(cmdlet, file.Path) is not null;
        if (!isHere && file.Kind == CompanionKind.Projector
            && Projectors.Of(model.Name, RepositoryOf(file.Path) ?? model.Repository) is { } published)
        {
            return file.Path == published.Path ? published : published with { Path = file.Path };
        }

        return _read.Get(file, Read);
    }

    private static string? RepositoryOf(string path) =>
        path.StartsWith("hf://", StringComparison.Ordinal) && path.Split('/') is { Length: > 4 } parts
            ? parts[2] + "/" + parts[3]
            : null;

    /// <summary>
    /// A row of the embedding's width for every layer but the first (src/llama-adapter.cpp, llama_adapter_cvec::init).
    /// </summary>
    private static CompanionFile Vector(ModelSpec model, string path) => new(
        CompanionKind.ControlVector,
        path,
        Math.Max(0L, (model.LayerCount ?? 1) - 1) * (model.EmbeddingLength ?? 0) * sizeof(float));

    private CompanionFile? Read((string Path, CompanionKind Kind) file) => Attempt(
        $"'{file.Path}' is not counted",
        () => ModelFiles.ReadCompanion(ModelPaths.OfRecord(cmdlet, file.Path), file.Kind, stopping));

    /// <summary>What a step gives; null where it fails, which is said with what that means.</summary>
    private T? Attempt<T>(string otherwise, Func<T> step)
        where T : class
    {
        try
        {
            return step();
        }
        catch (ModelFitException failure)
        {
            messages.Warning($"{otherwise}: {failure.Message}");
            return null;
        }
    }
}
