using System.Text.RegularExpressions;

namespace ModelFit.Catalog;

/// <summary>
/// Other spellings of a quantization: words that change no size aside (<c>Q4_K_M-imatrix</c>, <c>AWQ-Marlin</c>, groups
/// as in <c>GPTQ_4bit_g128</c>), words in another order (<c>int4-AWQ</c>) and by other names (<c>float16</c>).
/// </summary>
internal static class QuantizationSpellings
{
    private const int MostWords = 4;
    private const StringComparison Ignored = StringComparison.OrdinalIgnoreCase;

    private static readonly char[] Separators = { '-', '_', ' ', '.', ':', '/', '+', '(', ')' };

    /// <summary>How a file was made or packed, which changes its size little or not at all.</summary>
    private static readonly Regex Aside = new(
        @"^(?:gguf|ggml|imat|imatrix|im|unsloth|marlin|dynamic|static|tensor|channel|token|block|actorder|a?sym|vllm"
            + @"|isq|compressed|tensors|safetensors|qat|dwq|e4m3|e5m2|g\d+|\d+g|gs\d+|group\d+|block\d+|torchao"
            + @"|wo|it|smol|kv|preview|v\d{1,2}(?:\.\d)?|true|false"
            + @"|\d{2}|\d{6,8})$",
        RegexOptions.IgnoreCase);

    private static readonly Dictionary<string, string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        ["float16"] = "f16", ["float32"] = "f32", ["float8"] = "fp8", ["bitsandbytes"] = "bnb",
        ["double"] = "dq", ["quant"] = string.Empty, ["int4wo"] = "w4a16", ["int8wo"] = "int8",
        ["auto"] = string.Empty, ["round"] = "autoround",
    };

    /// <summary>The spellings to look up, the nearest first; folded by the caller.</summary>
    public static IEnumerable<string> Of(string name)
    {
        var all = name.Split(Separators, StringSplitOptions.RemoveEmptyEntries);
        var words = all.Where(word => !Aside.IsMatch(word))
            .Select(word => Words.TryGetValue(word, out var other) ? other : word)
            .Where(word => word.Length > 0)
            .ToArray();
        if (words.Length == 0 || words.Length > MostWords) return Array.Empty<string>();
        return Orders(words).Concat(Shorter(words));
    }

    /// <summary>
    /// Of two words that say the bits twice the one that says more: <c>w8a8_fp8</c>, <c>autoround_int4</c>.
    /// </summary>
    private static IEnumerable<string> Shorter(string[] words)
    {
        if (words.Length != 2) return Array.Empty<string>();
        if (words.Contains("fp8", StringComparer.OrdinalIgnoreCase)) return new[] { "fp8" };
        var isInteger = words.ToLookup(word => IsInteger(word));
        return isInteger[true].Any() ? isInteger[false].Concat(isInteger[true]) : Array.Empty<string>();
    }

    private static bool IsInteger(string word) => word.StartsWith("int", Ignored)
        || (word.StartsWith("w", Ignored) && word.IndexOf("a16", Ignored) > 0);

    private static IEnumerable<string> Orders(IReadOnlyList<string> words) => words.Count == 1
        ? new[] { words[0] }
        : words.SelectMany((word, at) => Orders(words.Where((_, other) => other != at).ToArray())
            .Select(rest => word + "_" + rest));
}
