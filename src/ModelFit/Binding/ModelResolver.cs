using System.IO;
using System.Management.Automation;
using System.Threading;
using ModelFit.Catalog;
using ModelFit.Common.Remote;
using ModelFit.Formats;
using ModelFit.Formats.Remote;
using ModelFit.Runtimes;

namespace ModelFit.Binding;

/// <summary>Finds the models that references stand for; each name and file is looked up once an invocation.</summary>
internal sealed class ModelResolver(PSCmdlet cmdlet, IMessageSink messages, CancellationToken stopping)
{
    private readonly Memo<string, IReadOnlyList<ModelSpec>> _known = new(StringComparer.Ordinal);
    private readonly Memo<string, string?> _quantizations = new(StringComparer.Ordinal);

    /// <summary>The references that were typed: only of these addresses are asked.</summary>
    public IReadOnlyCollection<ModelReference> Typed { get; set; } = Array.Empty<ModelReference>();

    /// <summary>
    /// The models of a reference; a wildcard may stand for none. Throws <see cref="ErrorIds.ModelNotFound"/>, or what
    /// reading a file throws.
    /// </summary>
    public IReadOnlyList<ModelSpec> Resolve(ModelReference reference)
    {
        if (reference.IsBlank) throw Blank();
        if (ArgumentText.Unwrap(reference.Value) is ModelSpec live) return new[] { live };
        if (TypeNames.Is<ModelSpec>(reference.Value)) return Again((PSObject)reference.Value);
        var text = ArgumentText.Text(reference.Value)!;
        if (RemoteModels.IsAddress(text) && reference.Alternative is null && !PublishedModels.IsListed(text))
            return Typed.Contains(reference) ? _known.Get(text, Fetch) : throw ModelPaths.NotTyped(text);
        if (ModelPaths.IsShare(text) && ArgumentText.Unwrap(reference.Value) is string && !Typed.Contains(reference))
            throw ModelPaths.NotTyped(text);
        var isPath = reference.IsPath || ArgumentText.Unwrap(reference.Value) is FileSystemInfo;
        return isPath ? OfPath(text, reference.Alternative) : _known.Get(text, OfText);
    }

    /// <summary>
    /// The quantization that the name of a model of the catalog says (an Ollama tag, a file name), or null.
    /// </summary>
    public string? QuantizationIn(ModelReference reference) =>
        reference.Name is { } name ? _quantizations.Get(name, Quantization) : null;

    private static ModelFitException Blank() => new(ErrorIds.EmptyArgument, "The name of a model is empty.");

    private static ModelFitException IsLine(string text) => new(
        ErrorIds.ModelNotFound,
        FailureKind.InvalidArgument,
        $"'{text}' is a launch line, not the name of a model: give it to -CommandLine.",
        text);

    private IReadOnlyList<ModelSpec> Fetch(string address)
    {
        messages.Verbose($"Fetching the header of {AddressText.Show(address)}.");
        return new[] { RemoteModels.Read(address, new RemoteOptions(), messages, stopping) };
    }

    private string? Quantization(string name)
    {
        var quantization = ModelCatalog.QuantizationIn(name);
        if (quantization is not null)
            messages.Verbose($"The quantization {quantization} comes from the name '{name}'.");
        return quantization;
    }

    private IReadOnlyList<ModelSpec> Again(PSObject deserialized)
    {
        var path = ArgumentText.Text(deserialized.Properties[nameof(ModelSpec.ModelPath)]?.Value);
        var name = ArgumentText.Text(deserialized.Properties[nameof(ModelSpec.Name)]?.Value);
        var isElsewhere = path is not null && (RemoteModels.IsAddress(path) || ModelPaths.IsShare(path));
        if (isElsewhere && name is null) throw ModelPaths.NotTyped(path!);
        if (path is not null && !isElsewhere) return OfPath(path, name);
        if (name is null) throw Blank();
        var repository = ArgumentText.Text(deserialized.Properties[nameof(ModelSpec.Repository)]?.Value);
        var quantization = ArgumentText.Text(deserialized.Properties[nameof(ModelSpec.Quantization)]?.Value);
        return _known.Get(repository is null ? name : $"{repository}:{quantization}", OfName);
    }

    private IReadOnlyList<ModelSpec> OfPath(string path, string? alternative)
    {
        var full = ModelPaths.Existing(cmdlet, path);
        if (alternative is null || full is not null) return _known.Get(full ?? path, Read);
        messages.Verbose($"'{path}' is not on this machine; the model is searched by its name '{alternative}'.");
        return _known.Get(alternative, OfName);
    }

    private IReadOnlyList<ModelSpec> OfText(string text)
    {
        if (!ModelPaths.IsPath(cmdlet, text)) return OfName(text);
        return ModelPaths.Expand(cmdlet, text).SelectMany(Read).ToArray();
    }

    private IReadOnlyList<ModelSpec> OfName(string text)
    {
        if (LaunchReader.IsLine(text)) throw IsLine(text);
        if (!WildcardPattern.ContainsWildcardCharacters(text) || PublishedModels.IsListed(text))
            return new[] { PublishedModels.Resolve(text, messages) };
        var found = ModelCatalog.Search(text);
        messages.Verbose($"'{text}' stands for {found.Count} models.");
        return found;
    }

    private IReadOnlyList<ModelSpec> Read(string path) => new[] { ModelFiles.Read(path, messages, stopping) };
}

/// <summary>A model that is asked about.</summary>
/// <param name="Spec">The model.</param>
/// <param name="Quantization">The quantization that its name says beside it, or null.</param>
internal readonly record struct AskedModel(ModelSpec Spec, string? Quantization = null);
