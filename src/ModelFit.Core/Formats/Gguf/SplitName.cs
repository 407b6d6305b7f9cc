using System.Globalization;
using System.Text.RegularExpressions;

namespace ModelFit.Formats.Gguf;

/// <summary>
/// The name of one part of a split model: prefix, number from 1 and count, as llama.cpp writes them
/// (src/llama.cpp, llama_split_path): <c>prefix-00002-of-00003.gguf</c>.
/// </summary>
internal sealed record SplitName(string Prefix, int Number, int Count)
{
    private static readonly Regex Pattern = new(
        @"^(?<prefix>.*)-(?<number>[0-9]{5})-of-(?<count>[0-9]{5})\.gguf$",
        RegexOptions.IgnoreCase | RegexOptions.Singleline);

    /// <summary>The parts of a file name, or null if it is not that of a part.</summary>
    public static SplitName? Parse(string fileName)
    {
        var match = Pattern.Match(fileName);
        if (!match.Success) return null;
        int Number(string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
        var name = new SplitName(match.Groups["prefix"].Value, Number("number"), Number("count"));
        return name.Number >= 1 && name.Number <= name.Count ? name : null;
    }

    /// <summary>The file name of a part, counted from 1.</summary>
    public string Part(int number) =>
        string.Format(CultureInfo.InvariantCulture, "{0}-{1:00000}-of-{2:00000}.gguf", Prefix, number, Count);
}
