using ModelFit.Common;

namespace ModelFit.Quantization;

/// <summary>What is usually taken where no quantization is named, and what is said of a name that is none.</summary>
internal static class QuantizationNames
{
    /// <summary>The mix that most people take.</summary>
    public const string Usual = "Q4_K_M";

    /// <summary>The name of a format of transformers in GGUF, where it has another there.</summary>
    public static string? InGguf(string? quantization) => quantization == "MXFP4" ? NativeExperts.Mix : quantization;

    /// <summary>An error that names the nearest mixes and recipes.</summary>
    public static ModelFitException Unknown(string quantization) => new(
        ErrorIds.QuantizationNotFound,
        $"No quantization is called '{quantization}'."
            + NearestNames.Sentence(
                NearestNames.Of(quantization, FileType.All.Select(type => type.Name).Concat(Recipes.Names)),
                "Get-QuantizationSpec lists them."),
        quantization);
}
