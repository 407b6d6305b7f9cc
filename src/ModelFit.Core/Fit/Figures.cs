using System;
using System.Linq;
using ModelFit.Memory;

namespace ModelFit.Fit;

/// <summary>The figures of an answer: what all of it takes where it would run, and what is there.</summary>
/// <param name="WeightBytes">All weights, those that stay on the host included.</param>
/// <param name="KvCacheBytes">KV cache and recurrent state.</param>
/// <param name="ComputeBytes">Compute buffers of the cards (of the processor without cards).</param>
/// <param name="OverheadBytes">Outside llama.cpp's books.</param>
/// <param name="RequiredBytes">GPU memory that all of it takes; system memory without cards.</param>
/// <param name="AvailableBytes">GPU memory there is; system memory without cards.</param>
internal sealed record Figures(
    long WeightBytes,
    long KvCacheBytes,
    long ComputeBytes,
    long OverheadBytes,
    long RequiredBytes,
    long AvailableBytes)
{
    /// <summary>Available minus required.</summary>
    public long HeadroomBytes => AvailableBytes - RequiredBytes;

    /// <summary>The figures of a decision: of its placement if that is whole, else of all of it on the cards.</summary>
    public static Figures Of(FitCase fit, Decision decision)
    {
        var onCards = fit.Machine.Cards.Count > 0;
        var placed = !onCards ? fit.Search.Processor()
            : decision.Placed.IsWhole ? decision.Placed
            : fit.Search.WholeAnyway();
        var devices = placed.Map.Devices;
        return new Figures(
            fit.Search.UsesHost ? fit.Definition.WeightBytes : devices.Sum(device => device.WeightBytes),
            devices.Sum(device => device.KvCacheBytes),
            onCards ? placed.Map.Gpus.Sum(gpu => gpu.ComputeBytes) : placed.Map.Host.ComputeBytes,
            placed.Cards.Sum(card => card.OverheadBytes),
            onCards ? placed.GpuBytes : placed.Map.Host.TotalBytes,
            onCards ? fit.Machine.Cards.Sum(card => card.AvailableBytes) : fit.Machine.HostBytes ?? 0);
    }

    /// <summary>
    /// The worst of what is known of the tensors, of the memory and of the runtime: of llama.cpp all was followed, of
    /// the others what they make of it. Of files beside the model only the tensors are counted.
    /// </summary>
    public static Accuracy AccuracyOf(FitCase fit, MemoryMap map)
    {
        if (fit.Question.CompanionBytes > 0 || fit.Question.Uncounted is { Count: > 0 }) return Accuracy.Approximate;
        return (Accuracy)Math.Max((int)fit.Runtime.Accuracy, Math.Max((int)fit.Definition.Accuracy, (int)map.Accuracy));
    }
}
