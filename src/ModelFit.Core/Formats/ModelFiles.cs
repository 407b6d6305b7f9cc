using System.IO;
using System.Threading;
using ModelFit.Common;
using ModelFit.Formats.Gguf;
using ModelFit.Formats.HuggingFace;

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
                || text.EndsWith(HfFolder.ConfigName, StringComparison.OrdinalIgnoreCase)
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
    /// The number of parameters counts where the files do not say it.
    /// </summary>
    public static ModelSpec Read(
        string path, IMessageSink messages, CancellationToken cancellation, long? parameterCount = null)
    {
        var fullPath = FullPath(path);
        var origin = ModelOrigin.File with { ParameterCount = parameterCount };
        if (!Directory.Exists(fullPath)) return Read(fullPath, origin, messages, cancellation);
        var file = ModelFolder.MainFile(fullPath);
        if (Path.GetFileName(file) == HfFolder.ConfigName && ModelFolder.HasPyTorchWeights(fullPath))
            messages.Verbose(fullPath + " has weights in PyTorch's format, which are not read: what is said of "
                + "the model is what its configuration says.");
        return Read(file, origin, messages, cancellation);
    }

    /// <summary>Reads a file that a store knows by another name.</summary>
    internal static ModelSpec Read(
        string file, ModelOrigin origin, IMessageSink messages, CancellationToken cancellation)
    {
        using var source = new FileByteSource(file);
        return Read(source, name => OpenBeside(file, name), origin, messages, cancellation);
    }

    /// <summary>Reads an open file of any kind; <paramref name="openBeside"/> opens the others of its folder.</summary>
    internal static ModelSpec Read(
        ByteSource source,
        Func<string, ByteSource?> openBeside,
        ModelOrigin origin,
        IMessageSink messages,
        CancellationToken cancellation)
    {
        var folder = new HfFolder(openBeside, origin, cancellation);
        return ModelFileKinds.Of(source, cancellation) switch
        {
            ModelFileKind.Gguf => GgufModel.Read(source, origin, messages, cancellation),
            ModelFileKind.Safetensors => folder.ReadWeights(source, messages),
            ModelFileKind.SafetensorsIndex => folder.ReadIndex(source, messages),
            _ => folder.ReadConfig(source, messages),
        };
    }

    /// <summary>
    /// Reads a projector (<c>mmproj</c>) or a LoRA adapter, which is loaded beside a language model. Throws
    /// <see cref="ErrorIds.InvalidModelFile"/> or <see cref="ErrorIds.FileUnreadable"/>.
    /// </summary>
    public static CompanionFile ReadCompanion(string path, CompanionKind kind, CancellationToken cancellation)
    {
        using var source = new FileByteSource(FullPath(path));
        return GgufModel.ReadCompanion(source, kind, cancellation);
    }

    private static ByteSource? OpenBeside(string file, string name)
    {
        var path = Path.Combine(Path.GetDirectoryName(file) ?? string.Empty, name);
        return File.Exists(path) ? new FileByteSource(path) : null;
    }

    /// <summary>The full path; throws <see cref="ErrorIds.FileUnreadable"/> for what can be none.</summary>
    internal static string FullPath(string path)
    {
        try
        {
            return Path.GetFullPath(path);
        }
        catch (Exception exception) when (FileOpener.IsFailure(exception))
        {
            throw InvalidFile.Unreadable(path, exception);
        }
    }
}
