using System.Globalization;
using ModelFit.Questions;

namespace ModelFit.Runtimes;

/// <summary>One word of a launch line: its spellings, whether a value follows, and what it changes.</summary>
/// <param name="Names">Its spellings, short and long.</param>
/// <param name="Variable">The environment variable of the same meaning; null if there is none.</param>
/// <param name="TakesValue">Whether the next word is its value.</param>
/// <param name="Apply">What it changes; the value is <c>on</c> for a word without one.</param>
internal record LaunchWord(string[] Names, string? Variable, bool TakesValue, Action<LaunchLine, string> Apply)
{
    /// <summary>The values that make a word whose value may be missing take the next word.</summary>
    public string[]? OptionalValues { get; init; }

    /// <summary>What is said where that value is missing; null for nothing.</summary>
    public string? Lacking { get; init; }

    /// <summary>Whether all words up to the next option are its value, with commas between them.</summary>
    public bool IsList { get; init; }

    /// <summary>Further variables of the same meaning.</summary>
    public string[] MoreVariables { get; init; } = Array.Empty<string>();
}

/// <summary>The words that a runtime understands.</summary>
internal abstract class LaunchDialect
{
    private readonly Dictionary<string, LaunchWord> _words = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LaunchWord> _variables = new(StringComparer.Ordinal);
    private readonly OtherWords _others;

    /// <summary>Creates a dialect of these words.</summary>
    /// <param name="program">The name that the table of other words has of the program.</param>
    /// <param name="words">The words that matter to memory.</param>
    protected LaunchDialect(string program, IEnumerable<LaunchWord> words)
    {
        _others = OtherWords.Of(program);
        foreach (var word in words)
        {
            foreach (var name in word.Names) _words[name] = word;
            if (word.Variable is not null) _variables[word.Variable] = word;
            foreach (var variable in word.MoreVariables) _variables[variable] = word;
        }
    }

    public static bool IsOption(string word) => word.StartsWith("-", StringComparison.Ordinal);

    /// <summary>Whether a word is known and takes no value.</summary>
    public bool IsSwitch(string word) =>
        _words.TryGetValue(word, out var known) ? !known.TakesValue : _others.ValuesOf(word) == 0;

    /// <summary>A word under the names that it has in a program that took it over.</summary>
    public LaunchWord Renamed(string word, params string[] names) => _words[word] with
    {
        Names = names, Variable = null, MoreVariables = Array.Empty<string>(),
    };

    /// <summary>Says what the program takes where its line says nothing.</summary>
    public virtual void Begin(LaunchLine line)
    {
    }

    /// <summary>
    /// Reads a variable of the environment; those of other programs are passed over, an unknown one of its own is not.
    /// </summary>
    public void ReadVariable(LaunchLine line, string name, string value, IMessageSink messages)
    {
        if (_variables.TryGetValue(name, out var word)) Apply(line, word, name, value, messages);
        else if (Denied(name) is { } said && _variables.TryGetValue(said, out word))
            Apply(line, word, name, "0", messages);
        else if (!_others.HasVariable(name) && OwnPrefixes.Any(own => name.StartsWith(own, StringComparison.Ordinal)))
            SayUnknown(line, "variable", name, messages);
    }

    /// <summary>Reads the words after the program.</summary>
    public void Read(LaunchLine line, Queue<string> rest, IMessageSink messages)
    {
        while (rest.Count > 0)
        {
            var text = rest.Dequeue();
            var (name, given) = SplitValue(Spelled(text));
            if (_words.TryGetValue(name, out var word))
                Apply(line, word, name, given ?? Value(word, name, rest, messages), messages);
            else if (IsOption(text) || _others.ValuesOf(text) is not null) PassOver(line, text, rest, messages);
            else ReadBare(line, text, messages);
        }
    }

    /// <summary>Whether a word or a variable is of the dialect.</summary>
    public bool Reads(string word) => _words.ContainsKey(word) || _variables.ContainsKey(word);

    /// <summary>Whether a word or a variable is known, as one that matters or as one that does not.</summary>
    public bool Knows(string word) =>
        Reads(word) || _others.ValuesOf(word) is not null || _others.HasVariable(word)
            || (Denied(word) is { } said && _variables.ContainsKey(said));

