using System.IO;
using System.Text.Json;
using Xunit;

namespace ModelFit.Testing;

/// <summary>
/// Recorded material that is not part of the repository: beside it, or where <c>MODELFIT_SHARED</c> says. Tests that
/// need it skip by name where it is absent.
/// </summary>
internal static class SharedFolder
{
    /// <summary>The folder, or null.</summary>
    public static string? Path { get; } = Find();

    /// <summary>The recorded outputs of one kind, by the index of the folder <c>hardware</c>.</summary>
    public static IEnumerable<(string File, JsonElement Record)> Recordings(string kind)
    {
        Assert.SkipUnless(Path is not null, "the shared folder is not beside the repository");
        var folder = System.IO.Path.Combine(Path, "hardware");
        foreach (var line in File.ReadLines(System.IO.Path.Combine(folder, "INDEX.jsonl")))
        {
            var record = JsonDocument.Parse(line).RootElement;
            if (record.GetProperty("kind").GetString() != kind) continue;
            yield return (System.IO.Path.Combine(folder, record.GetProperty("file").GetString()!), record);
        }
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("MODELFIT_SHARED") is { Length: > 0 } given) return given;
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "ModelFit.sln")))
            folder = folder.Parent;
        var beside = folder?.Parent is null ? null : System.IO.Path.Combine(folder.Parent.FullName, "shared");
        return Directory.Exists(beside) ? beside : null;
    }
}
