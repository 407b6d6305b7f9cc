namespace ModelFit.Speed;

/// <summary>What holds for all devices: the rows of <c>speed-terms.tsv</c>, fitted with the engines.</summary>
internal sealed record SpeedTerms
{
    /// <summary>Part of GDDR bandwidth that error correction leaves on data-centre cards.</summary>
    public double ErrorCorrectionShare { get; init; }

    /// <summary>Part of the bandwidth that two joined dies reach of the sum of both.</summary>
    public double JoinedShare { get; init; }

    /// <summary>Bytes of weights that an NVIDIA multiprocessor takes in a clock.</summary>
    public double BytesPerClock { get; init; }

    /// <summary>Rows of tokens at which a matrix product reaches half of its rate.</summary>
    public double HalfRateRows { get; init; }

    /// <summary>The same of experts, whose rows are gathered and scattered besides.</summary>
    public double HalfRateExpertRows { get; init; }

    /// <summary>Rate of many tokens of each kind of weight over that of simple blocks.</summary>
    public WeightCount KindRates { get; init; }

    /// <summary>Operations of attention over their count, with flash attention.</summary>
    public double AttentionFactor { get; init; }

    /// <summary>The same without.</summary>
    public double PlainAttentionFactor { get; init; }

    /// <summary>
    /// Seconds for each layer with recurrent state and token of a prompt: one token waits for the last.
    /// </summary>
    public double StateSeconds { get; init; }

    /// <summary>Seconds from one device to the next.</summary>
    public double HopSeconds { get; init; }

    /// <summary>Seconds of one sum over all cards that share a layer.</summary>
    public double SumSeconds { get; init; }

    /// <summary>Part of the rate of copies from the host that sums between cards reach.</summary>
    public double SumLinkShare { get; init; }

    /// <summary>Seconds to hand a layer's experts to the processor and back.</summary>
    public double HostExpertSeconds { get; init; }

    /// <summary>Operations a second of a processor core in products with many tokens, AVX2.</summary>
    public double CoreFlops { get; init; }

    /// <summary>How much faster AMX is there.</summary>
    public double AmxGain { get; init; }

    /// <summary>Part of the bandwidth left where memory is spread over several NUMA nodes.</summary>
    public double NumaShare { get; init; }

    /// <summary>Part of the link to a card that copies of weights reach.</summary>
    public double LinkShare { get; init; }

    /// <summary>Part of its power limit that a card needs to decode at full rate.</summary>
    public double DecodePowerShare { get; init; }

    /// <summary>How much of a pipeline over several cards is gained with many micro-batches, of the whole.</summary>
    public double PipelineShare { get; init; }

    /// <summary>Chance that a token drafted by the model's own layer is accepted.</summary>
    public double OwnAcceptance { get; init; }

    /// <summary>The same of a token drafted by another model.</summary>
    public double DraftAcceptance { get; init; }

    /// <summary>Spread added by drafting: what is accepted depends on the text.</summary>
    public Spread Drafting { get; init; }

    /// <summary>Spread added at a filled cache.</summary>
    public Spread Depth { get; init; }

    /// <summary>Spread added by several cards, decode.</summary>
    public Spread Cards { get; init; }

    /// <summary>Spread added by several cards, prefill.</summary>
    public Spread CardsPrefill { get; init; }

    /// <summary>Spread added by weights in system memory beside cards, decode.</summary>
    public Spread Host { get; init; }

    /// <summary>Spread added by weights in system memory beside cards, prefill.</summary>
    public Spread HostPrefill { get; init; }

    /// <summary>Spread added by several sequences at once.</summary>
    public Spread Sequences { get; init; }

    /// <summary>Spread of a class without a row.</summary>
    public Spread Unknown { get; init; }

    /// <summary>The terms of named values.</summary>
    public static SpeedTerms Of(Func<string, double> value) => new()
    {
        ErrorCorrectionShare = value("ErrorCorrectionShare"),
        JoinedShare = value("JoinedShare"),
        BytesPerClock = value("BytesPerClock"),
        HalfRateRows = value("HalfRateRows"),
        HalfRateExpertRows = value("HalfRateExpertRows"),
        KindRates = new WeightCount(
            value("PlainRate"), 1, value("SuperRate"), value("TableRate"), value("MicroRate")),
        AttentionFactor = value("AttentionFactor"),
        PlainAttentionFactor = value("PlainAttentionFactor"),
        StateSeconds = value("StateMicroseconds") * 1e-6,
        HopSeconds = value("HopMicroseconds") * 1e-6,
        SumSeconds = value("SumMicroseconds") * 1e-6,
        SumLinkShare = value("SumLinkShare"),
        HostExpertSeconds = value("HostExpertMicroseconds") * 1e-6,
        CoreFlops = value("CoreGigaflops") * 1e9,
        AmxGain = value("AmxGain"),
        NumaShare = value("NumaShare"),
        LinkShare = value("LinkShare"),
        DecodePowerShare = value("DecodePowerShare"),
        PipelineShare = value("PipelineShare"),
        OwnAcceptance = value("OwnAcceptance"),
        DraftAcceptance = value("DraftAcceptance"),
        Drafting = new Spread(value("DraftingLow"), value("DraftingHigh")),
        Depth = new Spread(value("DepthLow"), value("DepthHigh")),
        Cards = new Spread(value("CardsLow"), value("CardsHigh")),
        CardsPrefill = new Spread(value("CardsPrefillLow"), value("CardsPrefillHigh")),
        Host = new Spread(value("HostLow"), value("HostHigh")),
        HostPrefill = new Spread(value("HostPrefillLow"), value("HostPrefillHigh")),
        Sequences = new Spread(value("SequencesLow"), value("SequencesHigh")),
        Unknown = new Spread(value("UnknownLow"), value("UnknownHigh")),
    };
}
