using ModelFit.Models;

namespace ModelFit.Quantization;

/// <summary>
/// How files keep experts that are published in four bits: as they are, for more bits add nothing. What was tuned
/// further was converted to 16 bits before.
/// </summary>
/// <param name="LeastBits">The bits for experts from which on a recipe keeps them as they are.</param>
/// <param name="Published">
/// What repositories of the model as it was published are called, those of others having been made of 16 bits; null if
/// nothing is known of that.
/// </param>
internal sealed record NativeExperts(double LeastBits, Regex? Published = null)
{
    /// <summary>The mix that keeps experts and has the rest in eight bits: what such a model is published as.</summary>
    public const string Mix = "MXFP4_MOE";

    /// <summary>Publishers who quantize from 16 bits.</summary>
    private static readonly string[] From16Bits = { "mradermacher", "devquasar" };

    /// <summary>The recipe with the experts as they are published, where a repository's files have them so.</summary>
    public Recipe Keep(Recipe recipe, string repository)
    {
        var type = recipe.Types.TryGetValue(TensorClass.GateUp, out var experts) ? experts : recipe.Mix?.Base;
        if (IsFrom16Bits(recipe, repository) || recipe.Mix?.Base == TensorType.F32) return recipe;
        if (LeastBits > 0 && !(type?.BitsPerWeight() >= LeastBits)) return recipe;
        var types = recipe.Types.ToDictionary(pair => pair.Key, pair => pair.Value);
        types[TensorClass.GateUp] = types[TensorClass.Down] = TensorType.MXFP4;
        return recipe with { Types = types, Mix = recipe.Mix ?? FileType.Find("Q8_0") };
    }

    private bool IsFrom16Bits(Recipe recipe, string repository) => Published is not null && repository.Length > 0
        && (!Published.IsMatch(repository)
            || (recipe.Mix is { IsQuantized: true }
                && From16Bits.Contains(repository.Split('/')[0].ToLowerInvariant())));
}
