namespace ModelFit.Tool;

/// <summary>What the tool was asked to do.</summary>
internal enum ToolAction
{
    Usage,
    Version,
    Completion,
    Dsc,
    Cmdlet,
    Pipeline,
}

/// <summary>How standard input is read, if at all.</summary>
internal enum InputFormat
{
    None,
    Csv,
    Json,
    Text,
}

/// <summary>How answers are written.</summary>
internal enum OutputFormat
{
    Default,
    Table,
    List,
    Csv,
    Json,
}

/// <summary>What the exit code is like.</summary>
internal enum ExitCodes
{
    Default,

    /// <summary>0 yes, 1 no, 2 an error.</summary>
    Grep,

    /// <summary>0 OK, 1 a warning, 2 critical, 3 unknown.</summary>
    Nagios,
}

/// <summary>A call that the tool does not understand.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>The words of the command line, told apart: what is the tool's own, what is the cmdlet's.</summary>
internal sealed record ToolRequest
{
    public ToolAction Action { get; private init; }

    public InputFormat InputFormat { get; private init; }

    public OutputFormat OutputFormat { get; private init; }

    public ExitCodes ExitCodes { get; private init; }

    /// <summary>Whether a word in braces is a script block, and not text.</summary>
    public bool TakesScriptBlocks { get; private init; }

    /// <summary>The cmdlet's name, or the text of the pipeline.</summary>
    public string Command { get; private init; } = string.Empty;

    /// <summary>The cmdlet's words, as the shell gave them.</summary>
    public IReadOnlyList<string> Words { get; private init; } = [];

    /// <summary>
    /// Tells the words apart. The formats may stand before or after the cmdlet's words, up to a <c>--</c>.
    /// </summary>
    /// <exception cref="UsageException">An option is unknown, or lacks its value.</exception>
    public static ToolRequest Parse(IEnumerable<string> args)
    {
        var request = new ToolRequest();
        var words = new List<string>();
        var left = new Queue<string>(args);
        while (left.TryDequeue(out var word))
        {
            if (word == "--")
            {
                words.Add(word);
                words.AddRange(left);
                break;
            }

            if (Is(word, "-InputFormat"))
                request = request with { InputFormat = Choice<InputFormat>(word, left) };
            else if (Is(word, "-OutputFormat"))
                request = request with { OutputFormat = Choice<OutputFormat>(word, left) };
            else if (Is(word, "--exit-code"))
                request = request with { ExitCodes = Choice<ExitCodes>(word, left) };
            else if (Is(word, "--script-blocks"))
                request = request with { TakesScriptBlocks = true };
            else if (words.Count > 0 || !word.StartsWith('-'))
                words.Add(word);
            else if (Is(word, "-Command"))
                request = request with { Action = ToolAction.Pipeline, Command = Value(word, left) };
            else if (word is "--version")
                return new ToolRequest { Action = ToolAction.Version };
            else if (word is "--help" or "-h" or "-?")
                return new ToolRequest();
            else
                throw new UsageException($"The option '{word}' is not known.");
        }

        return request.Action == ToolAction.Pipeline ? request.AloneWith(words) : request.ForCmdlet(words);
    }

    private ToolRequest AloneWith(List<string> words) =>
        words.Count == 0 ? this : throw new UsageException($"'{words[0]}' follows the pipeline of -Command.");

    private ToolRequest ForCmdlet(List<string> words)
    {
        if (words.Count == 0 || (words.Count == 1 && Is(words[0], "help"))) return new ToolRequest();
        if (words.Count == 2 && Is(words[0], "completion"))
            return this with { Action = ToolAction.Completion, Command = words[1] };
        if (words.Count == 2 && Is(words[0], "dsc"))
            return this with { Action = ToolAction.Dsc, Command = words[1] };
        if (words.Count == 2 && words[1] is "--help" or "-?") words.Reverse();
        var asksForHelp = Is(words[0], "help") || words[0] is "--help" or "-?";
        return this with
        {
            Action = ToolAction.Cmdlet,
            Command = asksForHelp ? "Get-Help" : words[0],
            Words = words[1..],
        };
    }

    private static bool Is(string word, string option) => word.Equals(option, StringComparison.OrdinalIgnoreCase);

    private static string Value(string option, Queue<string> left) =>
        left.TryDequeue(out var value) && !string.IsNullOrWhiteSpace(value)
            ? value
            : throw new UsageException($"{option} needs a value.");

    private static T Choice<T>(string option, Queue<string> left)
        where T : struct, Enum
    {
        var value = Value(option, left);
        if (Enum.TryParse<T>(value, ignoreCase: true, out var choice) && !int.TryParse(value, out _)) return choice;
        throw new UsageException($"{option} is one of {string.Join(", ", Enum.GetNames<T>()[1..])}, not '{value}'.");
    }
}
