using System.Collections.Concurrent;
using System.Reflection;
using ModelFit.Questions;
using ModelFit.Runtimes;

namespace ModelFit.Binding;

/// <summary>What one source says of a question, part by part; null where it says nothing.</summary>
internal sealed record QuestionInput
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo?[]> Parameters = new();

    private readonly object?[] _values = new object?[QuestionParts.All.Count];

    private QuestionInput()
    {
    }

    private QuestionInput(QuestionInput source, object?[] values)
        : this(source) => _values = values;

    public static QuestionInput Empty { get; } = new();

    public IReadOnlyList<ModelReference>? Models => (IReadOnlyList<ModelReference>?)this[QuestionParts.Model];

    public IReadOnlyList<GpuReference>? Gpus => (IReadOnlyList<GpuReference>?)this[QuestionParts.Gpu];

    public IReadOnlyList<int>? GpuCounts => (IReadOnlyList<int>?)this[QuestionParts.GpuCount];

    public long? GpuMemory => (long?)this[QuestionParts.GpuMemory];

    public long? SystemMemory => (long?)this[QuestionParts.SystemMemory];

    public long? MemoryBandwidth => (long?)this[QuestionParts.MemoryBandwidth];

    public IReadOnlyList<MachineReference>? Machines => (IReadOnlyList<MachineReference>?)this[QuestionParts.Machine];

    public IReadOnlyList<string>? Quantizations => (IReadOnlyList<string>?)this[QuestionParts.Quantization];

    public IReadOnlyList<int>? ContextLengths => (IReadOnlyList<int>?)this[QuestionParts.ContextLength];

    public string? CommandLine => (string?)this[QuestionParts.CommandLine];

    /// <summary>Name of the computer in a row.</summary>
    public string? ComputerName { get; init; }

    /// <summary>What an answer that is asked again says beyond the parts of its question.</summary>
    public AskedAgain? Again { get; init; }

    /// <summary>What <see cref="CommandLine"/> says, once it was read.</summary>
    public LaunchLine? Line { get; init; }

    /// <summary>Whether the launch line is that of a running process, whose own memory is not free any more.</summary>
    public bool IsRunning { get; init; }

    /// <summary>
    /// Whether <see cref="GpuCounts"/> were typed over cards that something piped names: they are as many then.
    /// </summary>
    public bool IsRecounted { get; init; }

    /// <summary>Whether anything is said of the machine.</summary>
    public bool HasHardware => QuestionParts.Hardware.Any(part => this[part] is not null);

    /// <summary>The value of a part; an array where the part may have several.</summary>
    public object? this[QuestionPart part] => _values[part.Index];

    /// <summary>What the parameters of a cmdlet say now, of the parts that are asked for.</summary>
    public static QuestionInput Of(object cmdlet, IEnumerable<QuestionPart> parts)
    {
        var parameters = Parameters.GetOrAdd(
            cmdlet.GetType(), type => QuestionParts.All.Select(part => type.GetProperty(part.Name)).ToArray());
        return Empty.With(parts, part => parameters[part.Index]?.GetValue(cmdlet));
    }

    /// <summary>The same with one part otherwise.</summary>
    public QuestionInput With(QuestionPart part, object? value) => With(new[] { part }, _ => value);

    /// <summary>The same with some parts otherwise.</summary>
    public QuestionInput With(IEnumerable<QuestionPart> parts, Func<QuestionPart, object?> value)
    {
        object?[]? values = null;
        foreach (var part in parts)
        {
            var said = value(part);
            if (ReferenceEquals(said, _values[part.Index])) continue;
            values ??= (object?[])_values.Clone();
            values[part.Index] = said;
        }

        return values is null ? this : new(this, values);
    }

    /// <summary>The same without some parts.</summary>
    public QuestionInput Without(params QuestionPart[] parts) => With(parts, _ => null);

    /// <summary>With what a launch line says where nothing else does.</summary>
    public QuestionInput With(LaunchLine line)
    {
        var read = this with { Line = line };
        if (Models is not null || line.Model is null) return read;
        var model = new ModelReference(line.Model)
        {
            IsPath = line.ModelIsPath, Alternative = line.KnownFile,
        };
        return read.With(QuestionParts.Model, new[] { model });
    }

    /// <summary>
    /// What is typed over what is piped. A typed card takes the place of the piped one with all that was known of it, a
    /// typed machine of the whole computer, a typed model of the file and its quantization.
    /// </summary>
    public QuestionInput Instead(QuestionInput piped)
    {
        if (ReferenceEquals(this, Empty)) return piped;
        var again = piped.Again;
        if (Machines is not null)
        {
            piped = piped.With(QuestionParts.Hardware, _ => null) with { ComputerName = null };
            again = again?.OnOtherMachine();
        }

        if (Gpus is not null) piped = piped.Without(QuestionParts.GpuCount, QuestionParts.GpuMemory);
        if (Gpus is not null || GpuCounts is not null || GpuMemory is not null) again = again?.OnOtherCards();
        if (SystemMemory is not null) again = again?.WithOtherMemory();
        var isFile = piped.Models is { } models && models.Any(model => model.IsPath);
        var isOfModel = isFile || again is { IsQuantizationSupposed: true } or { IsQuantizationNamed: true };
        var isDefault = again is { IsQuantizationSupposed: true } && this[QuestionParts.Runtime] is not null;
        if ((Models is not null && isOfModel) || isDefault) piped = piped.Without(QuestionParts.Quantization);
        if (Models is not null && again is { IsContextSupposed: true })
            piped = piped.Without(QuestionParts.ContextLength);
        if (Models is not null) again = again?.ForOtherModel();
        if (again is not null)
        {
            again = again with
            {
                IsContextSupposed = again.IsContextSupposed && ContextLengths is null,
                IsQuantizationSupposed = again.IsQuantizationSupposed
                    && Quantizations is null && Models is null && !isDefault,
                IsQuantizationNamed = again.IsQuantizationNamed && Quantizations is null && Models is null,
            };
        }

        return Over(piped with { Again = again }) with { IsRecounted = GpuCounts is not null && Gpus is null };
    }

    /// <summary>This source over a lower one, part by part.</summary>
    public QuestionInput Over(QuestionInput lower) => ReferenceEquals(lower, Empty)
        ? this
        : ReferenceEquals(this, Empty)
        ? lower
        : With(QuestionParts.All, part => this[part] ?? lower[part]) with
        {
            ComputerName = ComputerName ?? lower.ComputerName,
            Again = Again ?? lower.Again,
        };
}
