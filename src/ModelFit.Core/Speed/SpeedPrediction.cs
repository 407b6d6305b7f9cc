namespace ModelFit.Speed;

/// <summary>How fast a placement is predicted to be under a load.</summary>
/// <param name="Decode">Tokens a second that each active sequence is written with.</param>
/// <param name="Prefill">Tokens a second that a prompt is read with.</param>
/// <param name="TimeToFirstTokenSeconds">Seconds from the prompt to the first token, expected.</param>
/// <param name="Sequences">Sequences that are written at the same time.</param>
/// <param name="Times">Seconds of one decoding step by device: the cards in order, the host last.</param>
/// <param name="PrefillSeconds">Seconds of the prompt by device.</param>
internal sealed record SpeedPrediction(
    SpeedFigure Decode,
    SpeedFigure Prefill,
    double TimeToFirstTokenSeconds,
    int Sequences,
    IReadOnlyList<DecodeTime> Times,
    IReadOnlyList<double> PrefillSeconds)
{
    /// <summary>The same, corrected by what was measured of the machine.</summary>
    /// <param name="decode">What decode is multiplied with.</param>
    /// <param name="prefill">What prefill is multiplied with.</param>
    /// <param name="decodeSpread">Half width of the interval after it in percent; null keeps the class's.</param>
    /// <param name="prefillSpread">The same of prefill.</param>
    public SpeedPrediction Corrected(double decode, double prefill, double? decodeSpread, double? prefillSpread)
    {
        var read = PrefillSeconds.Sum();
        return this with
        {
            Decode = Decode.Corrected(decode, decodeSpread),
            Prefill = Prefill.Corrected(prefill, prefillSpread),
            TimeToFirstTokenSeconds = (read / prefill) + ((TimeToFirstTokenSeconds - read) / decode),
            Times = Times.Select(time => time.Scaled(1 / decode)).ToArray(),
            PrefillSeconds = PrefillSeconds.Select(seconds => seconds / prefill).ToArray(),
        };
    }

    /// <summary>Tokens a second of all sequences together.</summary>
    public double TotalTokensPerSecond => Decode.Expected * Sequences;

    /// <summary>Index of the device that most of a step is spent on.</summary>
    public int SlowestDevice
    {
        get
        {
            var slowest = 0;
            for (var i = 1; i < Times.Count; i++)
                if (Times[i].Sum > Times[slowest].Sum) slowest = i;
            return slowest;
        }
    }

    /// <summary>What most of a step is spent on.</summary>
    public SpeedBottleneck Bottleneck
    {
        get
        {
            var sum = Times.Aggregate(default(DecodeTime), (all, one) => all.Plus(one));
            if (SlowestDevice == Times.Count - 1) return SpeedBottleneck.HostMemory;
            var read = sum.Bandwidth + sum.Cache;
            var largest = Math.Max(Math.Max(read, sum.Compute), Math.Max(sum.Launch, Math.Max(sum.Link, sum.Queue)));
            if (largest == read) return SpeedBottleneck.Bandwidth;
            if (largest == sum.Launch) return SpeedBottleneck.Launch;
            if (largest == sum.Compute) return SpeedBottleneck.Compute;
            return largest == sum.Link ? SpeedBottleneck.Link : SpeedBottleneck.Queue;
        }
    }
}

/// <summary>What most of the time of a written token is spent on.</summary>
internal enum SpeedBottleneck
{
    /// <summary>Reading weights and caches from a card's memory.</summary>
    Bandwidth,

    /// <summary>Unpacking and multiplying.</summary>
    Compute,

    /// <summary>Launching kernels.</summary>
    Launch,

    /// <summary>Reading what lies in system memory, and computing with it.</summary>
    HostMemory,

    /// <summary>Passing on from one device to the next.</summary>
    Link,

    /// <summary>Serving many sequences at once.</summary>
    Queue,
}
