using System.Collections;
using System.Management.Automation;
using ModelFit.Questions;

namespace ModelFit.Binding;

/// <summary>
/// Converts what is bound to a parameter, element by element. Script blocks pass, so that delay-bind works; a blank
/// becomes null, which is <em>not given</em>.
/// </summary>
public abstract class ElementArgumentAttribute : ArgumentTransformationAttribute
{
    private readonly Type? _arrayOf;

    /// <summary>Creates the conversion; a type makes the parameter an array of it.</summary>
    protected ElementArgumentAttribute(Type? arrayOf = null) => _arrayOf = arrayOf;

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
        throw PartText.Invalid(string.Empty, "empty; leave it out, or leave out the other values too");

    // 64,5GB is a list to PowerShell.
    private static object? Only(IList values) => values.Count > 1
        ? throw PartText.Invalid(
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
    /// <summary>Whether zero says something; else it is as wrong as any size under 1 MiB.</summary>
    public bool AllowZero { get; set; }

    /// <inheritdoc/>
    protected override object? ConvertElement(object value) => PartText.Size(value, AllowZero);
}

/// <summary>A count, or an array of them: numbers, or text such as <c>32k</c>.</summary>
/// <param name="minimum">The least count.</param>
/// <param name="array">Whether the parameter is an array.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class CountArgumentAttribute(int minimum, bool array = false)
    : ElementArgumentAttribute(array ? typeof(int) : null)
{
    /// <inheritdoc/>
    protected override object? ConvertElement(object value) => PartText.Count(value, minimum);
}

/// <summary>A number of parameters: a number, or text such as <c>21B</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ParameterCountArgumentAttribute : ElementArgumentAttribute
{
    /// <inheritdoc/>
    protected override object? ConvertElement(object value) => PartText.ParameterCount(value);
}

/// <summary>Text, or an array of it.</summary>
/// <param name="array">Whether the parameter is an array.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TextArgumentAttribute(bool array = false)
    : ElementArgumentAttribute(array ? typeof(string) : null)
{
    /// <inheritdoc/>
    protected override object? ConvertElement(object value) => PartText.Text(value);
}

/// <summary>Shares of several GPUs: numbers, or text such as <c>3,1</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ShareArgumentAttribute() : ElementArgumentAttribute(typeof(double))
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => base.Transform(
        engineIntrinsics, ArgumentText.Unwrap(inputData) is string text ? text.Split(',') : inputData);

    /// <inheritdoc/>
    protected override object? ConvertElement(object value) => PartText.Share(value);
}

/// <summary>A member of an enumeration, by name.</summary>
/// <param name="enumeration">The enumeration.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ChoiceArgumentAttribute(Type enumeration) : ElementArgumentAttribute
{
    /// <inheritdoc/>
    protected override object? ConvertElement(object value) => PartText.Choice(value, enumeration);
}

/// <summary>A number from 0, or text of one.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NumberArgumentAttribute : ElementArgumentAttribute
{
    /// <inheritdoc/>
    protected override object? ConvertElement(object value) => PartText.Number(value);
}

/// <summary>What New-ModelRuntimeOption made, live or deserialized.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RuntimeOptionArgumentAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        TypeNames.Is<ModelRuntimeOption>(inputData) ? Rehydration.RuntimeOption(inputData!) : inputData;
}
