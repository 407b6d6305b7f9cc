using System.Management.Automation;
using System.Text.RegularExpressions;

namespace ModelFit.Tool;

/// <summary>
/// Gives words, as the shell of the operating system made them, to a cmdlet, as PowerShell's parser would have: words
/// are bound, never pasted into a script, so that one with spaces is one value.
/// </summary>
internal static partial class ArgumentWords
{
    /// <summary>
    /// Adds the words to the last command of <paramref name="shell"/>. A comma separates elements only where the
    /// parameter takes several (but never in a literal path), <c>$null</c>, <c>$true</c> and <c>$false</c> are what
    /// they are in PowerShell, <c>{…}</c> is a script block only on wish; after <c>--</c> every word is text.
    /// </summary>
    public static void Add(
        PowerShell shell, CommandInfo command, IReadOnlyList<string> words, bool takesScriptBlocks = false)
    {
        var positional = PositionalParameters(command, words);
        var namesEnd = false;
        object? Given(string text, ParameterMetadata? target) =>
            takesScriptBlocks && text.StartsWith('{') && text.EndsWith('}')
                ? ScriptBlock.Create(text[1..^1])
                : Convert(text, target);
        for (var i = 0; i < words.Count; i++)
        {
            if (!namesEnd && words[i] == "--")
            {
                namesEnd = true;
                continue;
            }

            if (namesEnd)
            {
                shell.AddArgument(words[i]);
                continue;
            }

            if (!TrySplit(words[i], out var name, out var value))
            {
                positional.TryDequeue(out var target);
                shell.AddArgument(Given(Whole(words, ref i, target), target));
                continue;
            }

            var parameter = Find(command, name);
            name = parameter?.Name ?? name;
            if (value.Length > 0)
                shell.AddParameter(name, Given(value, parameter));
            else if (parameter is { SwitchParameter: false } && IsValue(words.ElementAtOrDefault(i + 1)))
            {
                i++;
                shell.AddParameter(name, Given(Whole(words, ref i, parameter), parameter));
            }
            else
                shell.AddParameter("-" + name);
        }
    }

    /// <summary>The word and, as in PowerShell, those that follow a comma at its end.</summary>
    private static string Whole(IReadOnlyList<string> words, ref int i, ParameterMetadata? target)
    {
        var whole = words[i];
        while (TakesSeveral(target) && whole.EndsWith(',') && IsValue(words.ElementAtOrDefault(i + 1)))
            whole += words[++i];
        return whole;
    }

    private static bool IsValue(string? word) => word is not null && word != "--" && !TrySplit(word, out _, out _);

    private static bool TrySplit(string word, out string name, out string value)
    {
        var match = ParameterWord().Match(word);
        name = match.Groups["name"].Value;
        value = match.Groups["value"].Value;
        return match.Success;
    }

    private static ParameterMetadata? Find(CommandInfo command, string name)
    {
        try
        {
            return command.ResolveParameter(name);
        }
        catch (ParameterBindingException)
        {
            // Unknown or ambiguous: the engine's own binder says so, better than it could be said here.
            return null;
        }
    }

    private static Queue<ParameterMetadata> PositionalParameters(CommandInfo command, IReadOnlyList<string> words)
    {
        var named = words
            .Where(word => TrySplit(word, out _, out _))
            .Select(word => Find(command, ParameterWord().Match(word).Groups["name"].Value)?.Name)
            .ToHashSet();
        return new(command.ParameterSets
            .SelectMany(set => set.Parameters)
            .Where(parameter => parameter.Position >= 0 && !named.Contains(parameter.Name))
            .DistinctBy(parameter => parameter.Name)
            .OrderBy(parameter => parameter.Position)
            .Select(parameter => command.Parameters[parameter.Name]));
    }

    private static object? Convert(string text, ParameterMetadata? target)
    {
        if (target is { SwitchParameter: true } && bool.TryParse(text.TrimStart('$'), out var isOn)) return isOn;
        return text.ToLowerInvariant() switch
        {
            "$null" => null,
            "$true" => true,
            "$false" => false,
            _ => TakesSeveral(target) && text.Contains(',') ? text.Split(',', StringSplitOptions.TrimEntries) : text,
        };
    }

    private static bool TakesSeveral(ParameterMetadata? target) =>
        target is { ParameterType.IsArray: true, Name: not "LiteralPath" };

    [GeneratedRegex(@"^-(?<name>[\p{L}_?][\p{L}\p{N}_?-]*)(:(?<value>.*))?$", RegexOptions.Singleline)]
    private static partial Regex ParameterWord();
}
