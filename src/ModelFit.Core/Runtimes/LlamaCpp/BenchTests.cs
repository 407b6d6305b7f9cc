using System.Globalization;

namespace ModelFit.Runtimes.LlamaCpp;

/// <summary>
/// The tests of llama-bench and llama-batched-bench, which say how long a context and how many sequences there are
/// (tools/llama-bench/llama-bench.cpp, tools/batched-bench/batched-bench.cpp).
/// </summary>
internal sealed class BenchTests
{
    /// <summary>Tokens of prompts.</summary>
    public IReadOnlyList<int> Prompts { get; set; } = new[] { 512 };

    /// <summary>Tokens of answers.</summary>
    public IReadOnlyList<int> Answers { get; set; } = new[] { 128 };

    /// <summary>Tokens of prompts with their answers.</summary>
    public List<int> Both { get; } = new();

    /// <summary>Tokens before a test.</summary>
    public IReadOnlyList<int> Depths { get; set; } = new[] { 0 };

    /// <summary>Sequences of a batched benchmark; null if none are listed.</summary>
    public int? Sequences { get; set; }

    /// <summary>The context of the longest test.</summary>
    public long Context => Prompts.Concat(Answers).Concat(Both).DefaultIfEmpty(1).Max() + (long)Depths.Max();

    /// <summary>Numbers of a list such as <c>512,1024</c>; a range is taken by its end.</summary>
    public static int[] Numbers(string value) => value.Split(',').Select(Number).ToArray();

    private static int Number(string text)
    {
        var end = text.Split('+', '*')[0];
        var last = end.Substring(end.IndexOf('-') + 1);
        return int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException("whole numbers, such as 512,1024");
    }
}
