using System.Globalization;

namespace ModelFit.Formats;

/// <summary>The failures of model files: what is wrong in them, and why they cannot be read.</summary>
internal static class InvalidFile
{
    /// <summary>A file whose bytes at an offset are not what its format demands.</summary>
    public static ModelFitException At(string file, long offset, string expected, string found) => new(
        ErrorIds.InvalidModelFile,
        string.Format(
            CultureInfo.InvariantCulture, "{0} at byte {1}: expected {2}, found {3}.", file, offset, expected, found),
        file);

    /// <summary>A file or folder that as a whole is not what it should be.</summary>
    public static ModelFitException Whole(string file, string problem, Exception? inner = null) => new(
        ErrorIds.InvalidModelFile, file + ": " + problem + ".", file, inner);

    /// <summary>A file or folder that the system does not let us read.</summary>
    public static ModelFitException Unreadable(string file, Exception cause) => new(
        ErrorIds.FileUnreadable,
        string.Format(CultureInfo.InvariantCulture, "{0} cannot be read: {1}", file, cause.Message),
        file,
        cause);
}
