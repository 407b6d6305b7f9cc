using System.Collections.Generic;
using System.Linq;
using ModelFit.Catalog;
using ModelFit.Hardware.Remote;

namespace ModelFit.Fleet;

/// <summary>Says which models a machine stores, with what the catalog knows of them.</summary>
internal static class InstalledModels
{
    /// <summary>The machine with its models in words.</summary>
    public static MachineSpec Describe(MachineSpec machine) =>
        machine with { Models = string.Join("; ", machine.Installed.Select(Describe)) };

    private static string Describe(InstalledModel model)
    {
        var isFile = model.Store != "Ollama";
        var name = isFile ? model.Name.Substring(model.Name.LastIndexOf('/') + 1) : model.Name;
        var known = Find(name);
        var parts = new List<string?>
        {
            known is null || name == known.Name ? null : known.Name,
            ModelCatalog.QuantizationIn(name),
            model.Bytes is { } bytes ? SizeText.Gib(bytes) : null,
            known?.License,
            isFile ? null : model.Store,
        };
        return $"{(isFile ? model.Name : name)} ({string.Join(", ", parts.Where(part => part is not null))})";
    }

    private static ModelSpec? Find(string name)
    {
        try
        {
            return ModelCatalog.Resolve(name, NullSink.Instance);
        }
        catch (ModelFitException)
        {
            return null;
        }
    }
}
