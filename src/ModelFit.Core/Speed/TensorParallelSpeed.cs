using System;
using System.Linq;
using ModelFit.Placement;

namespace ModelFit.Speed;

/// <summary>
/// Cards that share every layer (vLLM's tensor parallelism): each reads its part of the weights, and after attention
/// and after the feed-forward all add up their results.
/// </summary>
internal static class TensorParallelSpeed
{
    private const int SumsPerLayer = 2;

    /// <summary>Time of one sum of a token's activations over all cards: launch and link latency.</summary>
    private const double SecondsPerSum = 20e-6;

    /// <summary>The prediction; the slowest card sets the pace.</summary>
    public static SpeedEstimate Estimate(
        TokenWork[] split, DeviceRates[] rates, PlacedModel placed, RuntimeOptions options, double expertShare)
    {
        var cards = placed.Cards.Count;
        var share = split.Aggregate((all, part) => all + part).Share(cards);
        var sums = share.Layers * SumsPerLayer * SecondsPerSum;
        var tokens = Math.Max(1, Math.Min(options.BatchSize, options.ContextLength));
        var decode = rates.Take(cards).Max(rate => rate.DecodeSeconds(share)) + sums;
        var prefill = rates.Take(cards).Max(rate => rate.PrefillSeconds(share, tokens, tokens / 2.0, expertShare));
        var slowest = placed.Cards.OrderBy(card => card.Card.MemoryBandwidth ?? 0).First().Card.Name;
        return new SpeedEstimate(1 / decode, tokens / (prefill + sums), $"memory bandwidth of {slowest}");
    }
}
