using System.Globalization;
using ModelFit.Catalog;
using ModelFit.Hardware;
using ModelFit.Placement;
using static ModelFit.Common.NumberText;
using static ModelFit.SizeText;

namespace ModelFit.Fit;

/// <summary>
/// The reason of a plan: the sentence of its decision, what was traded, and on wish what binds and what a little more
/// (a GiB, a card, a step of quantization) would change.
/// </summary>
internal static class PlanReason
{
    private const long GiB = 1L << 30;

    /// <summary>The reason of a plan.</summary>
    public static string Of(Tradeoff trade, PlanOptions options, double? tokensPerSecond)
    {
        var (fit, decision, traded) = trade;
        var sentences = new List<string?>
        {
            FitReason.Of(fit, decision, MemoryTotals.Of(fit, decision), tokensPerSecond),
        };
        if (traded is not null) sentences.Add($"Traded: {traded}.");
        if (options.Explain)
        {
            sentences.Add(Binds(fit, decision));
            sentences.Add(OneMoreGib(fit, decision));
            sentences.Add(OneMoreCard(fit, decision));
            sentences.Add(OneStep(fit, decision));
        }

        return string.Join(" ", sentences.Where(sentence => sentence is not null));
    }

    /// <summary>The device with the least room left, and its bytes.</summary>
    private static string Binds(FitCase fit, Decision decision)
    {
        var placed = decision.Placed;
        if (placed.Cards.Count == 0) return $"The limit is system memory: {Host(fit, placed)}.";
        var tightest = Enumerable.Range(0, placed.Cards.Count).OrderBy(card => Left(placed, card)).First();
        var budget = placed.Cards[tightest];
        var device = placed.Memory.Devices[tightest];
        return string.Format(
            CultureInfo.InvariantCulture,
            "The limit is card {0} ({1}): {2} of {3} are used (weights {4}, KV cache {5}, compute {6}), {7} are " +
                "reserved; {8}.",
            budget.Index,
            budget.Card.Name,
            Gib(device.TotalBytes + budget.OverheadBytes),
            Gib(budget.AvailableBytes),
            Gib(device.WeightBytes),
            Gib(device.KvCacheBytes),
            Gib(device.ComputeBytes),
            Gib(budget.ReserveBytes),
            Host(fit, placed));
    }

    private static string Host(FitCase fit, PlacedModel placed) => fit.Machine.HostBytes is { } there
        ? $"{Gib(placed.Memory.Host.TotalBytes)} of {Gib(there)} of system memory are used"
        : $"{Gib(placed.Memory.Host.TotalBytes)} of system memory would be used";

    private static string? OneMoreGib(FitCase fit, Decision decision)
    {
        if (decision.Verdict == Verdict.Fits) return null;
        if (decision.Placed.Cards.Count > 0)
        {
            var more = fit.With(question => question with { ReserveBytes = question.ReserveBytes - GiB });
            return Change("One more GiB on each card", fit, decision, more);
        }

        var machine = fit.Question.Machine ?? new MachineSpec();
        return machine.SystemMemoryBytes is { } memory
            ? Change("One more GiB of system memory", fit, decision, fit.With(question => question with
            {
                Machine = machine with
                {
                    SystemMemoryBytes = memory + GiB,
                    SystemMemoryFreeBytes = machine.SystemMemoryFreeBytes + GiB,
                },
            }))
            : null;
    }

    private static string? OneMoreCard(FitCase fit, Decision decision)
    {
        var machine = fit.Question.Machine ?? new MachineSpec();
        if (machine.Gpus.Length == 0 || machine.Gpus[0].IsUnifiedMemory) return null;
        var card = machine.Gpus[machine.Gpus.Length - 1];
        var more = machine.WithGpus(machine.Gpus.Append(card).ToArray(), GpuCatalogLookup.Instance);
        return Change(
            $"One more {card.Name}", fit, decision, fit.With(question => question with { Machine = more }));
    }

    /// <summary>The next larger quantization for what fits, the next smaller for what does not.</summary>
    private static string? OneStep(FitCase fit, Decision decision)
    {
        var others = QuantizationLadder.Of(fit.Question)
            .Select(name => fit.With(question => question with { Quantization = name }));
        var isUp = decision.Verdict == Verdict.Fits;
        var weights = fit.Definition.WeightBytes;
        var next = isUp
            ? others.Reverse().FirstOrDefault(other => other.Definition.WeightBytes > weights)
            : others.FirstOrDefault(other => other.Definition.WeightBytes < weights);
        return next is null
            ? null
            : Change(
                $"A step of quantization {(isUp ? "up" : "down")}, {next.Quantization} of " +
                Gib(next.Definition.WeightBytes) + ",",
                fit,
                decision,
                next);
    }

    /// <summary>What a change would make of the plan: the verdict if that changes, else the speed.</summary>
    private static string Change(string what, FitCase fit, Decision decision, FitCase changed)
    {
        var other = Decision.Plan(changed);
        if (other.Verdict != decision.Verdict) return $"{what} would {Words(other.Verdict, decision.Verdict)}.";
        if (other.Verdict <= Verdict.NoFit) return $"{what} would not be enough.";
        var (now, then) = (PlacementSpeed.Decode(fit, decision.Placed), PlacementSpeed.Decode(changed, other.Placed));
        return now is null || then is null || Math.Abs(then.Value - now.Value) < 0.02 * now.Value
            ? $"{what} would change nothing."
            : $"{what} would give about {Rate(then.Value)} instead of {Rate(now.Value)} tokens/s.";
    }

    private static string Words(Verdict then, Verdict now) => (then, now) switch
    {
        (Verdict.Fits, _) => "put the whole model on the cards and keep the reserve",
        (Verdict.Tight, Verdict.Fits) => "keep it on the cards, but use the reserve",
        (Verdict.Tight, _) => "put the whole model on the cards, but use the reserve",
        (Verdict.Offload, Verdict.NoFit) => "make it run, with a part in system memory",
        (Verdict.Offload, _) => "move a part to system memory",
        _ => "not fit",
    };

    private static long Left(PlacedModel placed, int card) =>
        placed.Cards[card].Limit(keepReserve: true) - placed.Memory.Devices[card].TotalBytes;
}
