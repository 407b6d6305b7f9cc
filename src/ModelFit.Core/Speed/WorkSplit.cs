using ModelFit.Graph;

namespace ModelFit.Speed;

/// <summary>Who computes what: the work of a model by device, for a layout in llama.cpp's terms.</summary>
internal static class WorkSplit
{
    /// <summary>
    /// The work of each GPU in order, and of the host last: layers where they lie, experts on the host where the layout
    /// says so.
    /// </summary>
    public static TokenWork[] ByDevice(ModelWork model, DeviceLayout layout)
    {
        var gpus = Math.Max(0, layout.GpuCount);
        var devices = LayerDevices.Of(layout, gpus, model.Dense.Length);
        var rules = layout.TensorOverrides is { } texts ? OverrideRule.Of(texts) : Array.Empty<OverrideRule>();
        var work = new TokenWork[gpus + 1];
        for (var layer = 0; layer < devices.Length; layer++)
        {
            var device = devices[layer] < 0 ? gpus : devices[layer];
            work[device] += model.Dense[layer];
            foreach (var part in model.Experts(layer))
                work[layer < layout.CpuMoeLayers ? gpus : Sent(part.Name) ?? device] += part.Work;
        }

        return work;

        int? Sent(string expert) => OverrideRule.Target(rules, expert) is not { } target ? null
            : target >= 0 && target < gpus ? target : gpus;
    }
}
