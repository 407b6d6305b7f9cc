using System.Text;
using ModelFit.Testing.Truth;

namespace ModelFit.Tools.Pages;

/// <summary>The part of <c>accuracy.md</c> about engines that fill their share of the cards with cache.</summary>
internal static class ServingSection
{
    /// <summary>
    /// The laboratory whose logs of one version on H100 its own planner was compared with
    /// (github.com/llm-d-incubation/llm-d-planner, accuracy/results/v0.19.0).
    /// </summary>
    private const string Laboratory = "github.com/llm-d-incubation/llm-d-planner/";

    /// <summary>The section, with <c>\n</c> at the line ends.</summary>
    public static string Write()
    {
        var logs = new VllmComparison();
        var text = new StringBuilder("\n## vLLM\n\n");
        text.Append("Load logs of vLLM from public sources (`tests/data/vllm`), asked by the names of model and ");
        text.Append("card: errors of what it printed. ");
        text.Append("Weights and activations of a card; cache that one request takes of what was there; requests of ");
        text.Append("the asked length at once, from the card's name on. ");
        var noted = logs.All.Where(error => error.Row.Note is not null).Select(error => error.Row).Distinct().ToArray();
        text.Append(FormattableString.Invariant($"{noted.Length} logs whose settings are not "));
        text.Append("in the log, or which ModelFit cannot know by name, are listed below and not in the tables.\n\n");
        Append(text, logs.Errors);
        text.Append(FormattableString.Invariant(
            $"\nOf {logs.Judged} logged starts on known cards {logs.Judged - logs.Refused.Count} have a verdict "));
        text.Append("that says so.\n\n");
        text.Append("The same for the runs of one laboratory on H100 with 0.19.0, beside what it published of its ");
        text.Append("own planner (llm-d Planner):\n\n");
        text.Append("| concurrency | logs | mean | max |\n|---|---:|---:|---:|\n");
        var theirs = ErrorSummary.Of(logs.All
            .Where(error => error.Figure == "concurrency"
                && error.Row.Source.StartsWith(Laboratory, StringComparison.Ordinal))
            .Select(error => error.Share));
        text.Append(FormattableString.Invariant(
            $"| ModelFit | {theirs.Count} | {100 * theirs.Mean:0.0} % | {100 * theirs.Max:0.0} % |\n"));
        text.Append("| llm-d Planner | 43 | 9.6 % | 87 % |\n\n");
        text.Append("Logs that are not counted, and why:\n\n| log | figure | error | why |\n|---|---|---:|---|\n");
        foreach (var error in logs.All.Where(error => error.Row.Note is not null && error.Share > 0.02))
        {
            text.Append(FormattableString.Invariant(
                $"| {error.Row} | {error.Figure} | {100 * error.Share:0} % | {error.Row.Note} |\n"));
        }

        text.Append("\n## SGLang\n\n");
        text.Append("Load logs from public sources (`tests/data/sglang`): weights of a card, cache of a token, and ");
        text.Append("tokens that the share of what was free leaves.\n\n");
        Append(text, ServedComparison.SGLang());
        text.Append("\n## MLX\n\nPeaks from public sources (`tests/data/mlx`), most by MLX's own authors.\n\n");
        Append(text, ServedComparison.Mlx());
        return text.ToString();
    }

    private static void Append(StringBuilder text, IEnumerable<ServingError> errors)
    {
        text.Append("| figure | kind | logs | median | mean | 90 % | 95 % | max |\n");
        text.Append("|---|---|---:|---:|---:|---:|---:|---:|\n");
        foreach (var figure in errors.GroupBy(error => error.Figure))
        {
            var kinds = figure.GroupBy(error => error.Kind).OrderBy(kind => kind.Key, StringComparer.Ordinal).ToArray();
            foreach (var kind in kinds.Where(_ => kinds.Length > 1)) Line(text, figure.Key, kind.Key, kind);
            Line(text, figure.Key, "all", figure);
        }
    }

    private static void Line(StringBuilder text, string figure, string kind, IEnumerable<ServingError> errors)
    {
        var all = ErrorSummary.Of(errors.Select(error => error.Share));
        var shares = string.Join(" | ", new[] { all.Median, all.Mean, all.P90, all.P95, all.Max }
            .Select(share => FormattableString.Invariant($"{100 * share:0.00} %")));
        text.Append(FormattableString.Invariant($"| {figure} | {kind} | {all.Count} | {shares} |\n"));
    }
}
