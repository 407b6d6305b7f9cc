namespace ModelFit.Speed;

/// <summary>Seconds of one decoding step of all sequences.</summary>
internal static class DecodeModel
{
    private const int SumsPerLayer = 2;

    /// <summary>
    /// The seconds of each device for a token of every sequence, one device after the other as llama.cpp's layer split
    /// runs them. Where tokens are drafted it is the time of drafting and checking over the tokens that come of it.
    /// </summary>
    public static DecodeTime[] Times(SpeedCase question)
    {
        if (question.Drafting is not { } drafting) return StepTimes(question, question.Work, question.Step);
        var step = question.Step;
        var check = StepTimes(question, question.Work, step with { Tokens = drafting.Tokens + 1 });
        var draft = StepTimes(
            question, drafting.Work, drafting.Step with { Sequences = step.Sequences, Depth = step.Depth });
        var tokens = drafting.TokensPerStep;
        check[0] = check[0] with { Queue = check[0].Queue + (step.Sequences * (tokens - 1) * SampleSeconds(question)) };
        for (var i = 0; i < check.Length; i++)
            check[i] = check[i].Plus(draft[i].Scaled(drafting.Tokens)).Scaled(1 / tokens);
        return check;
    }

    private static DecodeTime[] StepTimes(SpeedCase question, TokenWork[] work, in StepLoad step)
    {
        var times = question.SharesLayers ? Shared(question, work, step) : InTurn(question, work, step);
        var sequence = question.Devices[0].Engine.SecondsPerSequence + SampleSeconds(question);
        times[0] = times[0] with { Queue = (step.Sequences - 1) * sequence };
        return times;
    }

    /// <summary>Seconds to sample a token of the vocabulary.</summary>
    private static double SampleSeconds(SpeedCase question) =>
        question.Step.Vocabulary * question.Devices[0].Engine.SecondsPerLogit;

    private static DecodeTime[] InTurn(
        SpeedCase question, TokenWork[] work, in StepLoad step)
    {
        var times = new DecodeTime[work.Length];
        var used = 0;
        for (var i = 0; i < times.Length; i++)
        {
            times[i] = question.Devices[i].DecodeTime(work[i], step);
            if (work[i].Layers > 0) used++;
        }

        var terms = question.Devices[0].Terms;
        var hops = Math.Max(0, used - 1) * terms.HopSeconds;
        var host = work[question.Host];
        var returns = host.ExpertLayers > host.Layers ? (host.ExpertLayers - host.Layers) * terms.HostExpertSeconds : 0;
        times[question.Host] = times[question.Host] with { Link = hops + returns };
        return times;
    }

    /// <summary>Each card reads its part of every layer; after attention and the feed-forward all add up.</summary>
    private static DecodeTime[] Shared(
        SpeedCase question, TokenWork[] work, in StepLoad step)
    {
        var cards = question.Host;
        var share = Whole(work) * (1.0 / cards);
        var times = new DecodeTime[work.Length];
        var slowest = 0;
        for (var i = 0; i < cards; i++)
        {
            times[i] = question.Devices[i].DecodeTime(share, step);
            if (times[i].Sum > times[slowest].Sum) slowest = i;
        }

        // All wait for the slowest: only its time passes.
        for (var i = 0; i < cards; i++)
            if (i != slowest) times[i] = default;
        times[slowest] = times[slowest] with { Link = SumSeconds(question, share.Layers, step.Rows) };
        return times;
    }

    /// <summary>
    /// Seconds of all sums of tokens over cards that share layers: each card sends and receives the activations of all
    /// but its own part (a ring).
    /// </summary>
    public static double SumSeconds(SpeedCase question, int layers, double tokens)
    {
        const int bytesPerElement = 2;
        var cards = question.Host;
        var bytes = 2.0 * (cards - 1) / cards * tokens * question.Step.Width * bytesPerElement;
        var terms = question.Devices[0].Terms;
        var passing = bytes / question.Devices.Take(cards).Min(card => card.PeerBytesPerSecond);
        return layers * SumsPerLayer * (terms.SumSeconds + passing);
    }

    /// <summary>The work of all devices together.</summary>
    public static TokenWork Whole(TokenWork[] work)
    {
        var all = default(TokenWork);
        foreach (var part in work) all += part;
        return all;
    }
}
