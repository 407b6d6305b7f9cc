using System;
using System.Collections.Generic;

namespace ModelFit.Speed;

/// <summary>Seconds of one decoding step of all sequences.</summary>
internal static class DecodeModel
{
    private const int SumsPerLayer = 2;

    /// <summary>The seconds of each device, one after the other as llama.cpp's layer split runs them.</summary>
    public static DecodeTime[] Times(SpeedCase question)
    {
        var times = question.SharesLayers ? Shared(question) : InTurn(question);
        var engine = question.Devices[0].Engine;
        var queue = (question.Step.Sequences - 1)
            * (engine.SecondsPerSequence + (question.Step.Vocabulary * engine.SecondsPerLogit));
        times[0] = times[0] with { Queue = queue };
        return times;
    }

    private static DecodeTime[] InTurn(SpeedCase question)
    {
        var times = new DecodeTime[question.Work.Count];
        var used = 0;
        for (var i = 0; i < times.Length; i++)
        {
            times[i] = question.Devices[i].DecodeTime(question.Work[i], question.Step);
            if (question.Work[i].Layers > 0) used++;
        }

        var terms = question.Devices[0].Terms;
        var hops = Math.Max(0, used - 1) * terms.HopSeconds;
        var host = question.Work[question.Host];
        var returns = host.ExpertLayers > host.Layers ? (host.ExpertLayers - host.Layers) * terms.HostExpertSeconds : 0;
        times[question.Host] = times[question.Host] with { Link = hops + returns };
        return times;
    }

    /// <summary>Each card reads its part of every layer; after attention and the feed-forward all add up.</summary>
    private static DecodeTime[] Shared(SpeedCase question)
    {
        var cards = question.Host;
        var share = Whole(question.Work).Share(cards);
        var times = new DecodeTime[question.Work.Count];
        var slowest = 0;
        for (var i = 0; i < cards; i++)
        {
            times[i] = question.Devices[i].DecodeTime(share, question.Step);
            if (times[i].Sum > times[slowest].Sum) slowest = i;
        }

        // All wait for the slowest: only its time passes.
        for (var i = 0; i < cards; i++)
            if (i != slowest) times[i] = default;
        times[slowest] = times[slowest] with { Link = SumSeconds(question, share.Layers, question.Step.Sequences) };
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
        return layers * SumsPerLayer * (
            terms.SumSeconds + (bytes / (question.LinkBytesPerSecond * terms.SumLinkShare)));
    }

    /// <summary>The work of all devices together.</summary>
    public static TokenWork Whole(IReadOnlyList<TokenWork> work)
    {
        var all = default(TokenWork);
        foreach (var part in work) all += part;
        return all;
    }
}
