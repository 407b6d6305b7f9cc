using System.Text.RegularExpressions;
using ModelFit.Graph;

namespace ModelFit.Speed;

/// <summary>Who computes what: the work of a model by device, for a layout in llama.cpp's terms.</summary>
internal static class WorkSplit
{
    private static readonly TimeSpan MatchLimit = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// The work of each GPU in order, and of the host last: layers where they lie, experts on the host where the layout
    /// says so.
    /// </summary>
    public static TokenWork[] ByDevice(ModelWork model, DeviceLayout layout)
    {
        var gpus = Math.Max(0, layout.GpuCount);
        var devices = LayerDevices.Of(layout, gpus, model.Dense.Length);
        var overrides = Overrides(layout);
        var work = new TokenWork[gpus + 1];
        for (var layer = 0; layer < devices.Length; layer++)
        {
            var device = devices[layer] < 0 ? gpus : devices[layer];
            work[device] += model.Dense[layer];
            foreach (var part in model.Experts(layer))
                work[layer < layout.CpuMoeLayers ? gpus : overrides(part.Name) ?? device] += part.Work;
        }

        return work;
    }

    /// <summary>Where a pattern of the layout sends an expert tensor; null where none does.</summary>
    private static Func<string, int?> Overrides(DeviceLayout layout)
    {
        if (layout.TensorOverrides is not { Count: > 0 } texts) return _ => null;
        var rules = new List<(Regex Pattern, int Device)>();
        foreach (var text in texts)
        {
            var equals = text.LastIndexOf('=');
            if (equals > 0 && TryPattern(text.Substring(0, equals)) is { } pattern)
                rules.Add((pattern, DeviceNamed(text.Substring(equals + 1), layout.GpuCount)));
        }

        return name =>
        {
            foreach (var (pattern, device) in rules)
                if (IsMatch(pattern, name)) return device;
            return null;
        };
    }

    private static int DeviceNamed(string name, int gpus) =>
        TensorOverrides.DeviceNamed(name) is >= 0 and var index && index < gpus ? index : gpus;

    private static Regex? TryPattern(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant, MatchLimit);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static bool IsMatch(Regex pattern, string name)
    {
        try
        {
            return pattern.IsMatch(name);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }
}
