using System;
using System.Threading;

namespace ModelFit.Formats;

/// <summary>Model files on disk: the one entry to the readers.</summary>
public static class ModelFiles
{
    /// <summary>
    /// Whether a text looks like a path rather than a name: rooted, with a directory separator and an existing file or
    /// folder, or with the extension of a model file.
    /// </summary>
    public static bool LooksLikePath(string text) => throw new NotImplementedException();

    /// <summary>
    /// Reads what a file or folder says of its model: GGUF, safetensors, a Hugging Face folder, config.json. Only
    /// headers are read. Throws <see cref="ErrorIds.InvalidModelFile"/> or <see cref="ErrorIds.FileUnreadable"/>.
    /// </summary>
    public static ModelSpec Read(string path, IMessageSink messages, CancellationToken cancellation) =>
        throw new NotImplementedException();
}
