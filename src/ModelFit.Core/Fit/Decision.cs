using ModelFit.Placement;

namespace ModelFit.Fit;

/// <summary>The answers to "does it fit".</summary>
internal enum Verdict
{
    /// <summary>A size that the answer depends on is not known.</summary>
    Unknown = -1,

    /// <summary>Not even with layers or experts in system memory.</summary>
    NoFit,

    /// <summary>Only with layers or experts in system memory.</summary>
    Offload,

    /// <summary>In GPU memory, but inside the reserve.</summary>
    Tight,

    /// <summary>In GPU memory with the reserve kept.</summary>
    Fits,
}

/// <summary>A verdict and the placement it stands on.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Placed">
/// The best placement; for NoFit the one that comes nearest, which a device has no room for.
/// </param>
internal sealed record Decision(Verdict Verdict, PlacedModel Placed)
{
    /// <summary>The verdict by the definitions of the contract: all on cards, in the reserve, then offloaded.</summary>
    public static Decision Judge(FitCase fit)
    {
        if (BestWhole(fit, keepReserve: true) is { } whole) return new Decision(Verdict.Fits, whole);
        if (fit.UnknownCard is not null) return new Decision(Verdict.Unknown, Nearest(fit));
        if (BestWhole(fit, keepReserve: false) is { } tight) return new Decision(Verdict.Tight, tight);
        return BestOffloaded(fit) is { } part ? new Decision(Verdict.Offload, part) : Otherwise(fit);
    }

    /// <summary>
    /// Whether the verdict is at least the accepted one and each sequence as fast as is asked; quicker than the answer.
    /// A speed that is not known is no yes.
    /// </summary>
    public static bool Accepts(FitQuestion question, Verdict accepted)
    {
        var fit = FitCase.Of(question, NullSink.Instance);
        if (fit.UnknownCard is not null || !Reaches(fit, accepted)) return false;
        if (question.Load.MinimumTokensPerSecond is not { } least) return true;
        var decision = Judge(fit);
        return decision.Verdict >= accepted && PlacementSpeed.Decode(fit, decision.Placed) >= least;
    }

    /// <summary>
    /// Not even so; but what is pinned runs where no card is known to have too little. Not known, where nobody said how
    /// much system memory there is for the rest of it.
    /// </summary>
    private static Decision Otherwise(FitCase fit)
    {
        var nearest = Nearest(fit);
        if (PlacementPins.Of(fit.Question).Any && fit.Search.UsesHost && nearest.Cards.Count > 0
            && nearest.MayFitCards()
            && (nearest.IsWhole ? nearest.MayFitHost(fit.Machine) : nearest.FitsHost(fit.Machine)))
        {
            return new Decision(nearest.IsWhole ? Verdict.Tight : Verdict.Offload, nearest);
        }

        var dependsOnHost = fit.DependsOnHost || (fit.IsHostUnknown && PlacementPins.Of(fit.Question).Any
            && nearest is { IsWhole: false, Cards.Count: > 0 } && nearest.FitsCards(keepReserve: false));
        return new Decision(dependsOnHost ? Verdict.Unknown : Verdict.NoFit, nearest);
    }

    /// <summary>
    /// The verdict of <see cref="Judge"/>, and the placement with all of it on cards that the totals are of, if it is
    /// not all of it over all cards. The best placement of a part, which takes longest to find, is not looked for.
    /// </summary>
    public static (Verdict Verdict, PlacedModel? Whole) Outline(FitCase fit)
    {
        if (PlacementPins.Of(fit.Question).Any)
        {
            var judged = Judge(fit);
            return (judged.Verdict, judged.Placed.IsWhole ? judged.Placed : null);
        }

        if (BestWhole(fit, keepReserve: true) is { } whole) return (Verdict.Fits, whole);
        if (fit.UnknownCard is not null) return (Verdict.Unknown, NearestWhole(fit));
        if (BestWhole(fit, keepReserve: false) is { } tight) return (Verdict.Tight, tight);
        if (HasOffloaded(fit)) return (Verdict.Offload, null);
        return (fit.DependsOnHost ? Verdict.Unknown : Verdict.NoFit, NearestWhole(fit));
    }

    /// <summary>
    /// The plan: as the verdict, but the reserve is given up only where system memory cannot relieve the cards.
    /// </summary>
    public static Decision Plan(FitCase fit)
    {
        if (BestWhole(fit, keepReserve: true) is { } whole) return new Decision(Verdict.Fits, whole);
        if (fit.UnknownCard is not null) return new Decision(Verdict.Unknown, Nearest(fit));
        var part = BestOffloaded(fit);
        if (part is not { Cards.Count: > 0 } && BestWhole(fit, keepReserve: false) is { } tight)
            return new Decision(Verdict.Tight, tight);
        return part is not null ? new Decision(Verdict.Offload, part) : Otherwise(fit);
    }

