using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;
using ModelFit.Catalog;

namespace ModelFit.Binding;

/// <summary>Completes a parameter with the names that its parser reads.</summary>
public abstract class NameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters)
    {
        var word = wordToComplete.Trim('\'', '"');
        return Names()
            .Where(name => name.Name.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0)
            .OrderByDescending(name => StartsWith(name.Name, word))
            .Select(name => new CompletionResult(
                Quoted(name.Name), name.Name, CompletionResultType.ParameterValue, name.ToolTip));
    }

    /// <summary>The names, and what is shown of each.</summary>
    protected abstract IEnumerable<(string Name, string ToolTip)> Names();

    // An owner before a model's name is rarely typed: Qwen/Qwen3-8B starts with qwen3 too.
    private static bool StartsWith(string name, string word) =>
        name.StartsWith(word, StringComparison.OrdinalIgnoreCase)
        || string.Compare(
            name, name.LastIndexOf('/') + 1, word, 0, word.Length, StringComparison.OrdinalIgnoreCase) == 0;

    private static string Quoted(string name) =>
        name.All(letter => char.IsLetterOrDigit(letter) || letter is '-' or '_' or '.' or '/' or ':')
            ? name
            : $"'{name.Replace("'", "''")}'";
}

/// <summary>Names of the GPU catalog.</summary>
public sealed class GpuNameCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string ToolTip)> Names() => GpuCatalog.All.Select(gpu =>
        (gpu.Name, gpu.MemoryBytes is { } bytes ? $"{gpu.Name}, {SizeText.Gib(bytes)}" : gpu.Name));
}

/// <summary>Names of the model catalog.</summary>
public sealed class ModelNameCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string ToolTip)> Names() =>
        ModelCatalog.All.Select(model => (model.Name, $"{model.Name} ({model.Family})"));
}

/// <summary>Names of the quantization catalog.</summary>
public sealed class QuantizationNameCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string ToolTip)> Names() => QuantizationCatalog.All.Select(
        quantization => (quantization.Name, $"{quantization.Name} ({quantization.Format})"));
}

/// <summary>Vendors of the GPU catalog.</summary>
public sealed class GpuVendorCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string ToolTip)> Names() => GpuCatalog.All
        .Select(gpu => gpu.Vendor).OfType<string>().Distinct().Select(name => (name, name));
}

/// <summary>Segments of the GPU catalog.</summary>
public sealed class GpuSegmentCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string ToolTip)> Names() => GpuCatalog.All
        .Select(gpu => gpu.Segment).OfType<string>().Distinct().Select(name => (name, name));
}

/// <summary>Families of the model catalog.</summary>
public sealed class ModelFamilyCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string ToolTip)> Names() => ModelCatalog.All
        .Select(model => model.Family).OfType<string>().Distinct().Select(name => (name, name));
}
