namespace ModelFit.Binding;

/// <summary>A name that completion can offer.</summary>
/// <param name="name">The name.</param>
/// <param name="toolTip">What is shown of it; asked only of what is offered.</param>
public sealed class NameChoice(string name, Func<string> toolTip)
{
    /// <summary>The name.</summary>
    public string Name { get; } = name;

    /// <summary>What is shown of it.</summary>
    public Func<string> ToolTip { get; } = toolTip;
}
