using System;
using System.IO;
using System.Threading;
using ModelFit.Formats.Gguf;

namespace ModelFit.Formats;

/// <summary>Model files on disk: the one entry to the readers.</summary>
public static class ModelFiles
{
    private static readonly string[] Extensions = { ".gguf", ".safetensors" };
    private static readonly char[] Separators = { '/', '\\' };

    /// <summary>
    /// Whether a text looks like a path rather than a name: rooted, with a directory separator and an existing file or
    /// folder, or with the extension of a model file.
    /// </summary>
    public static bool LooksLikePath(string text)
    {
        try
        {
            return Array.Exists(Extensions, end => text.EndsWith(end, StringComparison.OrdinalIgnoreCase))
                || text.EndsWith("config.json", StringComparison.OrdinalIgnoreCase)
                || Path.IsPathRooted(text)
                || (text.IndexOfAny(Separators) >= 0 && (File.Exists(text) || Directory.Exists(text)));
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>
    /// Reads what a file or folder says of its model: GGUF, safetensors, a Hugging Face folder, config.json. Only
    /// headers are read. Throws <see cref="ErrorIds.InvalidModelFile"/> or <see cref="ErrorIds.FileUnreadable"/>.
    /// </summary>
    public static ModelSpec Read(string path, IMessageSink messages, CancellationToken cancellation)
    {
        var fullPath = FullPath(path);
        using var source = new FileByteSource(fullPath);
        if (fullPath.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            return HuggingFace.HfModel.ReadConfig(source, messages, cancellation);
        return GgufModel.Read(source, messages, cancellation);
    }

    /// <summary>
    /// The tensors of a projector (<c>mmproj</c>) that is loaded beside a language model. Throws
    /// <see cref="ErrorIds.InvalidModelFile"/> or <see cref="ErrorIds.FileUnreadable"/>.
    /// </summary>
    internal static Models.ModelDefinition ReadProjector(string path, CancellationToken cancellation)
    {
        using var source = new FileByteSource(FullPath(path));
        return GgufModel.ReadProjector(source, cancellation);
    }

    private static string FullPath(string path)
    {
        try
        {
            return Path.GetFullPath(path);
        }
        catch (Exception exception) when (InvalidFile.IsFileFailure(exception))
        {
            throw InvalidFile.Unreadable(path, exception);
        }
    }
}
