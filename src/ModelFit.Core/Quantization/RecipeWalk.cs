using ModelFit.Models;

namespace ModelFit.Quantization;

/// <summary>Gives each tensor of a model the type that a recipe has for it.</summary>
internal static class RecipeWalk
{
    /// <summary>The model whose tensors have the types of a recipe, known as well as recipe and layout are.</summary>
    public static ModelDefinition Define(
        ModelMetadata metadata,
        IReadOnlyList<TensorInfo> tensors,
        Recipe recipe,
        MixExceptions exceptions,
        Accuracy known)
    {
        var typed = Apply(metadata, tensors, recipe, exceptions);
        return new ModelDefinition(metadata, typed, recipe.Accuracy > known ? recipe.Accuracy : known)
        {
            Fallback = recipe.IsStandard ? ShapeFallback.Sentence(typed, recipe.Mix!) : null,
        };
    }

    /// <summary>Says what a recipe supposes, and which tensors have other types than its own.</summary>
    public static void Say(Recipe recipe, ModelDefinition definition, ICollection<string> assumptions)
    {
        if (recipe.Sentence is { } sentence) assumptions.Add(sentence);
        if (definition.Fallback is { } fallback) assumptions.Add(fallback);
    }

    /// <summary>
    /// The tensors with the types of a recipe; names, shapes and order stay. What quantization leaves alone stays, and
    /// rows that cannot hold a type get the nearest that they can hold, as llama-quantize does it.
    /// </summary>
    public static IReadOnlyList<TensorInfo> Apply(
        ModelMetadata metadata, IReadOnlyList<TensorInfo> tensors, Recipe recipe, MixExceptions exceptions)
    {
        var mixed = recipe.Mix is { } mix
            ? MixWalk.Apply(metadata, tensors, mix, recipe.ImportanceMatrix, exceptions)
            : tensors;
        if (recipe.Types.Count == 0) return mixed;
        var isTied = tensors.All(tensor => tensor.Name != "output.weight");
        var hasExperts = metadata.Integer("expert_count", 0) > 1;
        return tensors.Select((tensor, index) => TypeOf(tensor) is { } type
            ? tensor with { Type = ShapeFallback.For(tensor.N0, type) }
            : mixed[index]).ToArray();

        TensorType? TypeOf(TensorInfo tensor) =>
            ClassOf(tensor) is { } known && recipe.Types.TryGetValue(known, out var type) ? type : null;

        TensorClass? ClassOf(TensorInfo tensor) =>
            !KeptTensors.Keeps(tensor) ? TensorClasses.Of(tensor.Parsed, hasExperts, isTied)
            : tensor.Type == TensorType.F16 ? TensorClass.Kept
            : null;
    }
}
