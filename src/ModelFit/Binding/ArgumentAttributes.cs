using System.Collections;
using System.Management.Automation;

namespace ModelFit.Binding;

/// <summary>
/// Converts what is bound to a parameter, element by element. Script blocks pass, so that delay-bind works; a blank
/// becomes null, which is <em>not given</em>.
/// </summary>
public abstract class ElementArgumentAttribute : ArgumentTransformationAttribute
{
    private readonly Type? _arrayOf;

    /// <summary>Creates the conversion; a type makes the parameter an array of it.</summary>
    protected ElementArgumentAttribute(Type? arrayOf) => _arrayOf = arrayOf;

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var value = ArgumentText.Unwrap(inputData);
        if (value is null or ScriptBlock) return value;
        try
        {
            if (_arrayOf is not null) return ConvertAll(value, _arrayOf);
            return (value is IList list ? Only(list) : value) is { } single ? ConvertElement(single) : null;
        }
        catch (ModelFitException error)
        {
            throw new ArgumentTransformationMetadataException(error.Message, error);
        }
    }

    /// <summary>Converts one element; null for a blank.</summary>
    protected abstract object? ConvertElement(object value);

    /// <summary>What stands for a blank among several elements.</summary>
    protected virtual object ConvertBlank() =>
        throw ArgumentText.Invalid(string.Empty, "empty; leave it out, or leave out the other values too");

    // 64,5GB is a list to PowerShell.
    private static object? Only(IList values) => values.Count > 1
        ? throw ArgumentText.Invalid(
            string.Join(", ", values.Cast<object>()), "a list, and one value is expected; decimals have a point")
        : ArgumentText.Unwrap(values.Cast<object?>().FirstOrDefault());

    private Array? ConvertAll(object value, Type type)
    {
        if (value is not IList list)
        {
            if (ConvertElement(value) is not { } single) return null;
            var one = Array.CreateInstance(type, 1);
            one.SetValue(single, 0);
            return one;
        }

        var elements = list.Cast<object?>().SelectMany(Flatten).ToArray();
        var result = Array.CreateInstance(type, elements.Length);
        for (var i = 0; i < elements.Length; i++)
        {
            var element = ArgumentText.Unwrap(elements[i]);
            result.SetValue((element is null ? null : ConvertElement(element)) ?? ConvertBlank(), i);
        }

        return result;
    }

    private static object?[] Flatten(object? element) => ArgumentText.Unwrap(element) is IList inner
        ? inner.Cast<object?>().SelectMany(Flatten).ToArray()
        : new[] { element };
}

/// <summary>A size in bytes: numbers, or text such as <c>24GB</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SizeArgumentAttribute : ElementArgumentAttribute
{
    /// <summary>Creates the conversion.</summary>
    public SizeArgumentAttribute()
        : base(null)
    {
    }

    /// <summary>Whether zero says something; else it is as wrong as any size under 1 MiB.</summary>
    public bool AllowZero { get; set; }

    /// <inheritdoc/>
    protected override object? ConvertElement(object value) => ArgumentText.Size(value, AllowZero);
}

/// <summary>A count: numbers, or text such as <c>32k</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class CountArgumentAttribute : ElementArgumentAttribute
{
    private readonly int _minimum;

    /// <summary>Creates the conversion of a count that is at least the minimum, or of an array of them.</summary>
    public CountArgumentAttribute(int minimum, bool array = false)
        : base(array ? typeof(int) : null) => _minimum = minimum;

    /// <inheritdoc/>
    protected override object? ConvertElement(object value) => ArgumentText.Count(value, _minimum);
}

/// <summary>A number of parameters: a number, or text such as <c>21B</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ParameterCountArgumentAttribute : ElementArgumentAttribute
{
    /// <summary>Creates the conversion.</summary>
    public ParameterCountArgumentAttribute()
        : base(null)
    {
    }

    /// <inheritdoc/>
    protected override object? ConvertElement(object value) => ArgumentText.ParameterCount(value);
}

/// <summary>Text, or an array of it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TextArgumentAttribute : ElementArgumentAttribute
{
    /// <summary>Creates the conversion.</summary>
    public TextArgumentAttribute(bool array = false)
        : base(array ? typeof(string) : null)
    {
    }

    /// <inheritdoc/>
    protected override object? ConvertElement(object value) => ArgumentText.Text(value);
}

/// <summary>Shares of several GPUs: numbers, or text such as <c>3,1</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ShareArgumentAttribute : ElementArgumentAttribute
{
    /// <summary>Creates the conversion.</summary>
    public ShareArgumentAttribute()
        : base(typeof(double))
    {
    }

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => base.Transform(
        engineIntrinsics, ArgumentText.Unwrap(inputData) is string text ? text.Split(',') : inputData);

    /// <inheritdoc/>
    protected override object? ConvertElement(object value) => ArgumentText.Share(value);
}

/// <summary>A member of an enumeration, by name.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ChoiceArgumentAttribute : ElementArgumentAttribute
{
    private readonly Type _enumeration;

    /// <summary>Creates the conversion to an enumeration.</summary>
    public ChoiceArgumentAttribute(Type enumeration)
        : base(null) => _enumeration = enumeration;

    /// <inheritdoc/>
    protected override object? ConvertElement(object value) => ArgumentText.Choice(value, _enumeration);
}

/// <summary>A number from 0, or text of one.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NumberArgumentAttribute : ElementArgumentAttribute
{
    /// <summary>Creates the conversion.</summary>
    public NumberArgumentAttribute()
        : base(null)
    {
    }

    /// <inheritdoc/>
    protected override object? ConvertElement(object value) => ArgumentText.Number(value);
}

/// <summary>What New-ModelRuntimeOption made, live or deserialized.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RuntimeOptionArgumentAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        TypeNames.Is<ModelRuntimeOption>(inputData) ? Rehydration.RuntimeOption(inputData!) : inputData;
}
