using System.Text;
using ModelFit.Testing.Truth;

namespace ModelFit.Tools.Pages;

/// <summary>The part of the accuracy page about what launch lines bring about.</summary>
internal static class LaunchSection
{
    private static readonly (string Kind, string Words)[] Kinds =
    [
        ("slots", "four slots that share one cache"),
        ("drafted", "a model that another drafts for (`-md`)"),
        ("draft", "the model that drafts, with its own context"),
    ];

    /// <summary>The section, with <c>\n</c> at the line ends.</summary>
    public static string Write()
    {
        var text = new StringBuilder();
        text.Append("\n## Launch lines\n\n");
        text.Append("Asked of llama.cpp in the same way, on one and two CUDA cards: a case is exact if weights, "
            + "cache ");
        text.Append("and compute buffers of every device are. Drafting by a model's own layers (260 cases, ");
        text.Append("`rows-drafts.txt`) is exact for qwen35 and qwen35moe and `Modelled` for others.\n\n");
        text.Append("| what | cases | exact |\n|---|---:|---:|\n");
        foreach (var (kind, words) in Kinds)
        {
            var rows = LaunchTruth.Rows(kind);
            var exact = rows.Count(row => LaunchTruth.Difference(row) is null);
            text.Append(FormattableString.Invariant($"| {words} | {rows.Count} | {exact} |\n"));
        }

        var fallback = LaunchTruth.Rows("fallback");
        text.Append(FormattableString.Invariant($"| copies for pipelines that find no room, on 2 to 4 cards | "));
        text.Append(FormattableString.Invariant($"{fallback.Count} | {fallback.Count(LaunchTruth.FallsBack)} |\n"));
        var projectors = ProjectorTruth.Rows;
        text.Append("| buffers of projectors, files of four types | ");
        text.Append(FormattableString.Invariant(
            $"{projectors.Count} | {projectors.Count(ProjectorTruth.IsExact)} |\n"));
        var tensor = LaunchTruth.Rows("tensor");
        var sums = tensor.Count(LaunchTruth.IsShared);
        text.Append(FormattableString.Invariant($"| `-sm tensor`: weights and cache of all cards | {tensor.Count} | "));
        text.Append(FormattableString.Invariant($"{sums} |\n\n"));
        text.Append("With `-sm tensor` llama.cpp answers for all cards together, but for recurrent states with one ");
        text.Append("card's share; the share of each card is `Modelled`. Projectors: towers ");
        text.Append("of published dimensions, of which `mtmd_get_memory_usage` was asked; their buffers are in ");
        text.Append("`Catalog/Data/projectors.tsv`, so that answers are `Modelled`. Copies that find no room ");
        text.Append("were really allocated on simulated cards, one of them with too little memory.\n");
        return text.ToString();
    }
}
