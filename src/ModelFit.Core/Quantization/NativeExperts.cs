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

    private const double EightBits = 8, SixteenBits = 16;

    /// <summary>Publishers who quantize from 16 bits.</summary>
    private static readonly string[] From16Bits = { "mradermacher", "devquasar" };

    /// <summary>
    /// INT4 in groups of 32, as Q4_0 holds it without loss: llama.cpp's converter makes 16 bits of it, so that only
    /// recipes of publishers keep it (sizes of Kimi K2.6 in unsloth's documentation, 2026-04: 584 and 595 GB).
    /// </summary>
    private static readonly NativeExperts Int4 = new(LeastBits: 4) { Type = TensorType.Q4_0 };

    /// <summary>
    /// The type that holds the experts as they are published; MXFP4 is kept by llama.cpp's converter.
    /// </summary>
    public TensorType Type { get; init; } = TensorType.MXFP4;

    /// <summary>How files keep the experts of a model by the type of its published weights; null for others.</summary>
    public static NativeExperts? Of(string? publishedType) => publishedType == "W4A16" ? Int4 : null;

    /// <summary>The recipe with the experts as they are published, where a repository's files have them so.</summary>
    public Recipe Keep(Recipe recipe, string repository)
    {
        var type = recipe.Types.TryGetValue(TensorClass.GateUp, out var experts) ? experts : recipe.Mix?.Base;
        if (IsFrom16Bits(recipe, repository) || recipe.Mix?.Base == TensorType.F32) return recipe;
        if (LeastBits > 0 && !(type?.BitsPerWeight() >= LeastBits)) return recipe;
        // unsloth's file of eight bits is the model without loss (its documentation): the rest is as published, too.
        var isWhole = recipe.Name.StartsWith("UD-", StringComparison.OrdinalIgnoreCase)
            && type?.BitsPerWeight() is >= EightBits;
        var types = recipe.Types.ToDictionary(
            pair => pair.Key,
            pair => isWhole && pair.Value.BitsPerWeight() < SixteenBits ? TensorType.BF16 : pair.Value);
        types[TensorClass.GateUp] = types[TensorClass.Down] = Type;
        return recipe with { Types = types, Mix = recipe.Mix ?? FileType.Find("Q8_0") };
    }

    private bool IsFrom16Bits(Recipe recipe, string repository) =>
        (recipe.IsStandard && Type != TensorType.MXFP4)
        || (Published is not null && repository.Length > 0
            && (!Published.IsMatch(repository)
                || (recipe.Mix is { IsQuantized: true }
                    && From16Bits.Contains(repository.Split('/')[0].ToLowerInvariant()))));
}
