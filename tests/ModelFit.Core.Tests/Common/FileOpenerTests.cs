using System.Diagnostics;
using System.IO;
using System.Text.RegularExpressions;
using System.Threading;
using ModelFit.Common;
using ModelFit.Fleet;
using ModelFit.Formats;
using ModelFit.Hardware.Inventory;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Common;

/// <summary>Files are opened in one place, which opens nothing that never ends.</summary>
public sealed partial class FileOpenerTests
{
    /// <summary>What reads files: a model, an inventory, a policy, a text, the records of an audit.</summary>
    private static readonly Action<string>[] Readers =
    [
        path => ModelFiles.Read(path, NullSink.Instance, CancellationToken.None),
        path => ModelFiles.ReadCompanion(path, CompanionKind.Projector, CancellationToken.None),
        path => InventoryFile.Read(path, CancellationToken.None),
        path => PolicyFile.Read(path),
        path => FileOpener.Text(path, 1 << 20),
        path => _ = AuditJson.Read(path).Count(),
    ];

    [Theory]
    [InlineData("pipe")]
    [InlineData("/dev/zero")]
    [InlineData("/dev/full")]
    [InlineData("link to a device")]
    [InlineData("link to a pipe")]
    [InlineData("empty")]
    public void What_has_no_bytes_is_not_opened(string kind)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such files.");
        using var folder = new TemporaryFolder();
        var pipe = Path.Combine(folder.Path, "pipe.gguf");
        using (var made = Process.Start("mkfifo", [pipe])) made.WaitForExit();
        var path = Path.Combine(folder.Path, "file.json");
        if (kind == "empty") File.WriteAllText(path, string.Empty);
        else if (kind.StartsWith("link", StringComparison.Ordinal))
            File.CreateSymbolicLink(path, kind.EndsWith("pipe", StringComparison.Ordinal) ? pipe : "/dev/zero");
        else path = kind == "pipe" ? pipe : kind;
        foreach (var read in Readers)
        {
            var error = Assert.Throws<ModelFitException>(() => read(path));
            Assert.Contains("a pipe", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_repository_whose_reference_is_a_pipe_is_unreadable()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such files.");
        using var folder = new TemporaryFolder();
        folder.Write("x", "models--a--b", "snapshots", "1", "config.json");
        using (var made = Process.Start("mkfifo", [folder["models--a--b", "refs", "main"]])) made.WaitForExit();
        var path = Path.Combine(folder.Path, "models--a--b");
        Assert.Throws<ModelFitException>(() => ModelFiles.Read(path, NullSink.Instance, CancellationToken.None));
    }

    [Fact]
    public void A_file_is_read_through_links_up_to_a_limit_and_can_be_stopped()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write(new string('x', 3 << 20), "long.txt");
        var link = Path.Combine(folder.Path, "link.txt");
        File.CreateSymbolicLink(link, path);
        Assert.Equal(3 << 20, FileOpener.Text(link, 3 << 20, CancellationToken.None).Length);
        var error = Assert.Throws<ModelFitException>(
            () => FileOpener.Text(link, (3 << 20) - 1, CancellationToken.None));
        Assert.Equal(ErrorIds.FileUnreadable, error.ErrorId);
        Assert.Throws<OperationCanceledException>(
            () => FileOpener.Text(path, 3 << 20, new CancellationToken(true)));
    }

    /// <summary>The tool's look at its own descriptors is no file of anybody's.</summary>
    [Fact]
    public void No_other_code_opens_a_file_to_read_it()
    {
        var root = RepositoryFolder.Path("src");
        var found = Directory.GetFiles(root, "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Intersect(["obj", "bin"]).Any()
                && Path.GetFileName(path) is not ("FileOpener.cs" or "WholeFile.cs" or "ClosedInput.cs"))
            .SelectMany(path => Opens().Matches(File.ReadAllText(path)).Select(match => $"{path}: {match.Value}"));
        Assert.Empty(found);
    }

    [GeneratedRegex(@"\bFile\.(Read|Open)\w*\(|new FileStream\(|new StreamReader\((""|path|file)\w*[,)]")]
    private static partial Regex Opens();
}
