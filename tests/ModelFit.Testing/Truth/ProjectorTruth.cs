using System.Globalization;
using System.IO;
using ModelFit.Catalog;

namespace ModelFit.Testing.Truth;

/// <summary>
/// What llama.cpp answered for projectors: model, type of the file, bytes of tensors, buffers and host buffers.
/// </summary>
internal static class ProjectorTruth
{
    /// <summary>The rows of <c>tests/data/memory/projectors.txt</c>.</summary>
    public static IReadOnlyList<string[]> Rows { get; } =
        File.ReadLines(RepositoryFolder.Path("tests", "data", "memory", "projectors.txt"))
            .Where(line => !line.StartsWith('#')).Select(line => line.Split(' ')).ToArray();

    /// <summary>Whether a file of so many bytes is counted with the buffers that llama.cpp answered.</summary>
    public static bool IsExact(string[] row)
    {
        var file = Projectors.Known(row[0], new CompanionFile(CompanionKind.Projector, "mmproj.gguf", Number(row[2])));
        return file.ComputeBytes == Number(row[3]) && file.HostBytes == Number(row[4]);
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
