using ModelFit.Catalog;
using ModelFit.Hardware.Remote;

namespace ModelFit.Fleet;

/// <summary>Says which models a machine stores, with what the catalog knows of them.</summary>
internal static class InstalledModels
{
    /// <summary>The machine with its models, as objects and in words.</summary>
    public static MachineSpec Describe(MachineSpec machine)
    {
        var models = machine.Installed.Select(model => Of(model, machine.ComputerName)).ToArray();
        return machine with { HostedModels = models, Models = string.Join("; ", models.Select(Words)) };
    }

    private static HostedModel Of(InstalledModel model, string? computer)
    {
        var isFile = model.Store != "Ollama";
        var name = isFile ? model.Name.Substring(model.Name.LastIndexOf('/') + 1) : model.Name;
        var known = Find(name);
        var license = LicenseCatalog.Find(known?.License);
        return new HostedModel
        {
            ComputerName = computer,
            Name = name,
            CatalogModel = known?.Name,
            Quantization = ModelCatalog.QuantizationIn(name),
            FileBytes = model.Bytes,
            FilePath = isFile ? model.Name : null,
            Store = model.Store,
            License = license?.Spdx ?? known?.License,
            LicenseConditions = license?.Conditions,
        };
    }

    private static string Words(HostedModel model)
    {
        var parts = new[]
        {
            model.Name == model.CatalogModel ? null : model.CatalogModel,
            model.Quantization,
            model.FileBytes is { } bytes ? SizeText.Gib(bytes) : null,
            model.License,
            model.FilePath is null ? model.Store : null,
        };
        return $"{model.FilePath ?? model.Name} ({string.Join(", ", parts.Where(part => part is not null))})";
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
