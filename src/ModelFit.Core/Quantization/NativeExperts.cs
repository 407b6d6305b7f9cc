using System.Text.RegularExpressions;
using ModelFit.Models;

namespace ModelFit.Quantization;

/// <summary>
/// Models whose experts are published in four bits: files keep them as they are, for more bits add nothing. gpt-oss's
/// rows of 2,880 fit no smaller type, so that every file made of it has them (sizes on the hub, 2025-08 to 2026-04);
/// what was tuned further was converted to 16 bits before.
/// </summary>
internal static class NativeExperts
{
    private const string Everywhere = "gpt-oss";
    private const string FromFourBits = "deepseek4";

    /// <summary>The mix that keeps experts and has the rest in eight bits: what such a model is published as.</summary>
    public const string Mix = "MXFP4_MOE";

    /// <summary>Whether the experts of an architecture are published in MXFP4.</summary>
    public static bool Has(string? architecture) => architecture is Everywhere or FromFourBits;

    /// <summary>Publishers who quantize from 16 bits.</summary>
    private static readonly string[] From16Bits = { "mradermacher", "devquasar" };

    /// <summary>A repository of the model as it was published: what is tuned further was tuned in 16 bits.</summary>
    private static readonly Regex AsPublished = new(
        @"/(?:openai[-_.])?gpt-oss-\d+b(?:[-_.](?:gguf|mxfp4|moe|hf|imatrix|[a-z]*q\d\w*|f16|f32))*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    /// <summary>The recipe with the experts as they are published, where files of the architecture have them.</summary>
    public static Recipe Keep(Recipe recipe, string architecture, string repository)
    {
        if (architecture == Everywhere && IsFrom16Bits(recipe, repository)) return recipe;
        var keeps = architecture == Everywhere || (architecture == FromFourBits && IsFromFourBits(recipe));
        if (!keeps || recipe.Mix?.Base == TensorType.F32) return recipe;
        var types = recipe.Types.ToDictionary(pair => pair.Key, pair => pair.Value);
        types[TensorClass.GateUp] = types[TensorClass.Down] = TensorType.MXFP4;
        return recipe with { Types = types, Mix = recipe.Mix ?? FileType.Find("Q8_0") };
    }

    /// <summary>Whether the files of a repository were made of weights in 16 bits.</summary>
    private static bool IsFrom16Bits(Recipe recipe, string repository) => repository.Length > 0
        && (!AsPublished.IsMatch(repository)
            || (recipe.Mix is { IsQuantized: true }
                && From16Bits.Contains(repository.Split('/')[0].ToLowerInvariant())));

    private static bool IsFromFourBits(Recipe recipe)
    {
        const double four = 4;
        var type = recipe.Types.TryGetValue(TensorClass.GateUp, out var experts) ? experts : recipe.Mix?.Base;
        return type?.BitsPerWeight() >= four;
    }
}
