using System.Collections.Concurrent;
using ModelFit.Fit;
using ModelFit.Placement;
using ModelFit.Speed;

namespace ModelFit.Capacity;

/// <summary>
/// One copy of a model on the cards that it has for itself: where it lies, and what it does under load.
/// </summary>
internal sealed class Replica
{
    /// <summary>More slots are not planned: vLLM's own default (vllm/config/scheduler.py, max_num_seqs).</summary>
    private const int MostSlots = 256;

    /// <summary>
    /// Part of the greatest throughput from which on more slots complete little more and slow everybody down.
    /// </summary>
    private const double Enough = 0.9;

    private const int MostRemembered = 1024;

    private Replica(FitCase fit, Decision decision, int slots, ServiceCurve? curve) =>
        (Fit, Decision, Slots, Curve) = (fit, decision, slots, curve);

    /// <summary>The case; that of <see cref="AsPlaced"/> has as many sequences as there are slots.</summary>
    public FitCase Fit { get; }

    /// <summary>Where it lies.</summary>
    public Decision Decision { get; }

    /// <summary>Requests that can be in work at the same time; 0 if it does not run.</summary>
    public int Slots { get; }

    /// <summary>What it does; null if it does not run, or nothing is predicted.</summary>
    public ServiceCurve? Curve { get; }

    /// <summary>
    /// The copy with as many slots as memory, the demand and the objectives leave; a number that was asked for stays.
    /// Throws <see cref="ErrorIds.InvalidArgument"/> for settings that the runtime refuses.
    /// </summary>
    public static Replica Of(FitQuestion asked, CapacityDemand demand, Objectives objectives, IMessageSink messages)
    {
        var first = Placed(asked, Math.Max(1, asked.Options.ParallelSequences), demand.AnswerLength, messages);
        if (first.Curve is not { } curve || first.Slots > 1) return first;
        var wanted = objectives.MostRequests(curve, Wanted(first.Fit, curve, demand));
        if (wanted <= 1) return first;
        return first.With(Math.Min(wanted, Held(first)), demand.AnswerLength);
    }

    /// <summary>The most slots that memory leaves, remembered as long as the model's definition lives.</summary>
    private static int Held(Replica first)
    {
        var known = first.Fit.Definition.Prepared.Get(_ => new ConcurrentDictionary<FitQuestion, int>());
        if (known.Count >= MostRemembered) known.Clear();
        var question = first.Fit.Question with { Load = ServingLoad.Default };
        return known.GetOrAdd(question, _ =>
        {
            var most = Math.Min(first.Fit.Runtime.MostSequences, MostSlots);
            return FitLimits.MostSequences(first.Fit, first.Decision.Verdict, most) ?? 1;
        });
    }

    /// <summary>
    /// The same copy with another number of slots. All of it on cards it lies as before, and is placed when that is
    /// asked for; else it is placed anew.
    /// </summary>
    public Replica With(int slots, int answerLength) => slots == Slots ? this
        : Decision.Placed.IsWhole ? new Replica(Fit, Decision, slots, Curve)
        : Placed(Fit.Question, slots, answerLength, NullSink.Instance);

    /// <summary>
    /// The copy as it is placed with its slots. All of it on one card lies the same with any number of them that has
    /// room, so that nothing is measured again and its memory is that of fewer; a paged cache is cut anew.
    /// </summary>
    public Replica AsPlaced(int answerLength)
    {
        if (Slots == 0 || Fit.Question.Options.ParallelSequences == Slots) return this;
        return Decision.Placed is { Kind: PlacementKind.OneCard, Capacity: null }
            ? new Replica(FitCase.Of(WithSlots(Fit.Question, Slots), NullSink.Instance), Decision, Slots, Curve)
            : Placed(Fit.Question, Slots, answerLength, NullSink.Instance);
    }

    private static FitQuestion WithSlots(FitQuestion question, int slots) =>
        question with { Options = question.Options with { ParallelSequences = slots } };

    private static Replica Placed(FitQuestion question, int slots, int answerLength, IMessageSink messages)
    {
        var fit = FitEngine.CaseOf(WithSlots(question, slots), messages);
        var decision = Decision.Judge(fit).Plainly(fit);
        return decision.Verdict <= Verdict.NoFit
            ? new Replica(fit, decision, 0, null)
            : new Replica(fit, decision, slots, PlacementSpeed.Curve(fit, decision.Placed, answerLength, messages));
    }

    private static int Wanted(FitCase fit, ServiceCurve curve, CapacityDemand demand)
    {
        var most = Math.Min(fit.Runtime.MostSequences, MostSlots);
        if (demand.Users is { } users) return Math.Min(most, users);
        if (demand.RequestsPerMinute is null) return most;
        var best = 1;
        for (var c = 2; c <= most; c++)
            if (curve.RequestsPerSecond(c) > curve.RequestsPerSecond(best)) best = c;
        var enough = 1;
        while (curve.RequestsPerSecond(enough) < Enough * curve.RequestsPerSecond(best)) enough++;
        return enough;
    }
}
