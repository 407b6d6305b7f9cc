namespace ModelFit;

/// <summary>A program that serves models on a machine.</summary>
public sealed class ServingRuntime
{
    /// <summary>The machine.</summary>
    public string? ComputerName { get; internal init; }

    /// <summary>The program, for example <c>ollama</c>.</summary>
    public string Name { get; internal init; } = string.Empty;

    /// <summary>The usual port of the program, where something listens there; null if nothing does.</summary>
    public int? Port { get; internal init; }

    /// <inheritdoc/>
    public override string ToString() => Port is { } port ? FormattableString.Invariant($"{Name} :{port}") : Name;
}
