using System.IO;
using System.Threading;
using ModelFit.Architectures;
using ModelFit.Models;

namespace ModelFit.Formats.Gguf;

/// <summary>From the headers of a GGUF model to its <see cref="ModelSpec"/>.</summary>
internal static class GgufModel
{
    /// <summary>
    /// Reads the model of which a file or a part is open. What is not a language model is described too, with a
    /// warning, but its layout refuses to be computed with.
    /// </summary>
    public static ModelSpec Read(
        ByteSource source, ModelOrigin origin, IMessageSink messages, CancellationToken cancellation)
    {
        var parts = GgufParts.Read(source, cancellation);
        SayWhoReadsIt(parts.First, messages);
        var content = GgufContents.Of(parts);
        var definition = parts.Definition;
        if (content == GgufContent.LanguageModel)
        {
            ModelChecks.Check(parts.First.File, definition);
            var quantization = FileTypes.Of(parts.First.File, definition, messages);
            var given = Given(parts, origin, quantization, new FileLayout(definition, quantization));
            return ModelSpecs.FromDefinition(definition, given);
        }

        var refusal = InvalidFile.Whole(
            parts.First.File,
            "this is " + GgufContents.Describe(content, definition.Architecture) + ", not a language model");
        messages.Warning(refusal.Message);
        var type = FileTypes.Dominant(definition.Tensors)?.ToString();
        return Given(parts, origin, type, new RefusingLayout(refusal));
    }

    /// <summary>
    /// Reads a file that is loaded beside a language model; all its tensors cost memory. Throws
    /// <see cref="ErrorIds.InvalidModelFile"/> for anything else.
    /// </summary>
    public static CompanionFile ReadCompanion(
        ByteSource source, CompanionKind kind, CancellationToken cancellation)
    {
        var parts = GgufParts.Read(source, cancellation);
        var content = GgufContents.Of(parts);
        var expected = kind == CompanionKind.Projector ? GgufContent.Projector : GgufContent.Adapter;
        if (content == expected) return new CompanionFile(kind, source.Name, parts.Definition.WeightBytes);
        string Words(GgufContent what) => GgufContents.Describe(what, parts.Metadata.Architecture);
        throw InvalidFile.Whole(parts.First.File, $"expected {Words(expected)}, found {Words(content)}");
    }

    private static void SayWhoReadsIt(GgufHeader header, IMessageSink messages)
    {
        if (header.Version == 1)
            messages.Warning(header.File + " has version 1 of GGUF, which llama.cpp no longer loads.");
        if (header.IsBigEndian)
            messages.Warning(header.File + " is in big-endian order and loads on such machines only.");
    }

    private static ModelSpec Given(
        GgufParts parts, ModelOrigin origin, string? quantization, IModelLayout layout)
    {
        var metadata = parts.Metadata;
        return new ModelSpec
        {
            Name = origin.Name ?? NameOf(metadata) ?? Path.GetFileNameWithoutExtension(parts.First.File),
            Architecture = metadata.Architecture.Length > 0 ? metadata.Architecture : null,
            ParameterCount = parts.Definition.ParameterCount,
            License = metadata.Text("general.license"),
            Quantization = quantization,
            FileBytes = parts.FileBytes,
            ModelPath = parts.First.File,
            Source = origin.Source ?? "Gguf",
            Layout = layout,
        };
    }

    private static string? NameOf(ModelMetadata metadata) =>
        metadata.Text("general.name")?.Trim() is { Length: > 0 } name ? name : null;
}
