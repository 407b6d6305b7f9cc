using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace ModelFit.Binding;

/// <summary>Completes a parameter with the values that are usual for it, in their order.</summary>
public abstract class ValueCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters) => Values(fakeBoundParameters)
        .Where(value => value.Text.StartsWith(wordToComplete, StringComparison.OrdinalIgnoreCase))
        .Select(value => new CompletionResult(
            value.Text, value.Text, CompletionResultType.ParameterValue, value.ToolTip));

    /// <summary>The values, and what is shown of each.</summary>
    protected abstract IEnumerable<(string Text, string ToolTip)> Values(IDictionary bound);
}

/// <summary>Lengths of a context, up to what the model that is typed was trained for.</summary>
public sealed class ContextLengthCompleter : ValueCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Text, string ToolTip)> Values(IDictionary bound)
    {
        var longest = TypedModel.Of(bound)?.TrainedContextLength ?? 256 * 1024;
        return new[] { 4, 8, 16, 32, 64, 128, 256, 512, 1024 }
            .Where(thousands => thousands * 1024 <= longest)
            .Select(thousands => (
                thousands.ToString(CultureInfo.InvariantCulture) + "k",
                (thousands * 1024).ToString(CultureInfo.InvariantCulture) + " tokens"));
    }
}

/// <summary>Sizes of the memory of a machine or card.</summary>
public sealed class MemorySizeCompleter : ValueCompleter
{
    private static readonly string[] Sizes =
        { "8GB", "12GB", "16GB", "24GB", "32GB", "48GB", "64GB", "80GB", "96GB", "128GB", "192GB", "256GB", "512GB" };

    /// <inheritdoc/>
    protected override IEnumerable<(string Text, string ToolTip)> Values(IDictionary bound) =>
        Sizes.Select(size => (size, size.Replace("GB", " GiB")));
}

/// <summary>Numbers of cards.</summary>
public sealed class GpuCountCompleter : ValueCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Text, string ToolTip)> Values(IDictionary bound) =>
        new[] { "1", "2", "4", "8" }.Select(count => (count, count == "1" ? "1 card" : count + " cards"));
}
