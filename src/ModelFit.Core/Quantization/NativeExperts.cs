using System.Linq;
using ModelFit.Models;

namespace ModelFit.Quantization;

/// <summary>
/// Models whose experts are published in four bits: files keep them as they are, for more bits add nothing. gpt-oss's
/// rows of 2,880 fit no smaller type, so that every file has them (sizes on the hub, 2025-08 to 2026-04).
/// </summary>
internal static class NativeExperts
{
    private const string Everywhere = "gpt-oss";
    private const string FromFourBits = "deepseek4";

    /// <summary>The mix that keeps experts and has the rest in eight bits: what such a model is published as.</summary>
    public const string Mix = "MXFP4_MOE";

    /// <summary>Whether the experts of an architecture are published in MXFP4.</summary>
    public static bool Has(string? architecture) => architecture is Everywhere or FromFourBits;

    /// <summary>The recipe with the experts as they are published, where files of the architecture have them.</summary>
    public static Recipe Keep(Recipe recipe, string architecture)
    {
        var keeps = architecture == Everywhere || (architecture == FromFourBits && IsFromFourBits(recipe));
        if (!keeps || recipe.Mix?.Base == TensorType.F32) return recipe;
        var types = recipe.Types.ToDictionary(pair => pair.Key, pair => pair.Value);
        types[TensorClass.GateUp] = types[TensorClass.Down] = TensorType.MXFP4;
        return recipe with { Types = types, Mix = recipe.Mix ?? FileType.Find("Q8_0") };
    }

    private static bool IsFromFourBits(Recipe recipe)
    {
        const double four = 4;
        var type = recipe.Types.TryGetValue(TensorClass.GateUp, out var experts) ? experts : recipe.Mix?.Base;
        return type?.BitsPerWeight() >= four;
    }
}
