using System.Text.RegularExpressions;
using ModelFit.Questions;

namespace ModelFit.Runtimes.LlamaCpp;

/// <summary>
/// A file of presets of llama-server's router (<c>models.ini</c>, common/preset.cpp), as the words of a launch line:
/// those of <c>[*]</c>, then those of its first model, whose section is its repository unless it names a file.
/// </summary>
internal static class PresetFile
{
    private const RegexOptions Lines = RegexOptions.Multiline;

    private static readonly Regex Header = new(@"^\[[ \t]*([^\]\s][^\]\r\n]*)\]\s*(?:[;#].*)?\r?$", Lines);
    private static readonly Regex Pair = new(@"^([A-Za-z_][\w.-]*)\s*=([^;#]*)");
    private const string Program = "llama-server", Option = "--models-preset", Variable = "LLAMA_ARG_MODELS_PRESET";

    private static readonly string[] Models = { "m", "model", "hf", "hf-repo", "hfr", "mu", "model-url" };
    private static readonly string[] Truths = { "on", "enabled", "true", "1" };

    /// <summary>Whether a text is such a file.</summary>
    public static bool Is(string text) => Header.IsMatch(text) && text.IndexOf('=') > 0;

    /// <summary>
    /// The words of a line with those of the file that it names in front, which its own win over; its own alone where
    /// it names a model, so that no router starts, or where the file is not read.
    /// </summary>
    /// <param name="words">The words of the line.</param>
    /// <param name="read">Reads a file; null where it cannot.</param>
    /// <param name="messages">Where the other models of the file are said.</param>
    public static IReadOnlyList<string> Under(
        IReadOnlyList<string> words, Func<string, string?> read, IMessageSink messages)
    {
        var at = words.ToList().FindIndex(word => word.Split('=')[0] is Option or Variable);
        if (at < 0) return words;
        var split = words[at].IndexOf('=');
        var path = split > 0 ? words[at].Substring(split + 1) : words.ElementAtOrDefault(at + 1);
        var others = words.Where((_, i) => i != at && (split > 0 || i != at + 1)).ToArray();
        if (others.Any(word => Models.Contains(word.TrimStart('-')) && word[0] == '-')) return others;
        if (path is null || read(path) is not { } text || !Is(text)) return words;
        var first = Array.FindIndex(others, word => word.Length > 0 && word[0] == '-');
        var start = others.Take(first < 0 ? others.Length : first).ToArray();
        var preset = Words(text, messages);
        var program = preset.ToList().IndexOf(Program);
        return preset.Take(program).Concat(start)
            .Concat(preset.Skip(program + 1)).Concat(others.Skip(start.Length)).ToArray();
    }

    /// <summary>The words of a line that starts its first model.</summary>
    /// <param name="text">The file.</param>
    /// <param name="messages">Where its other models are said.</param>
    public static IReadOnlyList<string> Words(string text, IMessageSink messages)
    {
        var sections = Sections(text);
        var words = new List<string> { Program };
        var models = sections.Where(section => section.Name is not ("*" or "default")).ToArray();
        if (models.Length > 1)
            messages.Warning(
                $"The presets have {models.Length} models. Only the first, '{models[0].Name}', is checked.");
        var model = models.FirstOrDefault();
        var shared = sections.Where(section => section.Name is "*" or "default").SelectMany(section => section.Pairs);
        var own = model.Pairs ?? new List<(string Key, string Value)>();
        var said = new HashSet<string>(own.Select(pair => pair.Key), StringComparer.Ordinal);
        if (model.Name is { } name && !own.Any(pair => IsModel(pair.Key)))
            words.AddRange(new[] { FileParts.Repository.WordOf(ModelRuntime.LlamaCpp), name });
        foreach (var (key, value) in shared.Where(pair => !said.Contains(pair.Key)).Concat(own))
        {
            if (key is "version" or "load-on-startup" or "stop-timeout") continue;
            var isVariable = key.StartsWith("LLAMA_ARG_", StringComparison.Ordinal);
            if (isVariable) words.Insert(0, $"{key}={value}");
            else AddOption(words, key, value);
        }

        return words;
    }

    private static void AddOption(List<string> words, string key, string value)
    {
        var dialect = LlamaCppDialect.Instance;
        var isShort = dialect.IsSwitch("-" + key)
            || (key.Length < 6 && key.IndexOf('-') < 0 && key is not ("model" or "mmap"));
        var option = (isShort && key != "rpc" && key != "lora" ? "-" : "--") + key;
        if (!dialect.IsSwitch(option))
        {
            words.Add(option);
            words.Add(value);
        }
        else if (Truths.Contains(value.ToLowerInvariant()))
        {
            words.Add(option);
        }
    }

    private static bool IsModel(string key) => Models.Contains(key) || key is "LLAMA_ARG_MODEL" or "LLAMA_ARG_HF_REPO";

    private static List<(string Name, List<(string Key, string Value)> Pairs)> Sections(string text)
    {
        var sections = new List<(string Name, List<(string Key, string Value)> Pairs)> { ("default", new()) };
        foreach (var line in text.Replace("\r", string.Empty).Split('\n'))
        {
            if (Header.Match(line) is { Success: true } header) sections.Add((header.Groups[1].Value.TrimEnd(), new()));
            else if (Pair.Match(line.Trim()) is { Success: true } pair)
                sections[sections.Count - 1].Pairs.Add((pair.Groups[1].Value, pair.Groups[2].Value.Trim()));
        }

        return sections;
    }
}
