using System.IO;
using System.Threading;
using ModelFit.Models;

namespace ModelFit.Formats.Gguf;

/// <summary>From the headers of a GGUF model to its <see cref="ModelSpec"/>.</summary>
internal static class GgufModel
{
    /// <summary>
    /// Reads the model of which a file or a part is open. What is not a language model is described too, with a
    /// warning, but its layout refuses to be computed with.
    /// </summary>
    public static ModelSpec Read(ByteSource source, IMessageSink messages, CancellationToken cancellation)
    {
        var parts = GgufParts.Read(source, cancellation);
        SayWhoReadsIt(parts.First, messages);
        var content = GgufContents.Of(parts);
        var definition = new ModelDefinition(parts.First.Metadata, parts.Tensors, Accuracy.Exact);
        var quantization = FileTypes.Claimed(parts.First.Metadata) ?? FileTypes.Dominant(parts.Tensors)?.ToString();
        if (content == GgufContent.LanguageModel)
        {
            ModelChecks.Check(parts.First.File, definition);
            return Describe(parts, definition, quantization, new FileLayout(definition, quantization));
        }

        var refusal = InvalidFile.Whole(
            parts.First.File,
            "this is " + GgufContents.Describe(content, definition.Architecture) + ", not a language model");
        messages.Warning(refusal.Message);
        return Describe(parts, definition, quantization, new RefusingLayout(refusal));
    }

    /// <summary>
    /// Reads the projector that is loaded beside a language model; all its tensors cost memory. Throws
    /// <see cref="ErrorIds.InvalidModelFile"/> for anything else.
    /// </summary>
    public static ModelDefinition ReadProjector(ByteSource source, CancellationToken cancellation)
    {
        var parts = GgufParts.Read(source, cancellation);
        var content = GgufContents.Of(parts);
        if (content == GgufContent.Projector)
            return new ModelDefinition(parts.First.Metadata, parts.Tensors, Accuracy.Exact);
        var found = GgufContents.Describe(content, parts.First.Metadata.Architecture);
        throw InvalidFile.Whole(parts.First.File, "expected the projector of a multimodal model, found " + found);
    }

    private static void SayWhoReadsIt(GgufHeader header, IMessageSink messages)
    {
        if (header.Version == 1)
            messages.Warning(header.File + " has version 1 of GGUF, which llama.cpp no longer loads.");
        if (header.IsBigEndian)
            messages.Warning(header.File + " is in big-endian order and loads on such machines only.");
    }

    private static ModelSpec Describe(
        GgufParts parts, ModelDefinition definition, string? quantization, IModelLayout layout)
    {
        var metadata = definition.Metadata;
        int? Whole(string key) => metadata.Integer(key) is { } value and > 0 and <= int.MaxValue ? (int)value : null;
        return new ModelSpec
        {
            Name = metadata.Text("general.name") ?? Path.GetFileNameWithoutExtension(parts.First.File),
            Architecture = metadata.Architecture,
            ParameterCount = definition.ParameterCount,
            LayerCount = Whole("block_count"),
            EmbeddingLength = Whole("embedding_length"),
            FeedForwardLength = Whole("feed_forward_length"),
            HeadCount = Whole("attention.head_count"),
            KvHeadCount = Whole("attention.head_count_kv") ?? Whole("attention.head_count"),
            TrainedContextLength = Whole("context_length"),
            VocabularySize = Whole("tokenizer.ggml.tokens.count"),
            ExpertCount = Whole("expert_count"),
            ExpertUsedCount = Whole("expert_used_count"),
            SlidingWindow = Whole("attention.sliding_window"),
            License = metadata.Text("general.license"),
            Quantization = quantization,
            FileBytes = parts.FileBytes,
            ModelPath = parts.First.File,
            Source = "Gguf",
            Layout = layout,
        };
    }
}
