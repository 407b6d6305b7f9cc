using Newtonsoft.Json.Linq;

namespace ModelFit.Tools.Packaging.Manifests;

/// <summary>The manifest of Scoop (schema.json of Scoop).</summary>
internal static class ScoopManifest
{
    /// <summary>The file.</summary>
    public static IEnumerable<(string Path, string Text)> Make(Release release, ToolArchive archive)
    {
        var address = release.AddressOf(archive);
        var made = new JObject
        {
            ["version"] = release.Manifest.Version,
            ["description"] = release.Manifest.Description,
            ["homepage"] = release.Manifest.ProjectUri.ToString(),
            ["license"] = "MIT",
            ["architecture"] = new JObject { ["64bit"] = new JObject { ["url"] = address, ["hash"] = archive.Sha256 } },
            ["extract_dir"] = "modelfit",
            ["bin"] = "modelfit.exe",
            ["checkver"] = "github",
            ["autoupdate"] = new JObject
            {
                ["architecture"] = new JObject
                {
                    ["64bit"] = new JObject { ["url"] = address.Replace(release.Manifest.Version, "$version") },
                },
            },
        };
        yield return ("scoop/modelfit.json", made + "\n");
    }
}
