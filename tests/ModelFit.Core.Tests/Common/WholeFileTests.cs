using System.IO;
using ModelFit.Common;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Common;

/// <summary>A file is written whole, or nothing is left of the attempt.</summary>
public class WholeFileTests
{
    [Fact]
    public void A_file_that_cannot_take_its_place_leaves_nothing_beside_it()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["report"]);
        var error = Assert.Throws<ModelFitException>(() => WholeFile.Write(folder["report"], "text"));
        Assert.Equal(ErrorIds.FileUnwritable, error.ErrorId);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_file_that_is_not_committed_leaves_the_old_one()
    {
        using var folder = new TemporaryFolder();
        WholeFile.Write(folder["report"], "old");
        using (var file = new WholeFile(folder["report"])) file.Writer.Write("new");
        Assert.Equal("old", File.ReadAllText(folder["report"]));
        Assert.Equal([folder["report"]], Directory.GetFiles(folder.Path));
    }
}
