using ModelFit.Common;
using ModelFit.Models;

namespace ModelFit.Quantization;

/// <summary>
/// How published files are quantized, by name, publisher and kind of model. To add one, write a line in
/// <c>recipes.tsv</c>; lines that ask for more come first.
/// </summary>
internal static class Recipes
{
    private const string MatrixPrefix = "i1-";

    /// <summary>
    /// Publishers whose standard mixes are made with an importance matrix; mradermacher's are where the name says i1.
    /// </summary>
    private static readonly HashSet<string> WithMatrix = new(StringComparer.Ordinal) { "bartowski", "unsloth" };

    private static readonly IReadOnlyDictionary<TensorClass, TensorType> NoTypes =
        new Dictionary<TensorClass, TensorType>();

    private static readonly Lazy<ILookup<string, RecipeRow>> Rows = new(() => EmbeddedText.Rows("recipes.tsv")
        .Select(cells => new RecipeRow(cells))
        .ToLookup(row => row.Name, StringComparer.OrdinalIgnoreCase));

    /// <summary>The names of all recipes that are not llama-quantize's own.</summary>
    public static IEnumerable<string> Names => Rows.Value.Select(group => group.Key);

    /// <summary>
    /// The recipe of a quantization: the publisher's, else the mix of llama-quantize; null for an unknown name. In
    /// published files the experts of some models stay as they were published (<see cref="NativeExperts"/>).
    /// </summary>
    public static Recipe? Find(RecipeQuery query)
    {
        var isImportance = query.Name.StartsWith(MatrixPrefix, StringComparison.OrdinalIgnoreCase);
        var plain = isImportance ? query with { Name = query.Name.Substring(MatrixPrefix.Length) } : query;
        var recipe = OfRow(plain)
            ?? (plain.Kind == RecipeQuery.Layered ? OfRow(plain with { Kind = RecipeQuery.Dense }) : null)
            ?? OfMix(plain, isImportance || HasMatrix(query));
        return recipe is null || query.Repository is null || query.Experts is null
            ? recipe
            : query.Experts.Keep(recipe, query.Repository);
    }

    private static Recipe? OfRow(RecipeQuery query) =>
        Rows.Value[query.Name].FirstOrDefault(row => row.Holds(query))?.Recipe;

    private static Recipe? OfMix(RecipeQuery query, bool matrix) =>
        FileType.Find(query.Name) is { } mix
            ? new Recipe(matrix ? MatrixPrefix + mix.Name : mix.Name, mix, matrix, NoTypes)
            : null;

    private static bool HasMatrix(RecipeQuery query) =>
        WithMatrix.Contains(query.Publisher)
        || query.Repository?.IndexOf("-i1-", StringComparison.OrdinalIgnoreCase) >= 0;
}
