namespace ModelFit.Catalog;

/// <summary>Other spellings of a name that people write in haste, as keys of <see cref="ModelCatalogName"/>.</summary>
internal static class ModelNameSpellings
{
    /// <summary>What some makers write before the numbers of their versions: DeepSeek, MiniMax, Kimi.</summary>
    private static readonly string[] VersionLetters = { "v", "m", "k" };

    /// <summary>
    /// The name with words replaced (<paramref name="words"/> as they are), with a version's parts joined
    /// (<c>qwen2 5</c>) or parted (<c>llama31</c>, <c>glm 46v</c>), a whole version written with its zero
    /// (<c>exaone 4</c>), a version without its letter (<c>minimax 2.1</c>), and a size without its letter
    /// (<c>gpt oss 120</c>).
    /// </summary>
    public static IEnumerable<string> Of(string[] words)
    {
        if (words.Length < 2) yield break;
        yield return string.Join(" ", words);
        for (var i = 1; i < words.Length; i++)
        {
            if (ModelCatalogName.IsNumber(words[i]))
            {
                foreach (var letter in VersionLetters)
                    yield return string.Join(" ", With(words, i, 1, letter + words[i]));
            }

            if (words[i].Length == 3 && IsDigits(words[i].Substring(0, 2)) && words[i][2] == 'v')
                yield return string.Join(" ", With(words, i, 1, $"{words[i][0]}.{words[i].Substring(1)}"));
            if (!IsDigits(words[i])) continue;
            if (i + 1 < words.Length && IsDigits(words[i + 1]))
                yield return string.Join(" ", With(words, i, 2, $"{words[i]}.{words[i + 1]}"));
            if (words[i].Length == 2) yield return string.Join(" ", With(words, i, 1, $"{words[i][0]}.{words[i][1]}"));
            if (words[i].Length == 1) yield return string.Join(" ", With(words, i, 1, words[i] + ".0"));
            if (i == words.Length - 1 && i > 1) yield return string.Join(" ", With(words, i, 1, words[i] + "b"));
        }

        foreach (var spelled in OfWords(words)) yield return spelled;
    }

    /// <summary>
    /// With a mixture's size completed (<c>mixtral 8x22</c>), and words written as one (<c>code llama</c>).
    /// </summary>
    private static IEnumerable<string> OfWords(string[] words)
    {
        var last = words.Length - 1;
        if (words[last].Split('x') is { Length: 2 } mixture && mixture.All(part => part.Length > 0 && IsDigits(part)))
            yield return string.Join(" ", With(words, last, 1, words[last] + "b"));
        for (var i = 0; i < last; i++)
        {
            if (words[i].All(char.IsLetter) && words[i + 1].All(char.IsLetter))
                yield return string.Join(" ", With(words, i, 2, words[i] + words[i + 1]));
        }
    }

    private static bool IsDigits(string word) => word.All(char.IsDigit);

    private static IEnumerable<string> With(string[] words, int at, int count, string word) =>
        words.Take(at).Append(word).Concat(words.Skip(at + count));
}
