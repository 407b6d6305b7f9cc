using System.IO;
using ModelFit.Testing;
using ModelFit.Tools.Packaging.Manifests;

namespace ModelFit.Tools.Packaging;

/// <summary>Writes the packages of the built module into <c>out/packages</c>.</summary>
internal static class PackageTool
{
    private static readonly Dictionary<string, Func<ModuleManifest, string, IEnumerable<string>>> Parts =
        new(StringComparer.OrdinalIgnoreCase)
        {
            ["module"] = Module,
            ["tool"] = DotnetTool,
            ["linux-x64"] = (manifest, folder) => Archive(manifest, folder, "linux-x64"),
            ["win-x64"] = (manifest, folder) => Archive(manifest, folder, "win-x64"),
            ["osx-arm64"] = (manifest, folder) => Archive(manifest, folder, "osx-arm64"),
            ["manifests"] = (manifest, folder) => ReleaseManifests.Write(Release.Of(manifest, folder), folder),
        };

    private static IEnumerable<ShippedPackage> OfTool => NoticesFile.OfModule.Concat(NoticesFile.OfTool);

    /// <summary>Takes the parts to write, or none for all, and <c>--to FOLDER</c>.</summary>
    public static Tool Tool { get; } =
        new("package", $"Writes packages: {string.Join(", ", Parts.Keys)}; --to FOLDER.", Run);

    private static int Run(IReadOnlyList<string> arguments)
    {
        var words = arguments.ToList();
        var folder = RepositoryFolder.Path("out", "packages");
        var to = words.IndexOf("--to");
        if (to >= 0 && to + 1 < words.Count)
        {
            folder = Path.GetFullPath(words[to + 1]);
            words.RemoveRange(to, 2);
        }

        if (words.FirstOrDefault(word => !Parts.ContainsKey(word)) is { } unknown)
        {
            Console.Error.WriteLine($"No part is called '{unknown}'. There are {string.Join(", ", Parts.Keys)}.");
            return 2;
        }

        Directory.CreateDirectory(folder);
        var manifest = ModuleManifest.Read();
        foreach (var part in words.Count == 0 ? [.. Parts.Keys] : words)
            foreach (var path in Parts[part](manifest, folder))
                Console.WriteLine($"{new FileInfo(path).Length,11:N0} {path}");
        return 0;
    }

    private static IEnumerable<string> Module(ModuleManifest manifest, string folder) =>
    [
        GalleryPackage.Write(manifest, folder),
        BillOfMaterials.Write(manifest, "ModelFit", NoticesFile.OfModule, folder),
    ];

    private static IEnumerable<string> DotnetTool(ModuleManifest manifest, string folder) =>
    [
        .. DotnetToolPackage.Write(manifest, Published(), folder),
        BillOfMaterials.Write(manifest, "ModelFit.Tool", OfTool, folder),
    ];

    private static Dictionary<string, string> Published() => Release.Platforms
        .Select(platform => (platform, ToolBuild.Publish(platform, withRuntime: false)))
        .Append((DotnetToolPackage.AnyPlatform, ToolBuild.Publish(platform: null)))
        .ToDictionary();

    private static IEnumerable<string> Archive(ModuleManifest manifest, string folder, string platform)
    {
        var published = ToolBuild.Publish(platform);
        var path = Path.Combine(folder, ToolArchive.NameOf(manifest.Version, platform));
        var contents = OfTool.Append(ShippedPackage.Runtime(published, platform));
        return
        [
            ToolBuild.Archive(published, path),
            BillOfMaterials.Write(manifest, "modelfit-" + platform, contents, folder, "generic"),
        ];
    }
}
