using System.Text;
using ModelFit.Memory;
using ModelFit.Testing;
using ModelFit.Testing.Truth;

namespace ModelFit.Tools.Pages;

/// <summary>Writes <c>docs/internals/accuracy.md</c> from the table of truth.</summary>
internal static class AccuracyPage
{
    /// <summary>Where it lies.</summary>
    public static string FullPath => RepositoryFolder.Path("docs", "internals", "accuracy.md");

    /// <summary>The document, with <c>\n</c> at the line ends.</summary>
    public static string Write(MemoryTruth truth)
    {
        var (table, catalog, small) = (truth.Table, truth.Catalog.Table(), truth.EveryArchitecture.Table());
        var text = new StringBuilder();
        text.Append("# How exact the memory figures are\n\n");
        text.Append("*Written by `tools/ModelFit.Tools` (`pages`); do not edit.*\n\n");
        text.Append($"Each case is one question to llama.cpp {MemoryModel.FollowedRelease}: what would it allocate ");
        text.Append("for this model at these settings? Its no-allocation mode (the one behind `--fit`) answers for ");
        text.Append("each device ");
        text.Append("in bytes; a case is exact if every device's figure is the same to the byte. ");
        text.Append("The tables have all cases of `tests/data/memory`; none was left out.\n\n");
        text.Append("Where a real allocation differs from the no-allocation mode ModelFit shows the real one. ");
        text.Append("Overhead that llama.cpp does not count (driver contexts, library workspaces) is a ");
        text.Append("measured range ");
        text.Append("and not in these tables.\n\n");
        Append(text, table);
        text.Append("\n## Settings that no rule was made from\n\n");
        text.Append("The same models and others of these architectures (also mamba and qwen35moe), with random ");
        text.Append("settings. llama.cpp was asked after the rules were written: odd contexts, batches ");
        text.Append("and micro-batches, ");
        text.Append("1 to 7 sequences, mixed cache types, 1 to 4 GPUs with uneven splits, experts or cache on the ");
        text.Append("host. ");
        text.Append("Small models of nearly every architecture, with weights of random types, are included. ");
        text.Append("One rule was found with them: Vulkan refuses a BF16 cache together with one of ");
        text.Append("another type.\n\n");
        Append(text, [.. truth.HeldOut.Table(), .. truth.SmallHeldOut.Table()]);
        text.Append("\n## Really allocated\n\n");
        text.Append("The same kind of settings, but really allocated (the CPU, CUDA on simulated cards, ");
        text.Append("Vulkan on a driver for processors; host ");
        text.Append("weights are mapped from the file and not compared), of those models and of small ");
        text.Append("ones of nearly ");
        text.Append("every architecture, on up to four cards.\n\n");
        Append(text, [.. truth.Real.Table(), .. truth.SmallReal.Table()]);
        text.Append("\n## Other processors\n\n");
        text.Append("The rows `cpu` above and below are of a processor with AVX2. Without a GPU, llama.cpp stores ");
        text.Append("weights in a form that depends on the processor. These cases were asked of its ");
        text.Append("builds for plain ");
        text.Append("x86-64, AVX-512, AMX ");
        text.Append("(the tiles granted, never run) and ARM with the dot product (emulated).\n\n");
        Append(text, truth.Processors.Table());
        text.Append("\n## Models that nobody has downloaded\n\n");
        text.Append("Catalog entries, laid out from their hyperparameters at Q4_K_M and asked of ");
        text.Append("llama.cpp as files ");
        text.Append("of ");
        text.Append(FormattableString.Invariant(
            $"that layout: {Architectures(catalog)} architectures.\n\n"));
        Append(text, catalog);
        text.Append("\n## Every architecture\n\n");
        text.Append("One or two small models an architecture, as llama.cpp's own test of all its ");
        text.Append("architectures makes ");
        text.Append(FormattableString.Invariant($"them: {Architectures(small)} architectures. "));
        text.Append("Other architectures of llama.cpp are treated like a known one with similar tensors, ");
        text.Append("or estimated ");
        text.Append("by rules of thumb; the answer tells it. ");
        text.Append("Hyper-connections were asked of a Vulkan device with 16 lanes a subgroup; no desktop GPU has ");
        text.Append("fewer.\n\n");
        Append(text, small);
        text.Append("\nExact in all cases: ");
        text.Append(string.Join(", ", small.GroupBy(line => line.Architecture)
            .Where(group => group.All(line => line.Exact == line.Cases)).Select(group => group.Key)));
        text.Append(".\n\n## Architectures that are not known\n\n");
        text.Append("The first table again with the names of its architectures hidden: each model is ");
        text.Append("treated like the ");
        text.Append("known architecture with the most similar tensors and header keys. A case counts if ");
        text.Append("every device is within 1 % ");
        text.Append("or 1 MiB. The similar architectures were chosen with these models, so the error for ");
        text.Append("a really new ");
        text.Append("architecture is larger.\n\n");
        text.Append("| backend | figure | cases | within 1 % or 1 MiB |\n|---|---|---:|---:|\n");
        foreach (var (backend, figure, cases, near) in truth.Nameless.Near())
        {
            text.Append(FormattableString.Invariant(
                $"| {backend} | {figure} | {cases} | {100.0 * near / cases:0.0} % |\n"));
        }

        text.Append(LaunchSection.Write());
        text.Append(RecipeSection.Write());
        text.Append(NameSection.Write());
        text.Append(ServingSection.Write());
        text.Append("\n## By architecture and backend\n\n");
        text.Append("| architecture | backend | figure | cases | exact | worst error |\n");
        text.Append("|---|---|---|---:|---:|---:|\n");
        foreach (var line in table)
        {
            text.Append(FormattableString.Invariant(
                $"| {line.Architecture} | {line.Backend} | {line.Figure} | {line.Cases} | {Share(line)} "));
            text.Append(FormattableString.Invariant($"| {line.WorstError} B |\n"));
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, IReadOnlyList<TruthFigure> table)
    {
        text.Append("| backend | figure | cases | exact | worst error |\n|---|---|---:|---:|---:|\n");
        foreach (var figure in table.GroupBy(line => (line.Backend, line.Figure))
            .OrderBy(group => group.Key.Backend, StringComparer.Ordinal)
            .ThenBy(group => group.Key.Figure, StringComparer.Ordinal))
        {
            var sum = new TruthFigure(
                "all", figure.Key.Backend, figure.Key.Figure, figure.Sum(line => line.Cases),
                figure.Sum(line => line.Exact), figure.Max(line => line.WorstError));
            text.Append(FormattableString.Invariant(
                $"| {sum.Backend} | {sum.Figure} | {sum.Cases} | {Share(sum)} | {sum.WorstError} B |\n"));
        }
    }

    private static int Architectures(IReadOnlyList<TruthFigure> table) =>
        table.Select(line => line.Architecture).Distinct().Count();

    private static string Share(TruthFigure line) =>
        FormattableString.Invariant($"{100.0 * line.Exact / line.Cases:0.00} %");
}
