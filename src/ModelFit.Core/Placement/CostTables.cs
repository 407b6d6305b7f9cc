using System;
using ModelFit.Models;

namespace ModelFit.Placement;

/// <summary>The cost tables of a model, with and without the layers for multi-token prediction.</summary>
internal sealed class CostTables
{
    private readonly Lazy<LayerCosts> _plain;
    private readonly Lazy<LayerCosts> _withMtp;

    private CostTables(ModelDefinition model)
    {
        _plain = new Lazy<LayerCosts>(() => new LayerCosts(model, loadMtp: false));
        _withMtp = new Lazy<LayerCosts>(() => new LayerCosts(model, loadMtp: true));
    }

    /// <summary>The table of a model.</summary>
    public static LayerCosts Of(ModelDefinition model, bool loadMtp)
    {
        var tables = model.Prepared.Get(prepared => new CostTables(prepared.Definition));
        return (loadMtp ? tables._withMtp : tables._plain).Value;
    }
}
