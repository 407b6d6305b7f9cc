using System.Globalization;

namespace ModelFit.Questions;

/// <summary>
/// How the launch lines of one runtime say a part of the question: the first word is written, all are read.
/// </summary>
internal sealed class LaunchWords
{
    private readonly string[] _said;
    private readonly string[] _denied;

    /// <summary>
    /// Reads the words of a row, for example <c>-kvu --kv-unified LLAMA_ARG_KV_UNIFIED ! -no-kvu</c>: names, variables
    /// of the environment in capitals, and behind the mark those that say the opposite. <c>-lm=none</c> is only
    /// written, as two words.
    /// </summary>
    public LaunchWords(string text)
    {
        var halves = text.Split('!');
        (_said, Names, Variables) = Read(halves[0]);
        (_denied, Opposites, OppositeVariables) = Read(halves.Length > 1 ? halves[1] : string.Empty);
    }

    /// <summary>Names that say it.</summary>
    public string[] Names { get; }

    /// <summary>Variables that say it.</summary>
    public string[] Variables { get; }

    /// <summary>Names of a switch that say the opposite.</summary>
    public string[] Opposites { get; }

    /// <summary>Variables that say the opposite.</summary>
    public string[] OppositeVariables { get; }

    /// <summary>The words that say a value: a switch alone, else the name and the value.</summary>
    public IEnumerable<string> Say(object value) => value switch
    {
        true => _said,
        false => _denied,
        _ => _said.Append(Convert.ToString(value, CultureInfo.InvariantCulture)!.ToLowerInvariant()),
    };

    private static (string[] Written, string[] Names, string[] Variables) Read(string text)
    {
        var words = text.Split(new[] { ' ' }, StringSplitOptions.RemoveEmptyEntries);
        var variables = words.Where(word => !word.Any(char.IsLower) && word.Contains("_")).ToArray();
        var names = words.Except(variables).ToArray();
        return (
            names.Take(1).SelectMany(name => name.Split('=')).ToArray(),
            names.Where(name => !name.Contains("=")).ToArray(),
            variables);
    }
}
