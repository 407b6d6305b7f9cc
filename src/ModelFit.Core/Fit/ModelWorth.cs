using System.Globalization;
using ModelFit.Catalog;

namespace ModelFit.Fit;

/// <summary>How much a model may be expected to be worth, where nothing but its size and its age is asked.</summary>
internal static class ModelWorth
{
    /// <summary>
    /// How perplexity falls with size: the Llama family's 5.68 at 7B and 3.53 at 65B make an exponent of 0.21, so a
    /// loss of 1 % in perplexity is worth about 5 % of the parameters.
    /// </summary>
    private const double SizePerPerplexity = 5;

    /// <summary>
    /// Months in which a model of half the size becomes as good: between 16, where the compute for a given quality
    /// halves every eight (Ho et al., Algorithmic progress in language models, arXiv 2403.05812) and grows with the
    /// square of the size, and 3.3, which was measured of open models (Xiao et al., Densing law of LLMs, arXiv
    /// 2412.04315). Their geometric mean.
    /// </summary>
    private const double MonthsToHalveSize = 7.3;

    /// <summary>Months since 2022 of a model whose age is not known: the middle of the catalog.</summary>
    private const double UnknownAge = 30;

    /// <summary>
    /// Parameters as a dense unquantized model of January 2022 would need them: the geometric mean of all and of active
    /// ones, less what the loss of the quantization is worth, times what has been learnt since.
    /// </summary>
    public static double EffectiveSize(ModelSpec model, double? qualityLoss)
    {
        var all = (double)(model.ParameterCount ?? 0);
        var active = model.ActiveParameterCount ?? all;
        return Math.Sqrt(all * active)
            * Math.Pow(1 + ((qualityLoss ?? 0) / 100), -SizePerPerplexity)
            * Math.Pow(2, MonthsSince2022(model) / MonthsToHalveSize);
    }

    /// <summary>
    /// What speed makes of it: the whole from 20 tokens a second, which is read along without waiting; below, the root
    /// of what is left of the way down to 5, at which text is read, and little where it is slower. Speed that is not
    /// known counts as half.
    /// </summary>
    public static double SpeedShare(double? tokensPerSecond)
    {
        const double comfortable = 20, reading = 5, least = 0.02, unknown = 0.5;
        if (tokensPerSecond is not { } speed) return unknown;
        return Math.Sqrt(Math.Min(1, Math.Max(least * speed / reading, (speed - reading) / (comfortable - reading))));
    }

    /// <summary>Whether a model only continues text: a tuned one of the same name follows instructions.</summary>
    public static bool IsBase(ModelSpec model) => ModelCatalog.KindOf(model) == ModelKind.Base;

    private static double MonthsSince2022(ModelSpec model)
    {
        var parts = ModelCatalog.Released(model)?.Split('-');
        if (parts is null || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var year))
            return UnknownAge;
        const int middle = 6;
        var month = parts.Length > 1 && int.TryParse(
            parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : middle;
        return ((year - 2022) * 12) + month;
    }
}
