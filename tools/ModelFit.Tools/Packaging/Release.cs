using System.IO;
using System.Security.Cryptography;

namespace ModelFit.Tools.Packaging;

/// <summary>An archive of the tool for one platform.</summary>
/// <param name="Platform">The runtime identifier of .NET.</param>
/// <param name="FileName">The name of the archive.</param>
/// <param name="Sha256">Of its bytes, in lower-case hex digits.</param>
internal sealed record ToolArchive(string Platform, string FileName, string Sha256)
{
    /// <summary>The name that the archive of a platform has.</summary>
    public static string NameOf(string version, string platform) =>
        $"modelfit-{version}-{platform}{(platform.StartsWith("win", StringComparison.Ordinal) ? ".zip" : ".tar.gz")}";
}

/// <summary>What all manifests are made of: the module's manifest and the archives beside it.</summary>
internal sealed record Release(ModuleManifest Manifest, IReadOnlyList<ToolArchive> Archives)
{
    /// <summary>The platforms that archives are made for.</summary>
    public static readonly string[] Platforms = ["linux-x64", "win-x64", "osx-arm64"];

    /// <summary>Reads the archives of a folder.</summary>
    public static Release Of(ModuleManifest manifest, string folder) => new(manifest, Platforms
        .Select(platform => (platform, Name: ToolArchive.NameOf(manifest.Version, platform)))
        .Where(archive => File.Exists(Path.Combine(folder, archive.Name)))
        .Select(archive => new ToolArchive(archive.platform, archive.Name, Hash(Path.Combine(folder, archive.Name))))
        .ToArray());

    /// <summary>The archive of a platform; null if it was not made.</summary>
    public ToolArchive? For(string platform) => Archives.FirstOrDefault(archive => archive.Platform == platform);

    /// <summary>Where an archive is published.</summary>
    public string AddressOf(ToolArchive archive) =>
        $"{Manifest.ProjectUri}/releases/download/v{Manifest.Version}/{archive.FileName}";

    private static string Hash(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
}
