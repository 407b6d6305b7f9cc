using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ModelFit.Catalog;

/// <summary>
/// A model's name taken apart, so that spellings of one name compare equal: lower case, words split at separators and
/// before a number (<c>llama3.3:70b</c> and <c>Llama 3.3 70B</c> are both <c>llama 3.3 70b</c>), the publisher, file
/// endings and quantizations set aside.
/// </summary>
internal sealed class ModelCatalogName
{
    private static readonly HashSet<string> VariantWords = new(StringComparer.Ordinal)
    {
        "instruct", "it", "chat", "base", "pt", "hf", "sft", "meta", "nvidia", "c4ai", "latest", "v0.1", "v0.2", "v0.3",
        "v1",
    };

    /// <summary>
    /// A quantization inside a name: <c>Llama-3.1-8B-q4_k_m-guide</c>; of safetensors with the revision of it, its
    /// groups or its cache: <c>DeepSeek-R1-FP4-v2</c>, <c>gemma-3-27b-it-GPTQ-4b-128g</c>, <c>Llama-3.1-8B-FP8-KV</c>.
    /// </summary>
    private static readonly Regex Inside = new(
        @"(?<=[-_. ])(?:(?:i1-|ud-)?(?:iq|tq|q)[1-8](?:_(?:[01kmslp]|kl|ks|kt|xl|xs|xxs|nl)){1,2}(?=[-_. ])"
            + $"|(?:{ModelNameDecoration.FormatPattern})"
            + @"(?:(?:[-_. ](?:v\d{1,2}(?:\.\d)?|preview|[48]b|\d{2,3}g|g\d{2,3}|kv|a?sym)){1,4}$|(?=[-_. ])))",
        RegexOptions.IgnoreCase);

    private static readonly string[] Sites =
    {
        "https://huggingface.co/", "huggingface.co/", "https://hf.co/", "hf.co/",
        "docker.io/ai/", "index.docker.io/ai/", "ai/",
    };

    private static readonly string[] OllamaSites =
    {
        "https://ollama.com/library/", "ollama.com/library/", "registry.ollama.ai/library/", "ollama/", "library/",
        "ollama run ", "ollama pull ", "docker.io/", "index.docker.io/", "docker model run ", "docker model pull ",
    };

