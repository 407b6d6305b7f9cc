using System.Collections;
using System.Management.Automation;
using ModelFit.Catalog;
using ModelFit.Hardware.Inventory;
using ModelFit.Questions;

namespace ModelFit.Binding;

/// <summary>
/// Reads a question out of the columns of an object: a hashtable, or a result, footprint or plan, live or deserialized.
/// </summary>
internal static class RowReader
{
    private static readonly string[] ComputerColumns = { "ComputerName", "PSComputerName", "DNSHostName" };

    /// <summary>The columns that say which model and computer a row is about, and are no parameters.</summary>
    public static QuestionInput ReadNames(object row)
    {
        var path = ArgumentText.Text(Column(row, "ModelPath"));
        var computer = ComputerColumns.Select(name => ArgumentText.Text(Column(row, name)))
            .FirstOrDefault(name => name is not null);
        var repository = path is null ? RepositoryOf(row) : null;
        if (path is null && repository is null && computer is null) return QuestionInput.Empty;
        var read = QuestionInput.Empty with { ComputerName = computer };
        if (repository is not null)
            return read.With(QuestionParts.Model, new[] { new ModelReference(repository) });
        if (path is null) return read;
        var model = new ModelReference(path)
        {
            IsPath = true, Alternative = ArgumentText.Text(Column(row, QuestionParts.Model.Name)),
        };
        return read.With(QuestionParts.Model, new[] { model });
    }

    /// <summary>The repository of an answer, where its model's name alone would not choose it.</summary>
    private static string? RepositoryOf(object row) =>
        ArgumentText.Text(Column(row, "Repository")) is { } repository
        && ArgumentText.Text(Column(row, QuestionParts.Model.Name)) is { } model
        && FileAddress.Parse(repository) is not null
        && !PublishedModels.IsChosen(
            repository, model, ArgumentText.Text(Column(row, QuestionParts.Quantization.Name)))
            ? repository
            : null;

    /// <summary>Every column that is a parameter, and those of <see cref="ReadNames"/>.</summary>
    public static QuestionInput Read(object row)
    {
        var parts = QuestionParts.All.Where(part => part.IsBoundByName);
        return ReadNames(row).Over(QuestionInput.Empty.With(parts, part => Read(row, part)));
    }

    /// <summary>
    /// The system memory of a row whose column is called as inventories do (<c>RAM_GB</c>); what cannot be read there
    /// is said, and no error: nobody asked for that column.
    /// </summary>
    public static QuestionInput ReadMemory(PSObject row, IMessageSink messages)
    {
        try
        {
            if (new InventoryRow(ObjectRow.Of(row), 1)
                .Size(RowColumns.Meaning.SystemMemory, CellSize.Bare.System) is { } bytes)
                return QuestionInput.Empty.With(QuestionParts.SystemMemory, bytes);
        }
        catch (ModelFitException error)
        {
            messages.Warning($"The system memory is not counted: {error.Message}");
        }

        return QuestionInput.Empty;
    }

    /// <summary>Whether a row tells of hardware.</summary>
    public static bool HasHardware(object row) =>
        Read(row) is { Gpus: not null } or { GpuCounts: not null } or { GpuMemory: not null }
            or { SystemMemory: not null };

    /// <summary>The value of a column, its name in any case; null if there is none.</summary>
    public static object? Column(object row, string name)
    {
        if (ArgumentText.Unwrap(row) is not IDictionary table)
            return PSObject.AsPSObject(row).Properties[name]?.Value;
        var key = table.Keys.OfType<string>()
            .FirstOrDefault(text => text.Equals(name, StringComparison.OrdinalIgnoreCase));
        return key is null ? null : table[key];
    }

    private static object? Read(object row, QuestionPart part) => part.Aliases.Prepend(part.Name)
        .Select(name => Read(name, Column(row, name), part))
        .FirstOrDefault(value => value is not null);

    private static object? Read(string column, object? cell, QuestionPart part)
    {
        try
        {
            return part.IsList ? List(cell, part) : part.Read!(ArgumentText.Unwrap(cell));
        }
        catch (ModelFitException error)
        {
            throw new ModelFitException(
                error.ErrorId, error.Kind, $"Column {column}: {error.Message}", error.Target, error);
        }
    }

    private static Array? List(object? cell, QuestionPart part)
    {
        var elements = ArgumentText.Unwrap(cell) is IList list ? list.Cast<object?>() : new[] { cell };
        var given = elements.Where(element => element is PSObject || ArgumentText.Text(element) is not null)
            .Select(element => ArgumentText.Unwrap(element)!);
        var values = given.Select(value => References.Of(part, value) ?? part.Read!(value)!).ToArray();
        if (values.Length == 0) return null;
        var typed = Array.CreateInstance(values[0].GetType(), values.Length);
        values.CopyTo(typed, 0);
        return typed;
    }
}