    /// <summary>
    /// The decision as it is told most simply: by the number of layers whose experts stay behind (<c>--n-cpu-moe</c>)
    /// in place of patterns of tensors, unless those gain clearly.
    /// </summary>
    public Decision Plainly(FitCase fit)
    {
        const double clearly = 1.03;
        if (Placed.Kind != PlacementKind.ExpertsOnHost || Placed.Layout.TensorOverrides is null) return this;
        if (PlacementPins.Of(fit.Question).Any) return this;
        var plain = Fastest(fit, fit.Search.Plain(keepReserve: true).Where(placed =>
            placed.Kind == Placed.Kind && placed.Layout.TensorOverrides is null && placed.FitsHost(fit.Machine)));
        return plain is not null && SpeedOf(fit, plain) * clearly >= SpeedOf(fit, Placed)
            ? this with { Placed = plain }
            : this;
    }

    /// <summary>
    /// Whether the runtime would start and the verdict is at least <paramref name="target"/>; quicker than the verdict.
    /// </summary>
    public static bool Reaches(FitCase fit, Verdict target) => Has(fit, target) && fit.TryStart() is null;

    // What weighs too much is known before anything is measured, and a refusal is known only after it.
    private static bool Has(FitCase fit, Verdict target) => target switch
    {
        Verdict.Fits => HasWhole(fit, keepReserve: true),
        Verdict.Tight => HasWhole(fit, keepReserve: false),
        Verdict.Offload => HasWhole(fit, keepReserve: false) || HasOffloaded(fit),
        _ => true,
    };

    /// <summary>
    /// Bytes that a verdict's memory has beside what the model takes on one device; negative where it is too little.
    /// It decides nothing: several devices take more than one.
    /// </summary>
    public static double RoomLeft(FitCase fit, Verdict target)
    {
        var cards = RoomOnCards(fit, keepReserve: target != Verdict.Tight);
        var room = target == Verdict.Offload ? fit.Machine.PoolBytes ?? cards + (fit.Machine.HostBytes ?? 0) : cards;
        return room - fit.Search.OnOneCard.Devices.Sum(device => (double)device.TotalBytes);
    }

    /// <summary>Whether a placement has more on the cards than another.</summary>
    public static bool IsFuller(PlacedModel placed, PlacedModel other) =>
        placed.Layout.GpuLayers > other.Layout.GpuLayers && placed.GpuWeightBytes > other.GpuWeightBytes;

    /// <summary>The distinct placements that can run, fastest first, each with its own verdict.</summary>
    public static IReadOnlyList<Decision> All(FitCase fit)
    {
        var found = new List<Decision>();
        void Add(Verdict verdict, IEnumerable<PlacedModel?> placements)
        {
            foreach (var placed in placements)
            {
                if (placed is null || found.Any(other => Same(other.Placed, placed))) continue;
                found.Add(new Decision(verdict, placed));
            }
        }

        Add(Verdict.Fits, fit.Search.Whole(keepReserve: true).Where(placed => placed.MayFitHost(fit.Machine)));
        Add(Verdict.Tight, fit.Search.Whole(keepReserve: false).Where(placed => placed.MayFitHost(fit.Machine)));
        Add(Verdict.Fits, fit.Search.Alternatives(keepReserve: true)
            .Where(placed => placed.IsWhole && placed.MayFitHost(fit.Machine)));
        if (fit.Search.UsesHost)
        {
            Add(Verdict.Offload, Partial(fit)
                .Concat(fit.Search.Alternatives(keepReserve: true).Where(placed => !placed.IsWhole))
                .Append(OnProcessor(fit))
                .Where(placed => placed is not null && placed.FitsHost(fit.Machine)));
        }

        return found.OrderByDescending(decision => SpeedOf(fit, decision.Placed)).ToList();
    }

    private static bool Same(PlacedModel one, PlacedModel other) =>
        one.Layout == other.Layout && one.Cards.Select(card => card.Index)
            .SequenceEqual(other.Cards.Select(card => card.Index));

    private static bool HasWhole(FitCase fit, bool keepReserve) =>
        MayHold(fit, keepReserve) && HostMayHold(fit)
            && fit.Search.Whole(keepReserve).Any(placed => placed.MayFitHost(fit.Machine));

    /// <summary>Whether the weights alone have room: quickly asked, before anything is measured.</summary>
    private static bool MayHold(FitCase fit, bool keepReserve) =>
        !fit.Search.UsesHost || fit.Search.Costs.WholeBytes <= RoomOnCards(fit, keepReserve);

    private static double RoomOnCards(FitCase fit, bool keepReserve) =>
        fit.Machine.Cards.Sum(card => (double)Math.Max(0, card.Limit(keepReserve)));

    /// <summary>
    /// Whether system memory, as far as it is known, has room for the weights that no card can hold: embeddings, and
    /// types that the backend has no products for.
    /// </summary>
    private static bool HostMayHold(FitCase fit) => fit.Machine is not { PoolBytes: null, HostBytes: { } host }
        || fit.Machine.Cards.Count == 0 || fit.Search.OnOneCard.Host.WeightBytes <= host;

