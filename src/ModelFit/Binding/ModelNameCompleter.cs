using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using ModelFit.Catalog;

namespace ModelFit.Binding;

/// <summary>Names of the model catalog, and paths of folders and model files where a path is typed.</summary>
public sealed class ModelNameCompleter : NameCompleter
{
    private static readonly string[] Files = { ".gguf", ".safetensors", ".json" };

    /// <inheritdoc/>
    public override IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters)
    {
        var word = wordToComplete.Trim('\'', '"');
        var names = IsPath(word)
            ? Array.Empty<CompletionResult>()
            : base.CompleteArgument(commandName, parameterName, wordToComplete, commandAst, fakeBoundParameters)
                .ToArray();
        return names.Length > 0 ? names : CompletionCompleters.CompleteFilename(word).Where(IsModel);
    }

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Func<string> ToolTip)> Names(IDictionary bound) =>
        CommonNames.Models().Select(model => (model.Id, new Func<string>(() => ToolTip(model))));

    private static bool IsPath(string word) =>
        word.Length > 0 && (word[0] is '.' or '~' or '/' or '\\' || word.IndexOf(":\\", StringComparison.Ordinal) == 1);

    private static bool IsModel(CompletionResult result) =>
        result.ResultType == CompletionResultType.ProviderContainer
        || Files.Any(end => result.ListItemText.EndsWith(end, StringComparison.OrdinalIgnoreCase));

    private static string ToolTip(ModelCatalogRecord model) => string.Join(", ", new[]
    {
        model.Id,
        Billions(model.Parameters) is { } all ? all + " parameters" + Active(model) : null,
        model[ModelColumn.Context] is { Length: > 0 } length ? $"{length} tokens of context" : null,
        model[ModelColumn.Date] is { Length: > 0 } date ? date : null,
    }.Where(part => part is not null));

    private static string? Active(ModelCatalogRecord model) =>
        model.ActiveParameters < model.Parameters ? $" ({Billions(model.ActiveParameters)} active)" : null;

    private static string? Billions(long? count) =>
        count is { } known ? (known / 1e9).ToString("0.#", CultureInfo.InvariantCulture) + "B" : null;
}
