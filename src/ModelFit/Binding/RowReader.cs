using System;
using System.Collections;
using System.Linq;
using System.Management.Automation;

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
        if (path is null && computer is null) return QuestionInput.Empty;
        return new()
        {
            Models = path is null ? null : new[]
            {
                new ModelReference((object)path)
                {
                    IsPath = true,
                    Alternative = ArgumentText.Text(Column(row, "Model")),
                },
            },
            ComputerName = computer,
        };
    }

    /// <summary>Every column that is a parameter, and those of <see cref="ReadNames"/>.</summary>
    public static QuestionInput Read(object row)
    {
        return ReadNames(row).Over(new QuestionInput
        {
            Models = List(row, name => new ModelReference((object)name), "Model"),
            Gpus = List(row, name => new GpuReference((object)name), "Gpu"),
            GpuCounts = Counts(row, 0, "GpuCount"),
            GpuMemory = Size(row, false, "GpuMemory", "GpuMemoryBytes", "Vram"),
            SystemMemory = Size(row, true, "SystemMemory", "SystemMemoryBytes"),
            Quantizations = List(row, name => ArgumentText.Text(name)!, "Quantization"),
            ContextLengths = Counts(row, 1, "ContextLength"),
            ParallelSequences = Count(row, "ParallelSequences"),
            BatchSize = Count(row, "BatchSize"),
            MicroBatchSize = Count(row, "MicroBatchSize"),
            KeyCacheType = (KvCacheType?)Choice(row, "KeyCacheType", typeof(KvCacheType)),
            ValueCacheType = (KvCacheType?)Choice(row, "ValueCacheType", typeof(KvCacheType)),
            FlashAttention = (FlashAttentionMode?)Choice(row, "FlashAttention", typeof(FlashAttentionMode)),
            Runtime = (ModelRuntime?)Choice(row, "Runtime", typeof(ModelRuntime)),
            CommandLine = ArgumentText.Text(Column(row, "CommandLine")),
            Reserve = Size(row, true, "Reserve", "ReserveBytes"),
        });
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

    private static T[]? List<T>(object row, Func<object, T> wrap, string name)
    {
        var value = Column(row, name);
        var elements = ArgumentText.Unwrap(value) is IList list ? list.Cast<object?>() : new[] { value };
        var given = elements.Where(element => element is PSObject || ArgumentText.Text(element) is not null);
        var wrapped = given.Select(element => wrap(ArgumentText.Unwrap(element)!)).ToArray();
        return wrapped.Length == 0 ? null : wrapped;
    }

    private static int[]? Counts(object row, int minimum, string name) =>
        Converted(name, row, _ => List(row, value => ArgumentText.Count(value, minimum)!.Value, name));

    private static int? Count(object row, string name) =>
        Converted(name, Column(row, name), value => ArgumentText.Count(value, 1));

    private static long? Size(object row, bool allowZero, params string[] names)
    {
        foreach (var name in names)
        {
            var size = Converted(name, Column(row, name), value => ArgumentText.Size(value, allowZero));
            if (size is not null) return size;
        }

        return null;
    }

    private static object? Choice(object row, string name, Type enumeration) =>
        Converted(name, Column(row, name), value => ArgumentText.Choice(value, enumeration));

    private static T Converted<T>(string name, object? value, Func<object?, T> convert)
    {
        try
        {
            return convert(value);
        }
        catch (ModelFitException error)
        {
            throw new ModelFitException(
                error.ErrorId, error.Kind, $"Column {name}: {error.Message}", error.Target, error);
        }
    }
}