    private static PlacedModel? BestWhole(FitCase fit, bool keepReserve)
    {
        if (!MayHold(fit, keepReserve) || !HostMayHold(fit)) return null;
        var found = new List<PlacedModel>();
        foreach (var placed in fit.Search.Whole(keepReserve))
        {
            if (!placed.MayFitHost(fit.Machine)) continue;
            // Cards run one after the other: another of the same kind adds only the way to it.
            if (placed.Kind == PlacementKind.OneCard && RunsInTurn(fit) && fit.Machine.HasOneKind) return placed;
            found.Add(placed);
        }

        return Fastest(fit, found);
    }

    /// <summary>Whether cards compute one after the other, each its own layers.</summary>
    private static bool RunsInTurn(FitCase fit) =>
        fit.Search.UsesHost && fit.Question.Options.SplitMode == GpuSplitMode.Layer;

    private static PlacedModel? BestOffloaded(FitCase fit)
    {
        if (fit.Machine.HostBytes is null || !fit.Search.UsesHost || !HostMayHold(fit)) return null;
        var may = fit.Search.MayOffload(keepReserve: true);
        return (may ? FastestPart(fit) : null) ?? OnProcessor(fit) ?? (may ? AnyOffloaded(fit) : null);
    }

    private static PlacedModel? FastestPart(FitCase fit) =>
        Fastest(fit, Partial(fit).Where(placed => placed.FitsHost(fit.Machine)));

    private static PlacedModel? AnyOffloaded(FitCase fit) =>
        fit.Search.AnyOffloaded(keepReserve: true, placed => placed.FitsHost(fit.Machine));

    /// <summary>
    /// Whether <see cref="BestOffloaded"/> finds anything: what is quickly asked first, and nothing where weights and
    /// cache are more than all memory.
    /// </summary>
    private static bool HasOffloaded(FitCase fit)
    {
        if (fit.Machine.HostBytes is not { } host || !fit.Search.UsesHost) return false;
        var room = RoomOnCards(fit, keepReserve: true) + host;
        if (fit.Search.Costs.WholeBytes > room || !HostMayHold(fit)) return false;
        if (fit.Search.OnOneCard.Devices.Sum(device => (double)device.LoadedBytes) > room) return false;
        return OnProcessor(fit) is not null || fit.Search.HasOffloaded(
            keepReserve: true,
            placed => placed.FitsHost(fit.Machine),
            () => fit.Search.MayOffload(keepReserve: true) ? AnyOffloaded(fit) ?? FastestPart(fit) : null);
    }

    // A pinned part cannot make room for the reserve, which then only says that it is tight there.
    private static IReadOnlyList<PlacedModel> Partial(FitCase fit)
    {
        var kept = fit.Search.Offloaded(keepReserve: true).Where(placed => !placed.IsWhole).ToList();
        return kept.Count > 0 || !PlacementPins.Of(fit.Question).Any
            ? kept
            : fit.Search.Offloaded(keepReserve: false).Where(placed => !placed.IsWhole).ToList();
    }

    private static PlacedModel? OnProcessor(FitCase fit)
    {
        var (question, cards) = (fit.Question, fit.Machine.Cards.Count);
        if (question.GpuLayers > 0 || (question.IsLaunched && question.GpuLayers != 0 && cards > 0)) return null;
        var placed = fit.Search.Processor();
        return placed.FitsHost(fit.Machine) ? placed : null;
    }

    private static PlacedModel Nearest(FitCase fit)
    {
        if (fit.Search.Pinned() is { } pinned) return pinned;
        if (fit.Machine.Cards.Count == 0) return fit.Search.Processor();
        return NearestWhole(fit) ?? Partial(fit).FirstOrDefault() ?? fit.Search.WholeAnyway();
    }

    private static PlacedModel? NearestWhole(FitCase fit)
    {
        if (fit.Search.Pinned() is { } pinned) return pinned.IsWhole ? pinned : null;
        return fit.Machine.Cards.Count > 0 && MayHold(fit, keepReserve: false)
            ? fit.Search.Whole(keepReserve: false).FirstOrDefault()
            : null;
    }

    private static PlacedModel? Fastest(FitCase fit, IEnumerable<PlacedModel> placements) =>
        Fastest(fit, placements.ToList());

    private static PlacedModel? Fastest(FitCase fit, List<PlacedModel> list)
    {
        PlacedModel? best = null;
        var bestSpeed = double.NegativeInfinity;
        if (list.Count == 1) return list[0];
        foreach (var placed in list)
        {
            var speed = SpeedOf(fit, placed);
            if (best is not null && speed <= bestSpeed) continue;
            best = placed;
            bestSpeed = speed;
        }

        return best;
    }

    /// <summary>Predicted speed; where it is not known, what is on the cards stands for it.</summary>
    internal static double SpeedOf(FitCase fit, PlacedModel placed) =>
        PlacementSpeed.Decode(fit, placed) ?? placed.GpuWeightBytes;
}
