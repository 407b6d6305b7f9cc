namespace ModelFit.Tools;

/// <summary>A tool: its name on the command line, what it does, and the work, which gives the exit code.</summary>
internal sealed record Tool(string Name, string Summary, Func<IReadOnlyList<string>, int> Run);
