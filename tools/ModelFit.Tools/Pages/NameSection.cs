using System.Text;
using ModelFit.Testing.Truth;

namespace ModelFit.Tools.Pages;

/// <summary>The part of <c>accuracy.md</c> about names that people type.</summary>
internal static class NameSection
{
    /// <summary>The section, with <c>\n</c> at the line ends.</summary>
    public static string Write()
    {
        var text = new StringBuilder();
        text.Append("\n## Names\n\n");
        text.Append("Names as people, tools and public lists write them (`tests/data/catalog`, collected November ");
        text.Append("2026), and what each stands for. The meanings of most were written from this module's own ");
        text.Append("answers once they had been read: the table guards against changes and is no independent ");
        text.Append("measure. `found` is that model, card or quantization; a ");
        text.Append("derivative counts as found where its base is right. `wrong` is another one. `refused` is an ");
        text.Append("error that names the nearest, several candidates or the reason; `rightly` counts those that ");
        text.Append("stand for several, for nothing known, or for nothing that a runtime here loads.\n\n");
        text.Append("| names | all | found | wrong | refused | rightly |\n|---|---:|---:|---:|---:|---:|\n");
        var models = NameTruth.Models();
        foreach (var kind in models.GroupBy(answer => answer.Kind)) Append(text, "models: " + kind.Key, [.. kind]);
        Append(text, "models", models);
        Append(text, "cards", NameTruth.Cards());
        Append(text, "quantizations", NameTruth.Quantizations());
        text.Append("\nAn independent measure: the sizes of its files tell the shape of 2,254 published repositories ");
        text.Append("(30 November 2026). By their names alone 987 of these are answered: 948 with that shape, ");
        text.Append("39 with another, most where a repository holds another model than its name says or where a ");
        text.Append("finetune has an output or a vocabulary of its own. 1,267 names do not say of which model ");
        text.Append("they are.\n");
        return text.ToString();
    }

    private static void Append(StringBuilder text, string title, IReadOnlyList<NameAnswer> answers)
    {
        var found = answers.Count(answer => answer.IsFound);
        var refused = answers.Where(answer => answer.Found is null).ToArray();
        text.Append(FormattableString.Invariant(
            $"| {title} | {answers.Count} | {found} ({100.0 * found / answers.Count:0.0} %) "));
        text.Append(FormattableString.Invariant(
            $"| {answers.Count(answer => answer.IsWrong)} | {refused.Length} "));
        text.Append(FormattableString.Invariant($"| {refused.Count(answer => answer.Meant is null)} |\n"));
    }
}
