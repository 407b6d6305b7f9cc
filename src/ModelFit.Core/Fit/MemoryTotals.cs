using ModelFit.Memory;
using ModelFit.Placement;

namespace ModelFit.Fit;

/// <summary>The figures of an answer: what all of it takes where it would run, and what is there.</summary>
/// <param name="WeightBytes">
/// All weights, those that stay on the host included; as the cards hold them where copies and padding make that more.
/// </param>
/// <param name="KvCacheBytes">KV cache and recurrent state.</param>
/// <param name="ComputeBytes">Compute buffers of the cards (of the processor without cards).</param>
/// <param name="OverheadBytes">Outside llama.cpp's books.</param>
/// <param name="RequiredBytes">GPU memory that all of it takes; system memory without cards.</param>
/// <param name="AvailableBytes">GPU memory there is; system memory without cards.</param>
internal sealed record MemoryTotals(
    long WeightBytes,
    long KvCacheBytes,
    long ComputeBytes,
    long OverheadBytes,
    long RequiredBytes,
    long AvailableBytes)
{
    /// <summary>Weights and cache that stay in system memory although all layers are on cards.</summary>
    public long HostWeightBytes => WeightBytes + KvCacheBytes + ComputeBytes + OverheadBytes - RequiredBytes;

    /// <summary>KV cache and recurrent state on cards (of the processor without cards).</summary>
    public long PlacedCacheBytes { get; private init; }

    /// <summary>Available minus required.</summary>
    public long HeadroomBytes => AvailableBytes - RequiredBytes;

    /// <summary>The figures of a decision: of its placement if that is whole, else of all of it on the cards.</summary>
    public static MemoryTotals Of(FitCase fit, Decision decision) =>
        Of(fit, decision.Placed.IsWhole ? decision.Placed : null);

    /// <summary>The figures of a placement with all of it on cards; of all of it over all cards without one.</summary>
    public static MemoryTotals Of(FitCase fit, PlacedModel? whole)
    {
        var onCards = fit.Machine.Cards.Count > 0;
        var placed = onCards ? whole ?? fit.Search.WholeAnyway() : fit.Search.Processor();
        var devices = placed.Memory.Devices;
        IEnumerable<DeviceMemory> own = onCards ? placed.Memory.Gpus : devices;
        return new MemoryTotals(
            fit.Search.UsesHost
                ? Math.Max(
                    fit.Definition.WeightBytes - fit.Search.Costs.IdleBytes, own.Sum(device => device.WeightBytes))
                : devices.Sum(device => device.WeightBytes),
            devices.Sum(device => device.KvCacheBytes),
            onCards
                ? placed.Memory.Gpus.Sum(gpu => gpu.ComputeBytes + gpu.OutputBytes)
                : placed.Memory.Host.ComputeBytes + placed.Memory.Host.OutputBytes,
            placed.Cards.Sum(card => card.OverheadBytes),
            onCards ? placed.GpuBytes : placed.Memory.Host.TotalBytes,
            onCards ? fit.Machine.Cards.Sum(card => card.AvailableBytes) : fit.Machine.HostBytes ?? 0)
        {
            PlacedCacheBytes = own.Sum(device => device.KvCacheBytes),
        };
    }
}
