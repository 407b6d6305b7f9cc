using System.Globalization;
using System.Text.RegularExpressions;
using ModelFit.Common;

namespace ModelFit.Catalog;

/// <summary>The quantizations of llama.cpp and the weight formats of other runtimes.</summary>
public static class QuantizationCatalog
{
    private const string MatrixPrefix = "i1-";

    private static readonly Regex Bits = new(
        @"^(?:(?<format>exl[23])[-_ ]?)?(?<bits>[1-8](?:\.\d+)?) ?bpw(?:[-_ ]h\d)?(?:[-_ ]?(?<format>exl[23]))?$",
        RegexOptions.IgnoreCase);

    private static readonly Lazy<Table> Loaded = new(() => new Table());

    /// <summary>Every quantization, largest first within a format.</summary>
    public static IReadOnlyList<QuantizationSpec> All => Loaded.Value.All;

    /// <summary>
    /// The quantizations a name or wildcard stands for (<c>q3_k_m</c>, <c>Q4_*</c>), letters and digits alone being
    /// compared in a name (<c>q4km</c>); an unknown name throws <see cref="ErrorIds.QuantizationNotFound"/> with the
    /// nearest, a wildcard without a match gives none.
    /// </summary>
    public static IReadOnlyList<QuantizationSpec> Resolve(string nameOrWildcard)
    {
        if (Wildcard.IsPattern(nameOrWildcard))
        {
            var pattern = new Wildcard(nameOrWildcard);
            return All.Where(spec => pattern.IsMatch(spec.Name)).ToArray();
        }

        return Find(nameOrWildcard) is { } spec ? new[] { spec } : throw NotFound(nameOrWildcard);
    }

    /// <summary>The loss in percent of perplexity that was measured of a mix at 70B; null if none was.</summary>
    internal static double? LossOfLarge(QuantizationSpec spec) =>
        Loaded.Value.LargeLosses.TryGetValue(spec.Name, out var loss) ? loss : null;

    /// <summary>The quantization of that name or alias; null if there is none.</summary>
    public static QuantizationSpec? Find(string? name)
    {
        if (name is null) return null;
        if (Loaded.Value.ByName.TryGetValue(NearestNames.Fold(name), out var spec)) return spec;
        if (name.StartsWith(MatrixPrefix, StringComparison.OrdinalIgnoreCase)) return WithMatrix(name);
        return OfBits(name) ?? Spelled(name);
    }

    private static QuantizationSpec? Spelled(string name) =>
        UnloadableQuantizations.Reason(name) is not null
            ? null
            : QuantizationSpellings.Of(name)
                .Select(NearestNames.Fold)
                .Where(Loaded.Value.ByName.ContainsKey)
                .Select(spelling => Loaded.Value.ByName[spelling])
                .FirstOrDefault();

    /// <summary>A format of ExLlama with its mean bits a weight: <c>EXL3-4.0bpw</c>, <c>4.0bpw-exl2</c>.</summary>
    private static QuantizationSpec? OfBits(string name)
    {
        if (Bits.Match(name) is not { Success: true } match) return null;
        var format = match.Groups["format"].Success ? match.Groups["format"].Value.ToUpperInvariant() : "EXL3";
        var bits = double.Parse(match.Groups["bits"].Value, CultureInfo.InvariantCulture);
        return new QuantizationSpec
        {
            Name = string.Format(CultureInfo.InvariantCulture, "{0}-{1:0.0#}bpw", format, bits),
            Format = "Safetensors",
            BitsPerWeight = bits,
            Source = "mean bits of the matrices, six of the output (exllamav2, exllamav3: convert)",
        };
    }

    /// <summary>A standard mix that is made with an importance matrix, as mradermacher names it.</summary>
    private static QuantizationSpec? WithMatrix(string name) =>
        Loaded.Value.ByName.TryGetValue(NearestNames.Fold(name.Substring(MatrixPrefix.Length)), out var plain)
        && plain.FileTypeId is not null
            ? plain.Named(MatrixPrefix + plain.Name)
            : null;

    /// <summary>An error that says why nothing loads it, or names the nearest quantizations.</summary>
    internal static ModelFitException NotFound(string name) => new(
        ErrorIds.QuantizationNotFound,
        UnloadableQuantizations.Reason(name) is { } reason
            ? $"'{name}' {reason}."
            : $"No quantization is called '{name}'."
                + NearestNames.Sentence(
                    NearestNames.Of(name, All.Select(spec => spec.Name)), "Get-QuantizationSpec lists them."),
        name);

    private sealed class Table
    {
        private const int LargeColumn = 10;

        private readonly List<QuantizationSpec> _all = new();

        public Table()
        {
            foreach (var cells in EmbeddedText.Rows("quantizations.tsv"))
            {
                var spec = ToSpec(cells);
                _all.Add(spec);
                if (cells.Length > LargeColumn && Number(cells[LargeColumn]) is { } large)
                    LargeLosses[spec.Name] = large;
                foreach (var name in cells[7].Split(';').Append(spec.Name))
                    if (name.Length > 0) ByName[NearestNames.Fold(name)] = spec;
            }
        }

        public IReadOnlyList<QuantizationSpec> All => _all;

        public Dictionary<string, double> LargeLosses { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, QuantizationSpec> ByName { get; } = new(StringComparer.Ordinal);

        private static QuantizationSpec ToSpec(string[] cells) => new()
        {
            Name = cells[0],
            Format = cells[1],
            FileTypeId = (int?)Number(cells[2]),
            BaseType = cells[3].Length == 0 ? null : cells[3],
            BitsPerWeight = Number(cells[4]),
            QualityLoss = Number(cells[5]),
            RequiresImportanceMatrix = cells[6].Length > 0,
            Runtimes = cells[8],
            Source = cells[9],
        };

        private static double? Number(string text) =>
            text.Length == 0 ? null : double.Parse(text, CultureInfo.InvariantCulture);
    }
}
