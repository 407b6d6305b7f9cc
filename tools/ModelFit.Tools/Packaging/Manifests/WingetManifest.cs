namespace ModelFit.Tools.Packaging.Manifests;

/// <summary>The three files of a package of winget (manifest schema 1.9.0).</summary>
internal static class WingetManifest
{
    private const string Id = "ModelFit.ModelFit";

    /// <summary>The files.</summary>
    public static IEnumerable<(string Path, string Text)> Make(Release release, ToolArchive archive)
    {
        var manifest = release.Manifest;
        yield return ($"winget/{Id}.yaml", $"""
            {Head("version", manifest)}DefaultLocale: en-US
            ManifestType: version
            ManifestVersion: 1.9.0

            """);
        yield return ($"winget/{Id}.installer.yaml", $"""
            {Head("installer", manifest)}InstallerType: zip
            NestedInstallerType: portable
            NestedInstallerFiles:
            - RelativeFilePath: modelfit\modelfit.exe
              PortableCommandAlias: modelfit
            Installers:
            - Architecture: x64
              InstallerUrl: {release.AddressOf(archive)}
              InstallerSha256: {archive.Sha256.ToUpperInvariant()}
            ManifestType: installer
            ManifestVersion: 1.9.0

            """);
        yield return ($"winget/{Id}.locale.en-US.yaml", $"""
            {Head("defaultLocale", manifest)}PackageLocale: en-US
            Publisher: {manifest.Author}
            PackageName: ModelFit
            PackageUrl: {manifest.ProjectUri}
            License: MIT
            LicenseUrl: {manifest.LicenseUri}
            ShortDescription: {manifest.Description}
            ManifestType: defaultLocale
            ManifestVersion: 1.9.0

            """);
    }

    private static string Head(string kind, ModuleManifest manifest) =>
        $"# yaml-language-server: $schema=https://aka.ms/winget-manifest.{kind}.1.9.0.schema.json\n"
        + $"PackageIdentifier: {Id}\nPackageVersion: {manifest.Version}\n";
}
