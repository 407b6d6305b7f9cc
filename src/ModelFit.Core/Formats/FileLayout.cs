using System.Collections.Concurrent;
using ModelFit.Architectures;
using ModelFit.Models;
using ModelFit.Quantization;

namespace ModelFit.Formats;

/// <summary>A model whose tensors a file names: as they are, or their shapes at another quantization.</summary>
internal sealed class FileLayout(ModelDefinition own, string nativeQuantization) : IModelLayout
{
    private readonly ConcurrentDictionary<string, ModelDefinition> _others = new(StringComparer.Ordinal);

    public string NativeQuantization { get; } = nativeQuantization;

    public ModelDefinition Define(string? quantization, ICollection<string> assumptions)
    {
        if (quantization is null || quantization.Equals(NativeQuantization, StringComparison.OrdinalIgnoreCase))
            return own;
        var kind = RecipeQuery.KindOf(own.Metadata);
        var recipe = Recipes.Find(new RecipeQuery(quantization, own.Architecture, kind, null, null))
            ?? throw QuantizationNames.Unknown(quantization);
        var definition = _others.GetOrAdd(quantization, _ => Requantize(recipe));
        RecipeWalk.Say(recipe, definition, assumptions);
        return definition;
    }

    private ModelDefinition Requantize(Recipe recipe) => RecipeWalk.Define(
        own.Metadata, own.Tensors, recipe, ArchitectureList.MixOf(own.Architecture),
        ArchitectureList.Find(own.Architecture) is { NoLayout: null } known ? known.LayoutAccuracy : Accuracy.Modelled);
}
