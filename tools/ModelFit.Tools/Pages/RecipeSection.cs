using System.Text;
using ModelFit.Testing.Truth;

namespace ModelFit.Tools.Pages;

/// <summary>The part of <c>accuracy.md</c> about the sizes of published files.</summary>
internal static class RecipeSection
{
    // What no test can repeat: the lists of all files are not part of the repository.
    private const string LeftOut = """

        Nothing in the standard mixes was fitted. The types in UD files of 2025 were fitted. They were fitted again
        three times, each time without a third of the families; the error for the families left out was 1.1 %
        (dense) and 1.8 % (MoE) in the median, 91 % and 86 % within 5 %. Mixtures of 2025 with state-space or
        convolution layers have types of their own, from two models: each sized by the other's is off by 2.3 % in
        the median, 83 % within 5 %. Rows of `recipes.tsv` that say "one model" or "two models" were fitted to them
        and are not confirmed by others.

        """;

    /// <summary>The section, with <c>\n</c> at the line ends.</summary>
    public static string Write()
    {
        var errors = RecipeTruth.Measured.Value;
        var text = new StringBuilder();
        text.Append("\n## Published files\n\n");
        text.Append("The files of the catalog's lists whose bytes are exact, sized by their recipes as if their size ");
        text.Append("were not listed (48 bytes a token are added for the header). Each publisher has the same ");
        text.Append("weight, whatever its number of files is. A listed file is counted with the size that is listed: ");
        text.Append("`Exact` only if a standard mix has its bytes except the header, else `Modelled`.\n\n");
        text.Append("| recipes | files | models | median error | nine in ten | within 5 % |\n");
        text.Append("|---|---:|---:|---:|---:|---:|\n");
        foreach (var figure in RecipeTruth.Figures(errors))
        {
            text.Append(FormattableString.Invariant(
                $"| {figure.Group} | {figure.Files} | {figure.Models} | {100 * figure.Median:0.00} % "));
            text.Append(FormattableString.Invariant(
                $"| {100 * figure.NinetyPercent:0.0} % | {100 * figure.WithinFivePercent:0} % |\n"));
        }

        text.Append(LeftOut);
        AppendNames(text);
        return text.ToString();
    }

    private static void AppendNames(StringBuilder text)
    {
        var answers = PublishedTruth.Measured.Value;
        text.Append("Files of public lists asked by repository and file name, as if no size were listed ");
        text.Append("(`tests/data/catalog/published-names.tsv`: four files of standard types of each publisher, and ");
        text.Append("all of the others). Publishers count the same; a header of 10 to 80 bytes a token counts as no ");
        text.Append("error. In the last three columns a file without an answer counts as outside.\n\n");
        text.Append("| recipes | publishers | files | answered | median error | within 5 % | of all: median | ");
        text.Append("within 0.3 % | within 5 % |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|\n");
        foreach (var group in RecipeTruth.Groups.Where(group => answers.Any(answer => answer.Group == group)))
        {
            var all = PublishedTruth.Figure(group, [.. answers.Where(answer => answer.Group == group)]);
            var answered = PublishedTruth.Figure(
                group, [.. answers.Where(answer => answer.Group == group && answer.Error is not null)]);
            text.Append(FormattableString.Invariant(
                $"| {group} | {all.Publishers} | {all.Files} | {answered.Files} | {100 * answered.Median:0.00} % "));
            text.Append(FormattableString.Invariant($"| {100 * answered.WithinFivePercent:0} % | {Median(all)} "));
            text.Append(FormattableString.Invariant(
                $"| {100 * all.Near:0} % | {100 * all.WithinFivePercent:0} % |\n"));
        }

        var supposed = PublishedTruth.Figure(string.Empty, [.. answers.Where(answer => answer.IsSupposed)]);
        var wrong = answers.Count(answer => answer is { Accuracy: Accuracy.Exact, Off: > 0.005, Error: not null });
        text.Append(FormattableString.Invariant($"\n{wrong} files were called `Exact` and were off by more than "));
        text.Append(FormattableString.Invariant($"0.5 %. {supposed.Files} files of {supposed.Publishers} publishers "));
        text.Append("whose names say no known model were answered by what is published most under such names ");
        text.Append("(`shapes.tsv`), as `Approximate`: ");
        text.Append(FormattableString.Invariant($"{100 * supposed.Near:0} % of them are within 0.3 %. These names "));
        text.Append("are among those that the table was made from; by tables made without an eighth of the names at ");
        text.Append("a time, seven in ten had the shape that was said where more than half had it. ");
        text.Append(FormattableString.Invariant(
            $"{PublishedTruth.Files - answers.Count} files of models that make pictures are "));
        text.Append("not counted: they are refused, with that reason.\n");
    }

    private static string Median(PublishedFigure figure) => double.IsInfinity(figure.Median)
        ? "none"
        : FormattableString.Invariant($"{100 * figure.Median:0.00} %");
}
