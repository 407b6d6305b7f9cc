using System.IO;
using System.Management.Automation;
using ModelFit.Questions;

namespace ModelFit.Binding;

/// <summary>
/// Something that a parameter names, kept as it was given and resolved only when the record is processed, so that one
/// unknown name is one error and the others are answered.
/// </summary>
public abstract class Reference
{
    private protected Reference(object value) => Value = value;

    /// <summary>Whether nothing was given where something had to be.</summary>
    public bool IsBlank => Value is string text && SizeText.IsBlank(text);

    /// <summary>The name, if a name was given.</summary>
    internal string? Name => Value as string;

    /// <summary>What was given, if two that are equal stand for the same; null for other objects.</summary>
    internal object? Key => Name ?? ArgumentText.Unwrap(Value) as GpuSpec as object;

    /// <summary>What was given: text, or an object.</summary>
    internal object Value { get; }

    /// <inheritdoc/>
    public override string ToString() => Value.ToString() ?? string.Empty;
}

/// <summary>A model by its name, its path, or itself.</summary>
/// <param name="value">A catalog name, a wildcard, a path, a file, or a model, live or deserialized.</param>
public sealed class ModelReference(object value) : Reference(value)
{
    /// <summary>A name that counts if the path cannot be read here, for models that were seen elsewhere.</summary>
    internal string? Alternative { get; init; }

    /// <summary>Whether the text is a literal path.</summary>
    internal bool IsPath { get; init; }
}

/// <summary>A card, or several of one machine, by name or itself.</summary>
/// <param name="value">
/// A name such as <c>3090</c> or <c>2x RTX 3090 + RTX 3060</c>, or a card, live or deserialized.
/// </param>
public sealed class GpuReference(object value) : Reference(value);

/// <summary>A machine by its name or itself.</summary>
/// <param name="value">
/// The name of this computer or of an instance type, or a machine, live or deserialized, or a row of an inventory.
/// </param>
public sealed class MachineReference(object value) : Reference(value);

/// <summary>Makes references of what is bound.</summary>
internal static class References
{
    /// <summary>The reference to what a part names; null if the part names nothing.</summary>
    public static Reference? Of(QuestionPart part, object value) =>
        part == QuestionParts.Model ? new ModelReference(value)
        : part == QuestionParts.Gpu ? new GpuReference(value)
        : part == QuestionParts.Machine ? new MachineReference(value)
        : null;
}

/// <summary>Wraps what is bound in references, without looking anything up.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ReferenceArgumentAttribute : ElementArgumentAttribute
{
    private readonly QuestionPart _part;

    /// <summary>Creates the conversion to references of a type, which the part of this name holds.</summary>
    public ReferenceArgumentAttribute(Type reference, string part)
        : base(reference) => _part = QuestionParts.Named(part) ?? throw new ArgumentException(part, nameof(part));

    /// <inheritdoc/>
    protected override object? ConvertElement(object value)
    {
        if (value is Reference) return value;
        var isObject = value is PSObject or GpuSpec or MachineSpec or ModelSpec or FileSystemInfo;
        var given = isObject ? value : ArgumentText.Text(value);
        return given is null ? null : References.Of(_part, given);
    }

    /// <inheritdoc/>
    protected override object ConvertBlank() => References.Of(_part, string.Empty)!;
}
