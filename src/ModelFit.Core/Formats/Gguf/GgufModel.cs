using System.IO;
using System.Threading;
using ModelFit.Models;

namespace ModelFit.Formats.Gguf;

/// <summary>From the headers of a GGUF model to its <see cref="ModelSpec"/>.</summary>
internal static class GgufModel
{
    /// <summary>Reads the model whose first part is open.</summary>
    public static ModelSpec Read(ByteSource source, CancellationToken cancellation)
    {
        var header = GgufReader.Read(source, cancellation);
        var definition = new ModelDefinition(header.Metadata, header.Tensors, Accuracy.Exact);
        var quantization = FileTypes.Claimed(header.Metadata) ?? FileTypes.Dominant(header.Tensors)?.ToString();
        return Describe(header, definition, quantization);
    }

    private static ModelSpec Describe(GgufHeader header, ModelDefinition definition, string? quantization)
    {
        var metadata = header.Metadata;
        int? Whole(string key) => metadata.Integer(key) is { } value and > 0 and <= int.MaxValue ? (int)value : null;
        return new ModelSpec
        {
            Name = metadata.Text("general.name") ?? Path.GetFileNameWithoutExtension(header.File),
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
            FileBytes = header.FileBytes,
            ModelPath = header.File,
            Source = "Gguf",
            Layout = new FileLayout(definition, quantization),
        };
    }
}
