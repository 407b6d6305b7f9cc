using System.Text.RegularExpressions;

namespace ModelFit.Catalog;

/// <summary>What files and repositories put behind a model's name: quantization, format, part number.</summary>
internal static class ModelNameDecoration
{
    private const string Bits = "bpw";
    private static readonly char[] Separators = { '-', '_', '.', ':', '@', ' ' };

    private static readonly Regex Experts = new(@"^\d{1,3}x\d\.\d[bm]$", RegexOptions.IgnoreCase);
    private static readonly Regex Size = new(@"[-_. ]\d+b(?:$|[-_. ])", RegexOptions.IgnoreCase);

    /// <summary>
    /// Weights of so many bits, as repositories of safetensors say them: <c>FP8</c>, <c>NVFP4A16</c>, <c>W4A16</c>,
    /// <c>4bit</c>.
    /// </summary>
    public const string FormatPattern =
        @"(?:b?f|fp|nvfp|mxfp)(?:4|6|8|16|32)(?:a16|_moe)?|w\d{1,2}a\d{1,2}(?:fp8)?|int[2-8]|[2-8]bit"
        + "|awq|gptq|autoround";

    private static readonly Regex Format = new($"^(?:{FormatPattern})$", RegexOptions.IgnoreCase);

    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        "gguf", "imat", "imatrix", "i1", "ud", "unsloth", "dynamic", "bnb", "exl2", "exl3", "mlx",
        "qat", "dwq", "mxfp", "cloud", "quantized", "of", "special", "split",
    };

    /// <summary>The name without the decorations at its end.</summary>
    public static string Remove(string name)
    {
        var end = name.Length;
        while (Start(name, end) is { } start) end = start;
        return name.Substring(0, end);
    }

    /// <summary>Where the decoration that ends at a place begins, separator included; null if none does.</summary>
    private static int? Start(string name, int end)
    {
        const int longest = 16;
        for (var at = end - 1; at > 0 && at >= end - longest; at--)
        {
            if (Array.IndexOf(Separators, name[at]) < 0) continue;
            var word = name.Substring(at + 1, end - at - 1);
            if (word.Length == 0 || Words.Contains(word) || IsQuantization(word) || IsPartNumber(word)
                || Format.IsMatch(word))
                return at;
            var before = name.Substring(0, at);
            if (name[at] != '.' && (IsBits(word, before) || IsExperts(word, before))) return at;
        }
        return null;
    }

    /// <summary>Whether a word is a quantization of llama.cpp: <c>Q4_K_M</c>, <c>IQ2_XXS</c>, <c>TQ1_0</c>.</summary>
    private static bool IsQuantization(string word)
    {
        var at = word[0] is 'i' or 'I' or 't' or 'T' ? 1 : 0;
        var isNamed = word.Length >= at + 2 && word[at] is 'q' or 'Q' && word[at + 1] is >= '1' and <= '8';
        return isNamed && (word.Length == at + 2 || word[at + 2] == '_');
    }

    /// <summary>Whether a word is a number of a part: <c>00001</c>.</summary>
    private static bool IsPartNumber(string word) => word.Length == 5 && int.TryParse(word, out _);

    /// <summary>
    /// Whether a word says the experts and the size of one behind a model's own size, as llama.cpp's converter names
    /// its files: <c>gpt-oss-20b-32x2.4B</c>.
    /// </summary>
    private static bool IsExperts(string word, string before) => Experts.IsMatch(word) && Size.IsMatch(before);

    /// <summary>
    /// Whether a word says mean bits a weight, or those of the output behind them: <c>4.0bpw</c>, <c>4.0bpw-h6</c>.
    /// </summary>
    private static bool IsBits(string word, string before) =>
        word.EndsWith(Bits, StringComparison.OrdinalIgnoreCase)
        || (word.Length == 2 && word[0] is 'h' or 'H' && char.IsDigit(word[1])
            && before.EndsWith(Bits, StringComparison.OrdinalIgnoreCase));
}
