using ModelFit.Catalog;

namespace ModelFit.Runtimes;

/// <summary>Reads launch lines: whose they are, then their words.</summary>
public static class LaunchReader
{
    /// <summary>Programs that start another one, which stands behind their own options.</summary>
    private static readonly HashSet<string> Starters = new(
        ("sudo doas env nice ionice chrt taskset numactl nohup time timeout stdbuf setsid systemd-run srun mpirun uv "
        + "uvx pipx conda mamba micromamba poetry pixi python python3 py sh bash zsh dash fish cmd powershell pwsh wsl "
        + "ssh screen tmux start exec docker podman kubectl gdb prime-run gamemoderun nix nix-shell distrobox toolbox")
        .Split(' '), StringComparer.Ordinal);

    /// <summary>Where output goes.</summary>
    private static readonly Regex Redirection = new(@"^[\d&]?>>?[^>]*$");

    /// <summary>Reads a command line as a shell would. Unknown words are said in verbose.</summary>
    /// <param name="commandLine">The line, with variables in front if there are any (<c>A=1 llama-server</c>).</param>
    /// <param name="messages">Where unknown words and what is not counted are said.</param>
    /// <param name="read">Reads a file that the line names; null where it cannot, or where no file is read.</param>
    public static LaunchLine Parse(string commandLine, IMessageSink messages, Func<string, string?>? read = null)
    {
        if (ComposeFile.Is(commandLine)) return Parse(ComposeFile.Words(commandLine), null, messages);
        if (UnitFile.Is(commandLine)) return Parse(UnitFile.Words(commandLine), null, messages);
        foreach (var runtime in RuntimeList.All)
            if (runtime.WordsOf(commandLine, messages) is { } own) return Parse(own, null, messages);
        IReadOnlyList<string> words = ShellWords.Split(commandLine);
        // What the line of a container names lies in the container.
        if (read is not null && ContainerLine.Of(words) is null)
            words = RuntimeList.All.Aggregate(words, (line, runtime) => runtime.WithFiles(line, read, messages));
        return Parse(words, null, messages);
    }

    /// <summary>Whether a text starts a program that is known with a model, and is no name of a model.</summary>
    public static bool IsLine(string text) =>
        text.IndexOf(' ') > 0
        && Parse(ModelCatalogName.OfOllama(text), NullSink.Instance) is { Program: { } program, Model: not null }
        && RuntimeList.Knows(program);

