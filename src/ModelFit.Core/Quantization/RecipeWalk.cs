using ModelFit.Models;

namespace ModelFit.Quantization;

/// <summary>Gives each tensor of a model the type that a recipe has for it.</summary>
internal static class RecipeWalk
{
    /// <summary>
    /// The tensors with the types of a recipe; names, shapes and order stay. What quantization leaves alone stays, and
    /// rows that cannot hold a type get the nearest that they can hold, as llama-quantize does it.
    /// </summary>
    public static IReadOnlyList<TensorInfo> Apply(
        ModelMetadata metadata, IReadOnlyList<TensorInfo> tensors, Recipe recipe, MixExceptions exceptions)
    {
        var mixed = recipe.Mix is { } mix
            ? QuantizationMix.Apply(metadata, tensors, mix, recipe.ImportanceMatrix, exceptions)
            : tensors;
        if (recipe.Types.Count == 0) return mixed;
        var isTied = tensors.All(tensor => tensor.Name != "output.weight");
        var hasExperts = metadata.Integer("expert_count", 0) > 1;
        return tensors.Select((tensor, index) => TypeOf(tensor) is { } type
            ? tensor with { Type = ShapeFallback.For(tensor.N0, type) }
            : mixed[index]).ToArray();

        TensorType? TypeOf(TensorInfo tensor) =>
            !KeptTensors.Keeps(tensor)
            && recipe.Types.TryGetValue(TensorClasses.Of(tensor.Parsed, hasExperts, isTied), out var type)
                ? type
                : null;
    }
}
