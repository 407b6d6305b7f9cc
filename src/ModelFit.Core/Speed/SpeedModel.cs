using System;
using System.Collections.Generic;
using System.Linq;
using ModelFit.Models;
using ModelFit.Placement;

namespace ModelFit.Speed;

/// <summary>
/// Predicts decode and prefill of a placement: a roofline of what each device must read and multiply for a token, one
/// device after the other as llama.cpp's layer split runs them. docs/internals/speed.md derives every constant.
/// </summary>
internal static class SpeedModel
{
    /// <summary>Time a token takes from one device to the next.</summary>
    private const double SecondsPerHop = 250e-6;

    /// <summary>Tokens from which llama.cpp computes host weights on a GPU (ggml-cuda.cu, offload_op).</summary>
    private const int OffloadTokens = 32;

    private const double CacheShare = 0.8;

    /// <summary>
    /// The prediction for one sequence; null where a card's bandwidth is not known. Pure but for the messages.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="options">Micro-batch, offloaded operations.</param>
    /// <param name="placed">Where it is.</param>
    /// <param name="machine">The machine, for its processor and memory; null assumes both.</param>
    /// <param name="messages">Where assumptions are said.</param>
    /// <param name="cachedTokens">Tokens already in the cache.</param>
    public static SpeedEstimate? Estimate(
        ModelDefinition model,
        RuntimeOptions options,
        PlacedModel placed,
        MachineSpec? machine,
        IMessageSink messages,
        int cachedTokens = 0)
    {
        var work = ModelWork.Of(model);
        var split = work.ByDevice(placed.Layout);
        var usesHost = split[split.Length - 1].Bytes > 0 || placed.Map.Host.KvCacheBytes > 0
            || placed.Cards.Any(card => card.Card.MemoryBandwidth is null && card.Card.IsUnifiedMemory);
        var system = usesHost ? SystemBandwidth(placed, machine, messages) : 0;
        if (RatesOf(placed, machine, system, split.Length) is not { } rates) return null;
        if (placed.IsTensorParallel)
            return TensorParallelSpeed.Estimate(split, rates, placed, options, work.ExpertShare);
        var decode = Decode(split, rates, placed, options, cachedTokens);
        var total = decode.Sum();
        var prefill = PrefillRate(split, rates, placed, options, work.ExpertShare);
        return total > 0 && prefill > 0
            ? new SpeedEstimate(1 / total, prefill, Bottleneck(decode, split, rates, placed))
            : null;
    }

    /// <summary>A machine's own bandwidth; where a card shares the memory, the card's.</summary>
    private static double SystemBandwidth(PlacedModel placed, MachineSpec? machine, IMessageSink messages)
    {
        var shared = placed.Cards.Select(card => card.Card)
            .FirstOrDefault(card => card.IsUnifiedMemory && card.MemoryBandwidth is > 0);
        return machine?.MemoryBandwidth ?? shared?.MemoryBandwidth ?? HostRates.Bandwidth(machine, messages);
    }

    private static DeviceRates[]? RatesOf(PlacedModel placed, MachineSpec? machine, double system, int devices)
    {
        var rates = new DeviceRates[devices];
        for (var i = 0; i < devices - 1; i++)
        {
            if (i >= placed.Cards.Count) return null;
            if (GpuRates.Of(placed.Cards[i].Card, placed.Layout.Backend, system) is not { } known) return null;
            rates[i] = known;
        }

        rates[devices - 1] = HostRates.Of(machine, system);
        return rates;
    }

    private static double[] Decode(
        TokenWork[] split, DeviceRates[] rates, PlacedModel placed, RuntimeOptions options, int cachedTokens)
    {
        var capacity = (double)options.ContextLength * options.ParallelSequences;
        var filled = capacity > 0 ? Math.Min(1, cachedTokens / capacity) : 0;
        var hops = Math.Max(0, split.Count(part => part.Bytes > 0) - 1);
        var seconds = new double[split.Length];
        for (var i = 0; i < split.Length; i++)
        {
            seconds[i] = rates[i].DecodeSeconds(split[i]);
            var cache = filled * placed.Map.Devices[i].KvCacheBytes;
            if (cache > 0) seconds[i] += cache / (rates[i].BytesPerSecond * CacheShare);
        }

        seconds[split.Length - 1] += hops * SecondsPerHop;
        return seconds;
    }

    /// <summary>
    /// Tokens a second of a prompt that fills the logical batch. Micro-batches go through several cards as through a
    /// pipeline where all layers are on cards (llama-context.cpp, pipeline_parallel), else one after the other.
    /// </summary>
    private static double PrefillRate(
        TokenWork[] split, DeviceRates[] rates, PlacedModel placed, RuntimeOptions options, double expertShare)
    {
        var tokens = Math.Max(1, Math.Min(options.BatchSize, options.ContextLength));
        var microBatch = Math.Max(1, Math.Min(options.MicroBatchSize, tokens));
        var stages = StageSeconds(split, rates, placed, options, microBatch, tokens / 2.0, expertShare);
        var batches = tokens / (double)microBatch;
        var isPipeline = placed.Cards.Count > 1 && split[split.Length - 1].AllBytes <= 0;
        return tokens / (stages.Sum() + ((batches - 1) * (isPipeline ? stages.Max() : stages.Sum())));
    }

    /// <summary>Host weights are copied to the first card once a micro-batch and computed there, if it pays.</summary>
    private static double[] StageSeconds(
        TokenWork[] split,
        DeviceRates[] rates,
        PlacedModel placed,
        RuntimeOptions options,
        int tokens,
        double depth,
        double expertShare)
    {
        var host = split.Length - 1;
        var seconds = new double[split.Length];
        var isOffloaded = host > 0 && options.OffloadOperations && tokens >= OffloadTokens;
        for (var i = 0; i < split.Length; i++)
        {
            var rate = rates[i == host && isOffloaded ? 0 : i];
            seconds[i] = rate.PrefillSeconds(split[i], tokens, depth, expertShare);
        }

        if (isOffloaded) seconds[host] += split[host].AllBytes / HostRates.CopyBandwidth(placed.Cards[0].Card);
        return seconds;
    }

    private static string Bottleneck(
        IReadOnlyList<double> seconds, TokenWork[] split, DeviceRates[] rates, PlacedModel placed)
    {
        var slowest = 0;
        for (var i = 1; i < seconds.Count; i++)
            if (seconds[i] > seconds[slowest]) slowest = i;
        var launches = rates[slowest].LaunchSeconds(split[slowest]);
        var what = launches > seconds[slowest] / 2 ? "kernel launches" : "memory bandwidth";
        return slowest == seconds.Count - 1
            ? "system " + what
            : $"{what} of {placed.Cards[slowest].Card.Name}";
    }
}
