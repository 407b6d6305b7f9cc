namespace ModelFit.Speed;

/// <summary>What one device can do a second under an engine, its losses taken off.</summary>
internal sealed record DeviceSpeed
{
    public required Engine Engine { get; init; }

    /// <summary>What holds for all devices.</summary>
    public required SpeedTerms Terms { get; init; }

    /// <summary>Bytes of weights it can read.</summary>
    public double BytesPerSecond { get; init; }

    /// <summary>Bytes of weights its cores can take in, if memory were endlessly fast.</summary>
    public double IssueBytesPerSecond { get; init; } = double.PositiveInfinity;

    /// <summary>Operations of unpacking and multiplying with one token.</summary>
    public double OperationsPerSecond { get; init; } = double.PositiveInfinity;

    /// <summary>Operations of products with many tokens.</summary>
    public double MatrixFlops { get; init; }

    /// <summary>Bytes that a card passes to the next one where cards add up their parts of a layer.</summary>
    public double PeerBytesPerSecond { get; init; } = double.PositiveInfinity;

    /// <summary>Operations of attention with one token.</summary>
    public double AttentionPerSecond { get; init; } = double.PositiveInfinity;

    /// <summary>Measured over predicted, decode.</summary>
    public Spread Decode { get; init; }

    /// <summary>Measured over predicted, prefill.</summary>
    public Spread Prefill { get; init; }

    /// <summary>Seconds for one step of all sequences.</summary>
    public DecodeTime DecodeTime(in TokenWork work, in StepLoad load)
    {
        if (work.Bytes <= 0 && work.Layers == 0) return default;
        var experts = load.ExpertsRead;
        var bytes = work.Bytes + (work.ExpertBytes * (experts - 1));
        var memory = bytes / BytesPerSecond;
        var issue = bytes / IssueBytesPerSecond;
        var compute = ComputeSeconds(work, load.Rows);
        var limit = Math.Sqrt(Math.Sqrt(Power(memory) + Power(issue) + Power(compute)));
        var cores = Math.Max(issue, compute);
        var bandwidth = memory >= cores ? memory : limit - cores;
        return new DecodeTime(
            bandwidth,
            limit - bandwidth,
            CacheSeconds(work, load),
            LaunchSeconds(work),
            0,
            0);
    }

    /// <summary>
    /// Keys that several heads share are read once at best, and computed with by each. Recurrent state is read and
    /// written in single precision, however long the text is.
    /// </summary>
    private double CacheSeconds(in TokenWork work, in StepLoad load)
    {
        const int stateBytes = 8;
        var state = load.Sequences * work.StateCells * stateBytes / BytesPerSecond;
        if (load.Depth <= 0) return state;
        var bytes = work.Cache.BytesAt(load.Depth, load.Window, load.KeyBytes, load.ValueBytes);
        var read = bytes * Engine.CacheFactor / BytesPerSecond;
        var compute = load.Tokens * work.AttentionAt(load.Depth, load.Window) / AttentionPerSecond;
        return state + (load.Sequences * Math.Sqrt(Math.Sqrt(Power(read) + Power(compute))));
    }

    /// <summary>Seconds for a micro-batch of a prompt, and the launches among them.</summary>
    /// <param name="work">The work of one token.</param>
    /// <param name="tokens">Tokens of the micro-batch.</param>
    /// <param name="depth">Tokens that each of them attends to.</param>
    /// <param name="load">The model's window and share of experts.</param>
    /// <param name="flashAttention">Whether attention is computed in one kernel.</param>
    public double PrefillSeconds(
        in TokenWork work, double tokens, double depth, in StepLoad load, bool flashAttention)
    {
        if (work.AllBytes <= 0) return 0;
        var rate = work.Weights > 0 ? work.Counts.Weighted(Terms.KindRates) / work.Weights : 1;
        var dense = work.Weights - work.ExpertWeights - work.OutputWeights;
        var flops = 2 * tokens * ((dense / Utilization(tokens, Terms.HalfRateRows))
            + (work.ExpertWeights
                / (Engine.ExpertRate * Utilization(tokens * load.ExpertShare, Terms.HalfRateExpertRows))));
        var attention = flashAttention ? Terms.AttentionFactor : Terms.PlainAttentionFactor;
        var others = tokens * work.AttentionAt(depth, load.Window) * attention;
        return (flops / (MatrixFlops * rate)) + (others / MatrixFlops)
            + (tokens * work.StateLayers * Terms.StateSeconds)
            + (ReadShare * work.AllBytes / BytesPerSecond) + LaunchSeconds(work);
    }

    /// <summary>Part of the time to read all weights that is not hidden behind the products of a micro-batch.</summary>
    private const double ReadShare = 0.5;

    /// <summary>Seconds that do not shrink with the work: launching the kernels of its layers.</summary>
    private double LaunchSeconds(in TokenWork work) => (work.Layers * Engine.SecondsPerLayer)
        + (work.Tensors * Engine.SecondsPerTensor) + (work.ExpertLayers * Engine.SecondsPerExpertLayer);

    /// <summary>
    /// Few tokens share most of what is unpacked (mat-vec kernels of several columns); many go through the matrix
    /// units.
    /// </summary>
    private double ComputeSeconds(in TokenWork work, double rows)
    {
        var one = work.Counts.Weighted(Engine.Operations) / OperationsPerSecond;
        if (rows <= 1) return one;
        var several = one * (1 + ((rows - 1) * Engine.SequenceCost));
        var matrix = MatrixFlops > 0
            ? 2 * work.Weights * (rows + Terms.HalfRateRows) / MatrixFlops
            : double.PositiveInfinity;
        return Math.Min(several, Math.Max(one, matrix));
    }

    private static double Utilization(double rows, double halfRateRows) => rows / (rows + halfRateRows);

    private static double Power(double value)
    {
        var square = value * value;
        return square * square;
    }
}
