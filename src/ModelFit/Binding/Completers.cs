using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using ModelFit.Catalog;

namespace ModelFit.Binding;

/// <summary>Completes a parameter with the names that its parser reads.</summary>
public abstract class NameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public virtual IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters)
    {
        var quote = wordToComplete.Length > 0 && wordToComplete[0] is '\'' or '"' ? wordToComplete[0] : '\0';
        var word = wordToComplete.Trim('\'', '"');
        var before = word.Substring(0, Start(word));
        var typed = Bare(word.Substring(before.Length));
        return Names(fakeBoundParameters)
            .Select(choice => (choice.Name, choice.ToolTip, Match: Match(choice.Name, typed)))
            .Where(choice => choice.Match > 0).OrderByDescending(choice => choice.Match)
            .Select(choice => new CompletionResult(
                Quoted(before + choice.Name, quote), choice.Name, CompletionResultType.ParameterValue,
                choice.ToolTip()));
    }

    /// <summary>
    /// The names, those first that are usually meant, and what is shown of each; that is asked only of what is offered.
    /// </summary>
    /// <param name="bound">The parameters that are typed already.</param>
    protected abstract IEnumerable<(string Name, Func<string> ToolTip)> Names(IDictionary bound);

    /// <summary>Different names that say all there is.</summary>
    private protected static IEnumerable<(string Name, Func<string> ToolTip)> Plain(IEnumerable<string?> names) =>
        names.OfType<string>().Distinct().Select(name => (name, new Func<string>(() => name)));

    /// <summary>How much of the word stands before the name: a list, or a count.</summary>
    protected virtual int Start(string word) => 0;

    /// <summary>A value as it is typed: in quotes where it needs them, or where some are open.</summary>
    protected static string Quoted(string name, char quote) =>
        quote == '"' ? $"\"{name}\""
        : quote == '\0' && name.All(IsPlain) ? name
        : $"'{name.Replace("'", "''")}'";

    // The start of the name counts most, then that of any of its words; an owner before a model's name is rarely typed:
    // Qwen/Qwen3-8B starts with qwen3 too. Blanks are not typed by everyone.
    private static int Match(string name, string typed)
    {
        if (typed.Length == 0 || Begins(name, 0, typed) || Begins(name, name.LastIndexOf('/') + 1, typed)) return 3;
        for (var i = 1; i < name.Length; i++)
            if (!char.IsLetterOrDigit(name[i - 1]) && Begins(name, i, typed)) return 2;
        return Bare(name).IndexOf(typed, StringComparison.OrdinalIgnoreCase) >= 0 ? 1 : 0;
    }

    private static bool Begins(string name, int start, string typed) =>
        Bare(name.Substring(start)).StartsWith(typed, StringComparison.OrdinalIgnoreCase);

    private static string Bare(string text) => text.Replace(" ", string.Empty);

    private static bool IsPlain(char letter) => char.IsLetterOrDigit(letter)
        || letter is '-' or '_' or '.' or '/' or ':';
}

/// <summary>Vendors of the GPU catalog.</summary>
public sealed class GpuVendorCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Func<string> ToolTip)> Names(IDictionary bound) =>
        Plain(GpuCatalog.All.Select(gpu => gpu.Vendor));
}

/// <summary>Segments of the GPU catalog.</summary>
public sealed class GpuSegmentCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Func<string> ToolTip)> Names(IDictionary bound) =>
        Plain(GpuCatalog.All.Select(gpu => gpu.Segment));
}

/// <summary>Families of the model catalog.</summary>
public sealed class ModelFamilyCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Func<string> ToolTip)> Names(IDictionary bound) =>
        Plain(CommonNames.Models().Select(model => model.Family).Where(family => family.Length > 0));
}
