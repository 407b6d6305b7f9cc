using System.Collections.Concurrent;
using ModelFit.Architectures;
using ModelFit.Models;
using ModelFit.Quantization;

namespace ModelFit.Formats;

/// <summary>A model whose tensors a file names: as they are, or their shapes at another quantization.</summary>
internal sealed class FileLayout : IModelLayout
{
    private readonly ModelDefinition _own;
    private readonly ConcurrentDictionary<string, ModelDefinition> _others = new(StringComparer.Ordinal);

    /// <summary>Creates the layout of a file's own definition and quantization.</summary>
    public FileLayout(ModelDefinition own, string nativeQuantization)
    {
        _own = own;
        NativeQuantization = nativeQuantization;
    }

    public string NativeQuantization { get; }

    public ModelDefinition Define(string? quantization, ICollection<string> assumptions)
    {
        if (quantization is null || quantization.Equals(NativeQuantization, StringComparison.OrdinalIgnoreCase))
            return _own;
        var kind = RecipeQuery.KindOf(_own.Metadata);
        var recipe = Recipes.Find(new RecipeQuery(quantization, _own.Architecture, kind, null, null))
            ?? throw QuantizationNames.Unknown(quantization);
        var definition = _others.GetOrAdd(quantization, _ => Requantize(recipe));
        if (recipe.Sentence is { } sentence) assumptions.Add(sentence);
        if (definition.Fallback is { } fallback) assumptions.Add(fallback);
        return definition;
    }

    private ModelDefinition Requantize(Recipe recipe)
    {
        var exceptions = ArchitectureList.MixOf(_own.Architecture);
        var tensors = RecipeWalk.Apply(_own.Metadata, _own.Tensors, recipe, exceptions);
        var known = ArchitectureList.Find(_own.Architecture) is { NoLayout: null } architecture
            ? architecture.LayoutAccuracy
            : Accuracy.Modelled;
        return new(_own.Metadata, tensors, recipe.Accuracy > known ? recipe.Accuracy : known)
        {
            Fallback = recipe.IsStandard ? ShapeFallback.Sentence(tensors, recipe.Mix!) : null,
        };
    }
}
