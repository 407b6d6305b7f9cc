using System;
using System.IO;

namespace ModelFit.Binding;

/// <summary>Reads text files whose failure is an error of one record.</summary>
internal static class TextFiles
{
    private const long MaxBytes = 64L << 20;

    /// <summary>The text of a file of a reasonable size.</summary>
    public static string Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxBytes) throw Failure(path, "it is larger than 64 MiB");
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw Failure(path, error.Message);
        }
    }

    private static ModelFitException Failure(string path, string why) => new(
        ErrorIds.InvalidArgument, FailureKind.InvalidData, $"'{path}' cannot be read: {why}", path);
}
