using ModelFit.Questions;

namespace ModelFit.Binding;

/// <summary>A part of the question, read as the table of parts says.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class QuestionArgumentAttribute : ElementArgumentAttribute
{
    private readonly QuestionPart _part;

    /// <summary>Creates the conversion to the part of this name.</summary>
    public QuestionArgumentAttribute(string part)
        : this(QuestionParts.Named(part) ?? throw new ArgumentException(part, nameof(part)))
    {
    }

    private QuestionArgumentAttribute(QuestionPart part)
        : base(part.IsList ? part.Type : null) => _part = part;

    /// <inheritdoc/>
    protected override object? ConvertElement(object value) => _part.Read!(value);
}
