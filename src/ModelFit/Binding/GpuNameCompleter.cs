using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using ModelFit.Catalog;

namespace ModelFit.Binding;

/// <summary>Names of the GPU catalog, also after a count (<c>2x RTX 30</c>) and in a list (<c>3090 + 30</c>).</summary>
public sealed class GpuNameCompleter : NameCompleter
{
    private static readonly Regex Before = new(
        @"^(?:.*[+,;&])?\s*(?:\d{1,3}\s*[x\u00d7*]\s*)?", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    /// <inheritdoc/>
    protected override int Start(string word) => Before.Match(word).Length;

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string ToolTip)> Names(IDictionary bound) =>
        CommonNames.Gpus().Select(entry => (entry.Name, ToolTip(entry.Card)));

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
