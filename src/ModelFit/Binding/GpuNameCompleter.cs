using System.Collections;
using System.Globalization;
using ModelFit.Catalog;

namespace ModelFit.Binding;

/// <summary>Names of the GPU catalog, also after a count (<c>2x RTX 30</c>) and in a list (<c>3090 + 30</c>).</summary>
public sealed class GpuNameCompleter : NameCompleter
{
    private static readonly char[] Joints = { '+', ',', ';', '&' };

    /// <inheritdoc/>
    protected override int Start(string word)
    {
        var start = AfterBlanks(word, word.LastIndexOfAny(Joints) + 1);
        var end = start;
        while (end < word.Length && end - start < 3 && word[end] is >= '0' and <= '9') end++;
        var sign = AfterBlanks(word, end);
        var isCount = end > start && sign < word.Length && (word[sign] is 'x' or 'X' or '\u00d7' or '*');
        return isCount ? AfterBlanks(word, sign + 1) : start;
    }

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Func<string> ToolTip)> Names(IDictionary bound) =>
        CommonNames.Gpus().Select(card => (card.Name, new Func<string>(() => ToolTip(card.Item))));

    private static int AfterBlanks(string word, int start)
    {
        while (start < word.Length && char.IsWhiteSpace(word[start])) start++;
        return start;
    }

    private static string ToolTip(GpuSpec card) => string.Join(", ", new[]
    {
        card.Name,
        card.MemoryBytes is { } bytes ? $"{SizeText.Gib(bytes)} {card.MemoryType}".TrimEnd() : null,
        card.MemoryBandwidth is { } rate
            ? (rate / 1e9).ToString("0", CultureInfo.InvariantCulture) + " GB/s"
            : null,
        card.ReleaseDate,
    }.Where(part => part is not null));
}
