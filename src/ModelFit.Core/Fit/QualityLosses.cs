using ModelFit.Architectures;
using ModelFit.Catalog;
using ModelFit.Quantization;

namespace ModelFit.Fit;

/// <summary>
/// How much of a model's quality a quantization costs, by the size of the model: the loss in perplexity was measured of
/// each mix at 8B (llama.cpp, tools/perplexity) and at 70B (llama.cpp, pull request 6745), and between them it is
/// interpolated.
/// </summary>
internal static class QualityLosses
{
    /// <summary>What unsloth's types are called beside the mixes whose loss was measured.</summary>
    private const string Dynamic = "UD-";

    /// <summary>The sizes that were measured.</summary>
    private const double Small = 8.03e9, Large = 70.6e9;

    /// <summary>Suffixes of mixes that nobody measured, with those of the nearest that somebody did.</summary>
    private static readonly (string Suffix, string Near)[] Nearest =
    {
        ("_XL", "_M"), ("_XL", string.Empty), ("_L", "_M"), ("_L", string.Empty), ("_S", string.Empty), ("K_XL", "0"),
    };

    /// <summary>
    /// The loss in percent of perplexity; 0 for the type that the model was published in, null where nothing near was
    /// measured.
    /// </summary>
    public static double? Of(ModelSpec model, string? quantization)
    {
        if (QuantizationCatalog.Find(quantization) is not { } spec) return null;
        var usual = ArchitectureList.UsualQuantization(model.Architecture);
        if (usual != QuantizationNames.Usual && Measured(spec) is not { QualityLoss: > 0 }) return 0;
        if (Measured(spec) is not { QualityLoss: { } small } mix) return null;
        if (small <= 0 || QuantizationCatalog.LossOfLarge(mix) is not { } large) return small;
        if (model.ParameterCount is not { } count) return small;
        var share = Math.Min(1, Math.Max(0, Math.Log(count / Small) / Math.Log(Large / Small)));
        return small * Math.Pow(large / small, share);
    }

    /// <summary>
    /// The mix whose loss stands for a type: its own, that of its name without its prefix, or the nearest.
    /// </summary>
    public static QuantizationSpec? Measured(QuantizationSpec spec)
    {
        if (spec.QualityLoss is not null) return spec;
        var plain = spec.Name.StartsWith(Dynamic, StringComparison.Ordinal) ? spec.Name.Substring(Dynamic.Length)
            : spec.Name.StartsWith("i1-", StringComparison.Ordinal) ? spec.Name.Substring("i1-".Length) : spec.Name;
        return Named(plain) ?? Nearest
            .Where(pair => plain.EndsWith(pair.Suffix, StringComparison.Ordinal))
            .Select(pair => Named(plain.Substring(0, plain.Length - pair.Suffix.Length) + pair.Near))
            .FirstOrDefault(mix => mix is not null);
    }

    private static QuantizationSpec? Named(string name) =>
        QuantizationCatalog.All.FirstOrDefault(mix => mix.Name == name && mix.QualityLoss is not null);
}
