using System.IO;
using ModelFit.Testing;
using ModelFit.Testing.Truth;

namespace ModelFit.Tools.Pages;

/// <summary>The table in <c>docs/guide/plan.md</c> of plans beside those of llama.cpp's own fit.</summary>
internal static class PlanPage
{
    private const string Head = "|---|---|---|---|---|\n";

    /// <summary>Where it lies.</summary>
    public static string FullPath => RepositoryFolder.Path("docs", "guide", "plan.md");

    /// <summary>The page as it is, with <c>\n</c> at the line ends.</summary>
    public static string Read() => File.ReadAllText(FullPath).ReplaceLineEndings("\n");

    /// <summary>The page with the table of this comparison.</summary>
    public static string Write(FitComparison comparison)
    {
        var text = Read();
        var start = text.IndexOf(Head, StringComparison.Ordinal) + Head.Length;
        var end = text.IndexOf("\n\n", start - 1, StringComparison.Ordinal) + 1;
        return text[..start] + comparison.Table + text[end..];
    }
}
