using System.Runtime.CompilerServices;
using ModelFit.Models;

namespace ModelFit.Placement;

/// <summary>The cost tables of models that are alive, each made once.</summary>
internal static class CostTables
{
    private static readonly ConditionalWeakTable<ModelDefinition, LayerCosts> Plain = new();
    private static readonly ConditionalWeakTable<ModelDefinition, LayerCosts> WithMtp = new();

    /// <summary>The table of a model.</summary>
    public static LayerCosts Of(ModelDefinition model, bool loadMtp) =>
        (loadMtp ? WithMtp : Plain).GetValue(model, definition => new LayerCosts(definition, loadMtp));
}