    /// <summary>How many values follow a word that is known.</summary>
    public int ValuesOf(string word) =>
        _words.TryGetValue(word, out var known) ? known.TakesValue ? 1 : 0 : _others.ValuesOf(word) ?? 0;

    /// <summary>A word before its value that is no part of the question.</summary>
    protected static LaunchWord Value(Action<LaunchLine, string> apply, params string[] names) =>
        new(names, null, true, apply);

    /// <summary>A part of the question before its value, under the names that the table has of it.</summary>
    protected static LaunchWord Value(ModelRuntime runtime, QuestionPart part, Action<LaunchLine, string> apply) =>
        Of(part.Launch[runtime].Names, part.Launch[runtime].Variables, true, apply);

    /// <summary>A part of the question before a value that is read and set in the question.</summary>
    protected static LaunchWord Option<T>(ModelRuntime runtime, QuestionPart part, Func<string, T> read) =>
        Value(runtime, part, (line, value) => Set(line, part, read(value)!));

    /// <summary>A part that stands alone and is set in the question, and its opposite.</summary>
    protected static IEnumerable<LaunchWord> Switch(ModelRuntime runtime, QuestionPart part) =>
        Switch(runtime, part, (line, isOn) => Set(line, part, isOn));

    /// <summary>A part that stands alone, and its opposite.</summary>
    protected static IEnumerable<LaunchWord> Switch(
        ModelRuntime runtime, QuestionPart part, Action<LaunchLine, bool> apply)
    {
        var words = part.Launch[runtime];
        yield return Of(words.Names, words.Variables, false, (line, value) => apply(line, Flag(value)));
        yield return Of(words.Opposites, words.OppositeVariables, false, (line, value) => apply(line, !Flag(value)));
    }

    /// <summary>The variables by which a driver shows a program its cards.</summary>
    protected static LaunchWord Shown(ModelRuntime runtime) =>
        Value(runtime, FileParts.VisibleDevices, (line, value) => line.Visible = VisibleCards.Read(value));

    private static LaunchWord Of(
        string[] names, string[] variables, bool takesValue, Action<LaunchLine, string> apply) =>
        new(names, variables.FirstOrDefault(), takesValue, apply) { MoreVariables = variables.Skip(1).ToArray() };

    private static void Set(LaunchLine line, QuestionPart part, object value) =>
        line.Changes.Add(question => part.Set!(question, value));

    /// <summary>A word as its runtime's table spells it.</summary>
    protected virtual string Spelled(string text) => text;

    /// <summary>The word of the table that an option of several spellings is.</summary>
    protected virtual string Root(string option) => option;

    /// <summary>Whether a variable begins as those that no other program has.</summary>
    public bool Begins(string variable) =>
        OwnPrefixes.FirstOrDefault() is { } own && variable.StartsWith(own, StringComparison.Ordinal);

    /// <summary>How the variables begin that are the program's own, first those that are its alone.</summary>
    protected virtual string[] OwnPrefixes => Array.Empty<string>();

    /// <summary>The variable that a variable says no to by being there; null if it is none of that kind.</summary>
    protected virtual string? Denied(string variable) => null;

    /// <summary>Reads a word that is no option.</summary>
    protected virtual void ReadBare(LaunchLine line, string text, IMessageSink messages) =>
        messages.Verbose($"The word '{text}' of the command line is not known and is ignored.");