    /// <summary>Reads the words of a process. Unknown words are said in verbose.</summary>
    /// <param name="words">The words, the program first.</param>
    /// <param name="environment">The variables of the process; null if they are not known.</param>
    /// <param name="messages">Where unknown words and what is not counted are said.</param>
    public static LaunchLine Parse(
        IReadOnlyList<string> words, IReadOnlyDictionary<string, string>? environment, IMessageSink messages)
    {
        var container = ContainerLine.Of(words);
        var rest = new Queue<string>(Opened(container?.Words ?? words));
        var variables = environment?.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal)
            ?? new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var variable in container?.Variables ?? new Dictionary<string, string>())
            variables[variable.Key] = variable.Value;
        var line = new LaunchLine { Program = ProgramOf(rest, variables) };
        if (container is not null)
        {
            if (container.Backend == ComputeBackend.Cpu)
                messages.Warning("This image of llama.cpp uses no GPU; one with -cuda in its tag, for example, does.");
            line.Change(options => options with
            {
                RuntimeVersion = options.RuntimeVersion ?? container.Version,
                Backend = options.Backend ?? container.Backend,
            });
        }

        if (line.Program is not null) rest = new Queue<string>(rest.TakeWhile(word => !EndsCommand(word)));
        var known = RuntimeList.OfLine(line.Program, rest)
            ?? (line.Program is null ? RuntimeList.OfVariables(variables.Keys) : null);
        if (known is null && line.Program is { } program) SayUnknown(line, program, messages);
        var runtime = known ?? RuntimeList.Of(default);
        line.Runtime = runtime.Kind;
        line.Complete = runtime.Complete;
        var isSeveral = line.Program is not null && runtime.IsSeveral(LaunchLine.ProgramName(line.Program));
        if (isSeveral && rest.Count > 0 && !LaunchDialect.IsOption(rest.Peek())) line.Command = rest.Dequeue();
        var dialect = runtime.DialectOf(line);
        dialect.Begin(line);
        foreach (var variable in variables) dialect.ReadVariable(line, variable.Key, variable.Value, messages);
        dialect.Read(line, rest, messages);
        return line;
    }

    private static void SayUnknown(LaunchLine line, string program, IMessageSink messages)
    {
        var name = LaunchLine.ProgramName(program);
        line.Uncounted.Add($"the program {name} is not known, its words are read as llama.cpp's");
        messages.Warning($"The program {name} of the command line is not known: its words are read as llama.cpp's.");
    }

    /// <summary>Whether a word is a program that is known, or one that starts others.</summary>
    internal static bool IsProgram(string word) => IsStarter(word) || RuntimeList.Knows(word);

    private static bool IsStarter(string word) =>
        LaunchLine.ProgramName(word) is var name
        && (Starters.Contains(name) || name.StartsWith("python3", StringComparison.Ordinal));

    /// <summary>The words with the line that a shell is handed as one (<c>bash -c</c>) in its place.</summary>
    private static IEnumerable<string> Opened(IReadOnlyList<string> words)
    {
        if (words.Count == 0 || !IsStarter(words[0])) return words;
        var line = words.FirstOrDefault(word => word.IndexOf(' ') > 0 && StartsProgram(ShellWords.Split(word)));
        return line is null ? words : words.TakeWhile(word => word != line).Concat(ShellWords.Split(line));
    }

    /// <summary>Whether a known program has words behind it, which the path of one has not.</summary>
    private static bool StartsProgram(List<string> words) => words.Take(words.Count - 1).Any(RuntimeList.Knows);

    /// <summary>Whether a word ends a command: what is behind it is of the shell.</summary>
    private static bool EndsCommand(string word) => word is "|" or "||" or "&&" or "&" or ";"
        || (word.StartsWith("#", StringComparison.Ordinal) && word.IndexOf(' ') < 0) || Redirection.IsMatch(word);

    /// <summary>
    /// Takes the words up to the program off: variables, what only joins commands, and programs that start others
    /// (<c>sudo</c>, <c>numactl</c>) where one of the known ones follows. Null if the line begins with an option.
    /// </summary>
    private static string? ProgramOf(Queue<string> rest, Dictionary<string, string> variables)
    {
        while (rest.Count > 0 && ReadVariable(rest.Peek(), variables)) rest.Dequeue();
        if (rest.Count == 0 || LaunchDialect.IsOption(rest.Peek())) return null;
        if (RuntimeList.All.Any(one => one.BeginsLine(rest.Peek()))) return null;
        var isStarted = IsStarter(rest.Peek());
        var known = ProgramIn(rest.TakeWhile(word => isStarted || !LaunchDialect.IsOption(word)).ToArray());
        for (var passed = 0; passed < known; passed++) ReadVariable(rest.Dequeue(), variables);
        return rest.Dequeue();
    }

    /// <summary>
    /// The place of the known program: the first one, unless it may be the value of an option before it, as a user is
    /// or a container (<c>sudo -u ollama ollama serve</c>); 0 if there is none.
    /// </summary>
    private static int ProgramIn(IReadOnlyList<string> words)
    {
        var places = Enumerable.Range(0, words.Count)
            .Where(at => words[at].IndexOf('=') < 0 && RuntimeList.Knows(words[at])).ToArray();
        bool MayBeValue(int at) => at > 0 && LaunchDialect.IsOption(words[at - 1]) && words[at - 1].IndexOf('=') < 0;
        return places.OrderBy(MayBeValue).FirstOrDefault();
    }

    private static bool ReadVariable(string word, Dictionary<string, string> variables)
    {
        if (word is "env" or "export" or "set" or "&" or "&&" or ";" or "") return true;
        var name = word.StartsWith("$env:", StringComparison.OrdinalIgnoreCase) ? word.Substring(5) : word;
        var split = name.IndexOf('=');
        if (split <= 0 || !name.Take(split).All(mark => mark == '_' || char.IsLetterOrDigit(mark))) return false;
        variables[name.Substring(0, split)] = name.Substring(split + 1).TrimEnd(';');
        return true;
    }
}