    /// <summary>Takes a name apart.</summary>
    public ModelCatalogName(string text)
    {
        var plain = OfOllama(Without(text.Trim(), Sites)).Trim('/');
        var slash = plain.IndexOf('/');
        Publisher = slash > 0 ? plain.Substring(0, slash).ToLowerInvariant() : null;
        var name = slash > 0 ? plain.Substring(slash + 1) : plain;
        if (name.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase)) name = name.Substring(0, name.Length - 5);
        Words = Split(name);
        var undecorated = ModelNameDecoration.Remove(name);
        var inside = Inside.Match(undecorated).Value;
        Removed = (inside + name.Substring(undecorated.Length)).Trim('-', '_', '.', ':', '@', ' ');
        var words = Split(inside.Length == 0 ? undecorated : undecorated.Replace(inside, string.Empty));
        UndecoratedWords = words;
        CoreWords = words.Where((word, at) => !VariantWords.Contains(word)
            && (word != Publisher || at == 0 || at < words.Length - 1)).ToArray();
        IsPlainTag = undecorated.IndexOf(':') >= 0 && CoreWords.Count == words.Length;
    }

    /// <summary>The publisher before the slash, in lower case, or null.</summary>
    public string? Publisher { get; }

    /// <summary>All words of the name.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>The words without quantization and file format.</summary>
    public IReadOnlyList<string> UndecoratedWords { get; }

    /// <summary>
    /// The words without quantization, file format, variant (instruct, base, chat) and the publisher's own name at
    /// the end.
    /// </summary>
    public IReadOnlyList<string> CoreWords { get; }

    /// <summary>The quantization and file format at the end that were set aside; empty if there were none.</summary>
    public string Removed { get; }

    /// <summary>Whether this is an Ollama tag that says no variant: it stands for the one to talk to.</summary>
    public bool IsPlainTag { get; }

    /// <summary>Equal for two spellings of a name.</summary>
    public string Key => string.Join(" ", Words);

    /// <summary>Equal for two spellings of a name, quantization and file format aside.</summary>
    public string UndecoratedKey => string.Join(" ", UndecoratedWords);

    /// <summary>Equal for the variants of a model.</summary>
    public string CoreKey => string.Join(" ", CoreWords);

    /// <summary>Whether a word says a version: <c>v0.1</c>, <c>v3</c>.</summary>
    public static bool IsVersion(string word) => word.Length > 1 && word[0] == 'v' && char.IsDigit(word[1]);

    /// <summary>Whether a word is a year, a month or both: <c>2507</c>, <c>03</c>, <c>2025</c>.</summary>
    public static bool IsDate(string word) => word.Length is 2 or >= 4 && word.All(char.IsDigit);

    /// <summary>Whether a word is a number: <c>3</c>, <c>2.5</c>.</summary>
    public static bool IsNumber(string word) => word.All(letter => char.IsDigit(letter) || letter == '.');

    /// <summary>
    /// Whether a word says a size: <c>70b</c>, <c>1.5b</c>, <c>360m</c>, <c>8x22b</c>, <c>a3b</c>; a million or a few
    /// are tokens of context (<c>Qwen2.5-7B-Instruct-1M</c>).
    /// </summary>
    public static bool IsSize(string word) =>
        word.Length > 1 && (word[word.Length - 1] == 'b' || (word[word.Length - 1] == 'm' && word.Length > 2))
        && word.Take(word.Length - 1).All(letter => char.IsDigit(letter) || letter is '.' or 'x' or 'a');

    /// <summary>The number of parameters that a word says: <c>70b</c>, <c>360m</c>; null if it says none.</summary>
    public static double? Size(string word)
    {
        if (!IsSize(word)) return null;
        var digits = word.Substring(0, word.Length - 1);
        const NumberStyles style = NumberStyles.AllowDecimalPoint;
        return double.TryParse(digits, style, CultureInfo.InvariantCulture, out var number)
            ? number * (word[word.Length - 1] == 'b' ? 1e9 : 1e6)
            : null;
    }

    /// <summary>Whether the name has these words, and more, at its start or anywhere.</summary>
    public bool Has(IReadOnlyList<string> words, bool anywhere)
    {
        if (words.Count == 0 || CoreWords.Count <= words.Count) return false;
        var last = anywhere ? CoreWords.Count - words.Count : 0;
        for (var start = 0; start <= last; start++)
        {
            var same = 0;
            while (same < words.Count && CoreWords[start + same] == words[same]) same++;
            if (same == words.Count) return true;
        }
        return false;
    }

    /// <summary>A name without the words that say that it is one of Ollama's.</summary>
    public static string OfOllama(string text) => Without(text.Trim(), OllamaSites);

    private static string Without(string text, string[] sites) =>
        sites.FirstOrDefault(site => text.StartsWith(site, StringComparison.OrdinalIgnoreCase)) is { } first
            ? text.Substring(first.Length)
            : text;

    private static string[] Split(string name)
    {
        var words = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            var letter = char.ToLowerInvariant(name[i]);
            if (letter == '_' && IsPoint(name, i)) letter = '.';
            else if (letter == '.' && IsBetweenWords(name, i)) letter = ' ';
            var startsNumber = char.IsDigit(letter) && i > 0 && IsWordOfLetters(words);
            if (startsNumber || StartsActive(name, i) || StartsWord(name, i)) words.Append(' ');
            words.Append(IsSeparator(letter) ? ' ' : letter);
        }
        return words.ToString().Split(new[] { ' ' }, StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Separators; among them the hyphens that web pages put in for plain ones.</summary>
    private static bool IsSeparator(char letter) =>
        letter is '_' or ':' or '@' or '/' or '(' or ')' or ','
        || char.GetUnicodeCategory(letter) == UnicodeCategory.DashPunctuation;

    /// <summary>
    /// Whether an underscore is a point (<c>Llama-3_3</c>, <c>qwen2-0_5b</c>); not before a size (<c>qwen3_8b</c>,
    /// <c>qwen3_0.6b</c>) nor behind a point (<c>llama3.1_0821</c>).
    /// </summary>
    private static bool IsPoint(string name, int index)
    {
        if (!IsDigitAt(name, index - 1) || !IsDigitAt(name, index + 1)) return false;
        var start = index - 1;
        while (IsDigitAt(name, start)) start--;
        if (start >= 0 && name[start] == '.') return false;
        // A lone 0 or 1 between words starts a size.
        if (start == index - 2 && start >= 0 && IsSeparator(name[start]) && name[index - 1] is '0' or '1') return true;
        var end = index + 1;
        while (IsDigitAt(name, end)) end++;
        return end == name.Length || !(char.IsLetter(name[end]) || (name[end] == '.' && IsDigitAt(name, end + 1)));
    }

    /// <summary>Whether a point parts words (<c>Qwen.Qwen3-4B</c>) rather than digits (<c>v0.1</c>).</summary>
    private static bool IsBetweenWords(string name, int index) =>
        !(IsDigitAt(name, index - 1) && IsDigitAt(name, index + 1));

    /// <summary>Whether the size of what is active starts behind the whole one: <c>30BA3B</c>.</summary>
    private static bool StartsActive(string name, int index) =>
        (name[index] is 'a' or 'A') && IsDigitAt(name, index + 1)
        && IsDigitAt(name, index - 2) && (name[index - 1] is 'b' or 'B');

    /// <summary>Whether a word of letters starts right behind a number: <c>qwen3coder</c>.</summary>
    private static bool StartsWord(string name, int index)
    {
        const int least = 5;
        return IsDigitAt(name, index - 1) && index + least <= name.Length
            && name.Skip(index).Take(least).All(char.IsLetter);
    }

    private static bool IsDigitAt(string name, int index) =>
        index >= 0 && index < name.Length && char.IsDigit(name[index]);

    /// <summary>Whether the word written so far is of letters only, more than the lone <c>a</c>, <c>v</c>, <c>e</c>
    /// of <c>a3b</c>, <c>v0.1</c> and <c>e4b</c>.</summary>
    private static bool IsWordOfLetters(StringBuilder words)
    {
        var end = words.Length;
        var start = end;
        while (start > 0 && words[start - 1] != ' ')
        {
            if (!char.IsLetter(words[start - 1])) return false;
            start--;
        }
        return end - start > 1;
    }
}
