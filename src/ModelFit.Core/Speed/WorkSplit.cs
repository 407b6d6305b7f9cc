using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using ModelFit.Memory;

namespace ModelFit.Speed;

/// <summary>Who computes what: the work of a model by device, for a layout in llama.cpp's terms.</summary>
internal static class WorkSplit
{
    private static readonly TimeSpan MatchLimit = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// The work of each GPU in order, and of the host last: slots from the last on to the GPUs, cut by the cumulated
    /// shares (src/llama-model.cpp, load_tensors), experts to the host where the layout says so.
    /// </summary>
    public static TokenWork[] ByDevice(ModelWork model, DeviceLayout layout)
    {
        var slots = model.Dense.Length;
        var gpus = Math.Max(0, layout.GpuCount);
        var onGpu = gpus == 0 ? 0 : Math.Min(Math.Max(0, layout.GpuLayers), slots);
        var first = slots - onGpu;
        var ends = CumulatedShares(layout, gpus);
        var overrides = Overrides(layout);
        var work = new TokenWork[gpus + 1];
        for (var slot = 0; slot < slots; slot++)
        {
            var device = slot < first ? gpus : DeviceOf((slot - first) / (double)onGpu, ends);
            work[device] += model.Dense[slot];
            foreach (var part in model.Experts(slot))
                work[slot < layout.CpuMoeLayers ? gpus : overrides(part.Name) ?? device] += part.Work;
        }

        return work;
    }

    private static double[] CumulatedShares(DeviceLayout layout, int gpus)
    {
        var shares = new double[gpus];
        for (var i = 0; i < gpus; i++)
            shares[i] = layout.Split is { } split ? (i < split.Count ? split[i] : 0) : 1;
        var sum = shares.Sum();
        var total = 0.0;
        for (var i = 0; i < gpus; i++) shares[i] = sum > 0 ? (total += shares[i]) / sum : (i + 1.0) / gpus;
        return shares;
    }

    private static int DeviceOf(double position, double[] ends)
    {
        var device = Array.FindIndex(ends, end => end > position);
        return device < 0 ? ends.Length - 1 : device;
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

    private static int DeviceNamed(string name, int gpus)
    {
        var digits = name.Length;
        while (digits > 0 && char.IsDigit(name[digits - 1])) digits--;
        return int.TryParse(name.Substring(digits), out var index) && index < gpus ? index : gpus;
    }

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
