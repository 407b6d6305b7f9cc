using System.IO;
using ModelFit.Testing.Truth;
using Xunit;

namespace ModelFit.Core.Tests.Memory;

/// <summary>
/// The same comparison over rows that nobody has seen before: the folders of <c>MODELFIT_FRESH_TRUTH</c>, separated by
/// <c>:</c>, each with a <c>headers.txt.gz</c> and a <c>rows.txt.gz</c> in the form of <c>tests/data/memory</c>. Rows
/// of a folder whose name ends with <c>-real</c> are real allocations.
/// </summary>
public sealed class FreshTruthTests
{
    [Fact]
    public void Fresh_rows_are_exact()
    {
        var folders = Environment.GetEnvironmentVariable("MODELFIT_FRESH_TRUTH");
        Assert.SkipUnless(folders is { Length: > 0 }, "MODELFIT_FRESH_TRUTH names no folder");
        var misses = folders.Split(':').SelectMany(Misses).ToList();
        foreach (var miss in misses) TestContext.Current.TestOutputHelper!.WriteLine(miss);
        Assert.Empty(misses);
    }

    private static string[] Misses(string folder)
    {
        var models = CompactHeaders.Read(Path.Combine(folder, "headers.txt.gz"));
        var rows = TruthRow.Read(Path.Combine(folder, "rows.txt.gz"));
        var isReal = folder.TrimEnd('/').EndsWith("-real", StringComparison.Ordinal);
        var comparison = TruthComparison.Run(rows, name => models[name], isReal);
        return comparison.Misses.Concat(comparison.WrongFlashAttention).ToArray();
    }
}
