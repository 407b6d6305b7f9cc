using System.Diagnostics;
using System.Formats.Tar;
using System.IO;
using System.IO.Compression;
using ModelFit.Testing;

namespace ModelFit.Tools.Packaging;

/// <summary>The tool as it is published, and archives of it; the same files give the same bytes.</summary>
internal static class ToolBuild
{
    private static readonly DateTimeOffset Moment = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private const UnixFileMode Plain =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private const UnixFileMode Program =
        Plain | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>
    /// Publishes the tool into a fresh folder and gives it: for any platform that has .NET, or compiled ahead of time
    /// for one, with .NET or without. It is not trimmed: the engine finds its commands by reflection.
    /// </summary>
    public static string Publish(string? platform, bool withRuntime = true)
    {
        var name = platform is null ? "any" : withRuntime ? platform : platform + "-tool";
        var folder = RepositoryFolder.Path("out", "publish", name);
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        string[] kind = platform is null ? ["--no-build"] :
        [
            "-r", platform, withRuntime ? "--self-contained" : "--no-self-contained", "-p:PublishReadyToRun=true",
            "--artifacts-path", RepositoryFolder.Path("out", "artifacts", platform),
        ];
        string[] words =
        [
            "publish", RepositoryFolder.Path("src", "ModelFit.Tool"), "-c", "Release", "-v", "q", "--nologo",
            "-p:RunAnalyzers=false", "-o", folder, .. kind,
        ];
        using var process = Process.Start("dotnet", words);
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"dotnet publish ended with {process.ExitCode}.");
        foreach (var extra in Directory.GetFiles(folder, "ModelFit.Tool.xml")
            .Concat(Directory.GetFiles(folder, "build.manifest*")))
            File.Delete(extra);
        return folder;
    }

    /// <summary>Archives a published folder. Gives the path.</summary>
    public static string Archive(string published, string path)
    {
        var files = Directory.GetFiles(published, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal);
        using var stream = File.Create(path);
        if (path.EndsWith(".zip", StringComparison.Ordinal)) Zip(published, files, stream);
        else Tar(published, files, stream);
        return path;
    }

    private static string NameIn(string published, string file) =>
        "modelfit/" + Path.GetRelativePath(published, file).Replace(Path.DirectorySeparatorChar, '/');

    private static void Zip(string published, IOrderedEnumerable<string> files, Stream stream)
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create);
        foreach (var file in files)
        {
            var entry = zip.CreateEntry(NameIn(published, file));
            entry.LastWriteTime = Moment;
            using var content = entry.Open();
            content.Write(File.ReadAllBytes(file));
        }
    }

    private static void Tar(string published, IOrderedEnumerable<string> files, Stream stream)
    {
        using var gzip = new GZipStream(stream, CompressionLevel.SmallestSize);
        using var tar = new TarWriter(gzip, TarEntryFormat.Ustar);
        foreach (var file in files)
        {
            tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, NameIn(published, file))
            {
                ModificationTime = Moment,
                Mode = Path.GetFileName(file) is "modelfit" or "ModelFit.Tool" ? Program : Plain,
                DataStream = new MemoryStream(File.ReadAllBytes(file)),
            });
        }
    }
}