    /// <summary>A whole number, or an error that names the word.</summary>
    protected static long Integer(string value)
    {
        const NumberStyles style = NumberStyles.AllowLeadingSign;
        return long.TryParse(value, style, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException("a whole number");
    }

    /// <summary>A count that fits a 32-bit number and is at least <paramref name="least"/>.</summary>
    protected static int Count(string value, int least) =>
        Integer(value) is var number && number >= least && number <= int.MaxValue
            ? (int)number
            : throw new FormatException("a whole number from " + least.ToString(CultureInfo.InvariantCulture));

    /// <summary>A number with decimals that suits, or an error that says what is expected.</summary>
    protected static double Decimal(string value, string expected, Func<double, bool>? suits = null) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && suits?.Invoke(number) != false
            ? number
            : throw new FormatException(expected);

    /// <summary>A share of a card's memory.</summary>
    protected static double Utilization(string value) =>
        Decimal(value, "a share above 0 and up to 1", share => share is > 0 and <= 1);

    /// <summary>Whether a value means yes (common/arg.cpp, is_truthy and is_falsey).</summary>
    protected static bool Flag(string value) => value.ToLowerInvariant() switch
    {
        "on" or "enabled" or "true" or "1" => true,
        "off" or "disabled" or "false" or "0" => false,
        _ => throw new FormatException("on or off"),
    };

    /// <summary>A member of an enumeration by its name.</summary>
    protected static T Named<T>(string value)
        where T : struct, Enum =>
        Enum.TryParse<T>(value, ignoreCase: true, out var member) && Enum.IsDefined(typeof(T), member)
            ? member
            : throw new FormatException("one of " + string.Join(", ", Enum.GetNames(typeof(T))));

    private (string Name, string? Value) SplitValue(string text)
    {
        var split = text.IndexOf('=');
        var name = split > 0 ? text.Substring(0, split) : text;
        return split > 0 && _words.ContainsKey(name) ? (name, text.Substring(split + 1)) : (text, null);
    }

    private static string Value(LaunchWord word, string name, Queue<string> rest, IMessageSink messages)
    {
        if (word.IsList)
        {
            var items = new List<string>();
            while (rest.Count > 0 && !IsOption(rest.Peek())) items.Add(rest.Dequeue());
            return string.Join(",", items);
        }

        if (word.OptionalValues is { } allowed)
        {
            if (rest.Count > 0 && allowed.Contains(rest.Peek().ToLowerInvariant())) return rest.Dequeue();
            if (word.Lacking is { } lacking) messages.Warning($"{name} of the command line {lacking}");
            return "on";
        }

        if (!word.TakesValue) return "on";
        return rest.Count > 0
            ? rest.Dequeue()
            : throw Bad($"The option {name} of the command line has no value.", name);
    }

    private void PassOver(LaunchLine line, string text, Queue<string> rest, IMessageSink messages)
    {
        var words = new List<string> { text };
        var option = text.Split('=')[0];
        var values = _others.ValuesOf(Root(option));
        var most = text.Length > option.Length ? 0 : values ?? OtherWords.All;
        for (; most > 0 && rest.Count > 0 && !EndsValues(rest.Peek(), values); most--) words.Add(rest.Dequeue());
        if (values is null) SayUnknown(line, "option", option, messages);
        else messages.Verbose($"'{string.Join(" ", words)}' of the command line has no effect on memory.");
    }

    /// <summary>
    /// Whether a word is the next option: a value may begin with a dash only where a number of values is known.
    /// </summary>
    private bool EndsValues(string word, int? values) =>
        IsOption(word) && (values is null or OtherWords.All || Knows(Root(word.Split('=')[0])));

    private static void SayUnknown(LaunchLine line, string kind, string name, IMessageSink messages)
    {
        line.Uncounted.Add($"{name} is not known and is not counted");
        messages.Warning($"The {kind} {name} of the command line is not known and is not counted.");
    }

    private static void Apply(LaunchLine line, LaunchWord word, string name, string value, IMessageSink messages)
    {
        try
        {
            word.Apply(line, value);
        }
        catch (FormatException error)
        {
            throw Bad($"The option {name} of the command line takes {error.Message}, not '{value}'.", value);
        }

        if (word is not UncountedWord uncounted || !uncounted.Matters(value)) return;
        var said = $"the memory of {name} is not counted";
        if (uncounted.Beside is { } isLoaded)
        {
            line.UncountedWhere.Add((isLoaded, said));
            return;
        }

        line.Uncounted.Add(said);
        messages.Warning($"The memory of {name} is not counted.");
    }

    private static ModelFitException Bad(string message, string target) =>
        new(ErrorIds.InvalidArgument, message, target);
}

/// <summary>A word that changes what is in memory and is not estimated.</summary>
internal sealed record UncountedWord(string[] Names, string? Variable, bool TakesValue = true)
    : LaunchWord(Names, Variable, TakesValue, (_, _) => { })
{
    private static readonly string[] Denials = { "0", "off", "false", "disabled", "none", "" };

    /// <summary>Whether a value changes anything; those that deny a switch do not.</summary>
    public Func<string, bool> Matters { get; init; } =
        value => TakesValue || !Denials.Contains(value, StringComparer.OrdinalIgnoreCase);

    /// <summary>What has to be loaded for it to matter; null if it matters always.</summary>
    public Func<FitQuestion, bool>? Beside { get; init; }
}
