namespace ModelFit.Tools.Packaging.Manifests;

/// <summary>The file that an image of the tool is built from, beside the archive.</summary>
internal static class Containerfile
{
    /// <summary>The file.</summary>
    public static IEnumerable<(string Path, string Text)> Make(Release release, ToolArchive archive)
    {
        yield return ("container/Containerfile", $"""
            # podman build -f manifests/container/Containerfile -t modelfit .   (in the folder of the archive)
            FROM mcr.microsoft.com/dotnet/runtime-deps:10.0
            LABEL org.opencontainers.image.title="ModelFit" \
                  org.opencontainers.image.version="{release.Manifest.Version}" \
                  org.opencontainers.image.licenses="MIT" \
                  org.opencontainers.image.source="{release.Manifest.ProjectUri}"
            # {archive.FileName}: sha256 {archive.Sha256}
            ADD {archive.FileName} /opt/
            USER 1654
            ENTRYPOINT ["/opt/modelfit/modelfit"]

            """);
    }
}
