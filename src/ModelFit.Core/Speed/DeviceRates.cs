using System;

namespace ModelFit.Speed;

/// <summary>What one device can do a second, its losses taken off.</summary>
/// <param name="BytesPerSecond">Bytes of weights it can read.</param>
/// <param name="IssueBytesPerSecond">Bytes of weights its cores can take in, if memory were endlessly fast.</param>
/// <param name="FloatWeightsPerSecond">Plain weights its cores can multiply with one token.</param>
/// <param name="QuantizedWeightsPerSecond">The same of quantized weights.</param>
/// <param name="MatrixFlops">Operations of products of quantized weights with many tokens.</param>
/// <param name="SecondsPerLayer">Time a layer takes however small it is: launching its kernels.</param>
internal sealed record DeviceRates(
    double BytesPerSecond,
    double IssueBytesPerSecond,
    double FloatWeightsPerSecond,
    double QuantizedWeightsPerSecond,
    double MatrixFlops,
    double SecondsPerLayer)
{
    /// <summary>What plain weights gain over quantized ones in products with many tokens.</summary>
    private const double FloatMatrixGain = 1.35;

    /// <summary>Rows of tokens at which a matrix product reaches half of its rate: half a tile is wasted.</summary>
    private const double HalfRateRows = 64;

    /// <summary>The same of experts, whose rows are gathered and scattered besides.</summary>
    private const double HalfRateExpertRows = 128;

    /// <summary>Choosing the experts of a layer: a dozen small kernels however few bytes they read.</summary>
    private const double SecondsPerExpertLayer = 60e-6;

    /// <summary>How sharply the slower of two limits wins; infinity would be the larger of both times.</summary>
    private const double Sharpness = 6;

    /// <summary>Seconds for one token, without and with what does not shrink with the work.</summary>
    public double DecodeSeconds(TokenWork work)
    {
        if (work.Bytes <= 0) return 0;
        var memory = work.Bytes / BytesPerSecond;
        var issue = work.Bytes / IssueBytesPerSecond;
        var compute = (work.FloatWeights / FloatWeightsPerSecond)
            + ((work.Weights - work.FloatWeights) / QuantizedWeightsPerSecond);
        var limit = Math.Max(issue, compute);
        var larger = Math.Max(memory, limit);
        var ratio = Math.Min(memory, limit) / larger;
        return (larger * Math.Pow(1 + Math.Pow(ratio, Sharpness), 1 / Sharpness)) + LaunchSeconds(work);
    }

    /// <summary>Seconds for a micro-batch.</summary>
    /// <param name="work">The work of one token.</param>
    /// <param name="tokens">Tokens of the micro-batch.</param>
    /// <param name="depth">Tokens that each of them attends to.</param>
    /// <param name="expertShare">Part of the experts that one token uses.</param>
    public double PrefillSeconds(TokenWork work, int tokens, double depth, double expertShare)
    {
        if (work.AllBytes <= 0) return 0;
        var dense = work.Weights - work.ExpertWeights;
        var gain = work.Weights <= 0 ? 1 : 1 + ((FloatMatrixGain - 1) * work.FloatWeights / work.Weights);
        var flops = 2.0 * tokens * ((dense / Utilization(tokens, HalfRateRows))
            + (work.ExpertWeights / Utilization(tokens * expertShare, HalfRateExpertRows)));
        var attention = tokens * depth * work.AttentionFlops;
        return (flops / (MatrixFlops * gain)) + (attention / MatrixFlops)
            + (work.AllBytes / BytesPerSecond) + LaunchSeconds(work);
    }

    /// <summary>Seconds that do not shrink with the work: launching the kernels of its layers.</summary>
    public double LaunchSeconds(TokenWork work) =>
        (work.Layers * SecondsPerLayer) + (work.ExpertLayers * SecondsPerExpertLayer);

    private static double Utilization(double rows, double halfRateRows) => rows / (rows + halfRateRows);
}
