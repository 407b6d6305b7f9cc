namespace ModelFit.Binding;

/// <summary>A name that completion can offer.</summary>
public sealed class NameChoice
{
    /// <summary>Creates a choice.</summary>
    /// <param name="name">The name.</param>
    /// <param name="toolTip">What is shown of it; asked only of what is offered.</param>
    public NameChoice(string name, Func<string> toolTip)
    {
        Name = name;
        ToolTip = toolTip;
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>What is shown of it.</summary>
    public Func<string> ToolTip { get; }
}
