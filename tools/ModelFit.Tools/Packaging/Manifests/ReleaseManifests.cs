using System.IO;

namespace ModelFit.Tools.Packaging.Manifests;

/// <summary>The manifests of package managers: each is one file here, and a row.</summary>
internal static class ReleaseManifests
{
    private static readonly (string Platform, Maker Make)[] All =
    [
        ("win-x64", WingetManifest.Make),
        ("win-x64", ScoopManifest.Make),
        ("osx-arm64", HomebrewFormula.Make),
        ("linux-x64", Containerfile.Make),
    ];

    private delegate IEnumerable<(string Path, string Text)> Maker(Release release, ToolArchive archive);

    /// <summary>Writes those whose archive is there, below <c>manifests/</c>. Gives their paths.</summary>
    public static IReadOnlyList<string> Write(Release release, string folder) => All
        .Where(row => release.For(row.Platform) is not null)
        .SelectMany(row => row.Make(release, release.For(row.Platform)!))
        .Select(file =>
        {
            var path = Path.Combine(folder, "manifests", file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, file.Text.Replace("\r\n", "\n", StringComparison.Ordinal));
            return path;
        })
        .ToArray();
}
