namespace ModelFit.Catalog;

/// <summary>
/// The quantization that a tag, a file name or the end of a repository's name says: <c>UD-Q4_K_XL</c>,
/// <c>i1-IQ3_XXS</c>, <c>AWQ</c>, <c>MLX-4bit</c>, <c>4.0bpw</c>.
/// </summary>
internal static class QuantizationLabel
{
    private const int LongestInWords = 4;
    private static readonly char[] Separators = { '-', ':', '@', ' ', '/', '.' };
    private static readonly Regex Glued = new(
        @"_(?=(?i:bf?16|fp?16|fp?32)(?:_|$))|(?<=(?i:f16|p16|f32|p32))_|(?<=[a-z])(?=I?Q\d_[0K])");

    private static readonly string[] OfBits = { "exl2", "exl3" };

    /// <summary>In the name of a repository FP4 is NVIDIA's format of it; asked for alone it could be others.</summary>
    private const string PlainFp4 = "FP4", Fp4 = "NVFP4";

    /// <summary>
    /// The quantization of the catalog that a text says; null if it says none. Of several the last counts, and a longer
    /// one before its parts. A word that looks like one and is unknown throws
    /// <see cref="ErrorIds.QuantizationNotFound"/> with the nearest.
    /// </summary>
    public static QuantizationSpec? In(string text)
    {
        var words = Words(text);
        QuantizationSpec? found = null;
        for (var start = 0; start < words.Count; start++)
        {
            var length = Longest(words, start, out var spec);
            if (length == 0 && LooksLikeOne(words[start])) throw Unknown(words, start);
            found = spec ?? found;
            start += Math.Max(length, 1) - 1;
        }

        return found;
    }

    /// <summary>
    /// The quantization that a file's name says, also behind an underscore or another word: <c>20b_f32</c>,
    /// <c>devstralQ8_0</c>; null if it says none.
    /// </summary>
    public static QuantizationSpec? InFile(string name) => In(Glued.Replace(name, "-"));

    /// <summary>Whether a word has the form of a quantization: <c>Q9_K</c>, <c>IQ4_KS</c>, <c>EXL3</c>.</summary>
    public static bool LooksLikeOne(string word)
    {
        if (OfBits.Contains(word, StringComparer.OrdinalIgnoreCase)) return true;
        var letters = word.TakeWhile(char.IsLetter).Count();
        var prefix = word.Substring(0, letters).ToUpperInvariant();
        return prefix is "Q" or "IQ" or "TQ" or "PQ" && word.Length > letters + 1 && char.IsDigit(word[letters])
            && word[letters + 1] == '_';
    }

    /// <summary>How many words from a place make a quantization, the most that do; 0 if none do.</summary>
    private static int Longest(IReadOnlyList<string> words, int start, out QuantizationSpec? spec)
    {
        for (var count = Math.Min(LongestInWords, words.Count - start); count > 0; count--)
        {
            var name = string.Join("-", words.Skip(start).Take(count));
            spec = QuantizationCatalog.Find(name.Equals(PlainFp4, StringComparison.OrdinalIgnoreCase) ? Fp4 : name);
            if (spec is not null) return count;
        }

        spec = null;
        return 0;
    }

    /// <summary>The words; a point between digits does not part them (<c>4.0bpw</c>).</summary>
    private static IReadOnlyList<string> Words(string text)
    {
        var marked = text.ToCharArray();
        for (var i = 0; i < marked.Length; i++)
        {
            var isPoint = marked[i] == '.' && i > 0 && i + 1 < marked.Length
                && char.IsDigit(marked[i - 1]) && char.IsDigit(marked[i + 1]);
            if (!isPoint && Array.IndexOf(Separators, marked[i]) >= 0) marked[i] = ' ';
        }

        return new string(marked).Split(new[] { ' ' }, StringSplitOptions.RemoveEmptyEntries);
    }

    private static ModelFitException Unknown(IReadOnlyList<string> words, int at)
    {
        var isPrefixed = at > 0 && words[at - 1].Equals("ud", StringComparison.OrdinalIgnoreCase);
        return QuantizationCatalog.NotFound(isPrefixed ? words[at - 1] + "-" + words[at] : words[at]);
    }
}
