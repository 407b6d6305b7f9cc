using ModelFit.Catalog;
using ModelFit.Hardware;
using ModelFit.Placement;
using static ModelFit.Common.NumberText;
using static ModelFit.SizeText;

namespace ModelFit.Fit;

/// <summary>
/// What else would work, a line each with the command that shows it. Everything is asked of the estimator before it is
/// offered.
/// </summary>
internal static class Advice
{
    private const long GiB = 1L << 30;
    private const int LeastContext = 1024;
    private static readonly int[] CardCounts = { 2, 3, 4, 5, 6, 8, 10, 12, 15 };

    private static readonly int[] MemorySizes =
        { 8, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048 };

    /// <summary>
    /// The advice on a decision; null if there is none. It leaves pins behind: what they keep from fitting is said
    /// first. There is none about a name that cannot be pasted.
    /// </summary>
    public static string? Of(FitCase asked, Decision decision)
    {
        if (decision.Verdict == Verdict.Unknown || QuestionText.Command("Test-ModelFit", asked) is null) return null;
        var isPinned = PlacementPins.Of(asked.Question).Any;
        var fit = isPinned ? asked.WithoutPins() : asked;
        var free = isPinned ? Decision.Judge(fit) : decision;
        var lines = free.Verdict == Verdict.Fits
            ? new[] { isPinned ? WithoutPins(fit, free, decision) : null, LargerQuantization(fit) }
            : new[]
            {
                isPinned ? WithoutPins(fit, free, decision) : null,
                SmallerQuantization(fit), MoreCards(fit), SmallerModel(fit), OneCard(fit), Offload(fit, free),
                LessContext(fit), SmallerCache(fit),
            };
        var given = lines.Where(line => line is not null).ToArray();
        return given.Length == 0 ? null : string.Join("\n", given);
    }

    private static string? WithoutPins(FitCase fit, Decision free, Decision pinned)
    {
        if (free.Verdict <= pinned.Verdict) return null;
        var what = free.Verdict switch
        {
            Verdict.Fits => "fits",
            Verdict.Tight => "is in GPU memory, but uses the reserve",
            _ => "runs with a part in system memory",
        };
        return $"With the planner's placement, it {what}: {Command("Get-OffloadPlan", fit)}";
    }

    private static string? LargerQuantization(FitCase fit)
    {
        var better = QuantizationLadder.Of(fit.Question)
            .TakeWhile(name => !string.Equals(name, fit.Quantization, StringComparison.OrdinalIgnoreCase))
            .Select(name => fit.With(question => question with { Quantization = name }))
            .FirstOrDefault(Fits);
        return better is null || better.Definition.WeightBytes <= fit.Definition.WeightBytes
            ? null
            : $"{better.Quantization} fits as well: {Command("Test-ModelFit", better)}";
    }

    private static string? SmallerQuantization(FitCase fit)
    {
        if (fit.Machine.Cards.Count == 0) return null;
        var smaller = QuantizationLadder.Of(fit.Question)
            .Select(name => fit.With(question => question with { Quantization = name }))
            .Where(other => other.Definition.WeightBytes < fit.Definition.WeightBytes)
            .FirstOrDefault(Fits);
        return smaller is null
            ? null
            : $"{smaller.Quantization} ({Gib(smaller.Definition.WeightBytes)}) fits: " +
                Command("Test-ModelFit", smaller);
    }

    private static string? MoreCards(FitCase fit)
    {
        var cards = fit.Question.Machine?.Gpus ?? Array.Empty<GpuSpec>();
        if (cards.Length == 0 || cards.Any(card => card.Name != cards[0].Name || card.IsUnifiedMemory)) return null;
        foreach (var count in CardCounts.Where(count => count > cards.Length))
        {
            var machine = MachineOf(Enumerable.Repeat(cards[0], count).ToArray(), fit);
            var more = fit.With(question => question with { Machine = machine });
            if (!Fits(more)) continue;
            var one = MachineOf(new[] { cards[0] }, fit);
            var single = fit.With(question => question with { Machine = one });
            var command = Command("Test-ModelFit", single, "-GpuCount " + Number(count));
            return $"{Number(count)} of these cards hold it: {command}";
        }

        return null;
    }

    private static string? SmallerModel(FitCase fit)
    {
        var model = fit.Question.Model;
        if (model.Family is null || fit.Machine.Cards.Count == 0) return null;
        var smaller = ModelCatalog.All
            .Where(other => other.Family == model.Family && other.Layout is not null
                && other.ParameterCount < model.ParameterCount)
            .OrderByDescending(other => Publisher(other) == Publisher(model))
            .ThenByDescending(other => other.ParameterCount)
            .ThenByDescending(other => IsInstructed(other) == IsInstructed(model))
            .Select(other => fit.With(question => question with { Model = other, Quantization = fit.Quantization }))
            .FirstOrDefault(Fits);
        return smaller is null
            ? null
            : $"{smaller.Question.Model.Name} of the same family fits: {Command("Test-ModelFit", smaller)}";
    }

    private static string Publisher(ModelSpec model) => model.Name.Split('/')[0];

    private static bool IsInstructed(ModelSpec model) =>
        model.Name.IndexOf("instruct", StringComparison.OrdinalIgnoreCase) >= 0;

    private static string? OneCard(FitCase fit)
    {
        var needed = fit.Search.OnOneCard.Devices[0].TotalBytes;
        var vendor = fit.Question.Machine?.Gpus.Select(card => card.Vendor).FirstOrDefault();
        var candidates = GpuCatalog.Available
            .Where(card => card.MemoryBytes > needed && !card.IsUnifiedMemory
                && card.Segment is "Consumer" or "Workstation" or "DataCenter")
            .OrderBy(card => card.MemoryBytes)
            .ThenByDescending(card => card.Vendor == vendor)
            .ThenByDescending(card => card.ReleaseDate, StringComparer.Ordinal);
        foreach (var card in candidates)
        {
            var machine = MachineOf(new[] { card }, fit);
            var single = fit.With(question => question with { Machine = machine });
            if (Fits(single))
                return $"One {card.Name} ({Gib(card.MemoryBytes ?? 0)}) holds it: {Command("Test-ModelFit", single)}";
        }

        return null;
    }

    private static string? Offload(FitCase fit, Decision decision)
    {
        if (decision.Verdict == Verdict.Offload || fit.Machine.PoolBytes is not null) return null;
        if (!fit.Search.UsesHost) return null;
        var known = fit.Question.Machine?.SystemMemoryBytes ?? 0;
        foreach (var size in MemorySizes.Select(size => size * GiB).Where(size => size > known))
        {
            var machine = MachineOf(fit.Question.Machine?.Gpus ?? Array.Empty<GpuSpec>(), fit, size);
            var more = fit.With(question => question with { Machine = machine });
            var plan = Decision.Plan(more);
            if (plan.Verdict != Verdict.Offload) continue;
            var speed = PlacementSpeed.Decode(more, plan.Placed) is { } rate
                ? $" at about {Rate(rate)} tokens/s"
                : string.Empty;
            return $"With {Number(size / GiB)} GB of system memory, it runs{speed}; " +
                $"{Gib(plan.Placed.Memory.Host.TotalBytes)} of it are in system memory: " +
                Command("Get-OffloadPlan", more);
        }

        return null;
    }

    private static string? LessContext(FitCase fit)
    {
        var asked = fit.Question.Options.ContextLength;
        if (fit.Machine.Cards.Count == 0 || asked <= LeastContext || !Fits(fit.WithContext(LeastContext)))
            return null;
        var longest = FitLimits.LongestContext(fit, Verdict.Fits) ?? LeastContext;
        var less = fit.WithContext(longest);
        return $"With {Number(longest)} tokens of context, it fits: {Command("Test-ModelFit", less)}";
    }

    private static string? SmallerCache(FitCase fit)
    {
        var options = fit.Question.Options;
        if (fit.Machine.Cards.Count == 0 || options.KeyCacheType is not (KvCacheType.F16 or KvCacheType.F32))
            return null;
        foreach (var type in fit.Runtime.SmallerCaches)
        {
            var smaller = fit.With(question => question with
            {
                Options = options with { KeyCacheType = type, ValueCacheType = type },
            });
            if (smaller.TryStart() is null && Fits(smaller))
                return $"With a {type} KV cache, it fits: {Command("Test-ModelFit", smaller)}";
        }

        return null;
    }

    private static bool Fits(FitCase fit) => Decision.Reaches(fit, Verdict.Fits);

    private static MachineSpec MachineOf(IReadOnlyList<GpuSpec> cards, FitCase fit, long? systemMemory = null) =>
        MachineSpecs.Create(
            cards, systemMemory ?? fit.Question.Machine?.SystemMemoryBytes, GpuCatalogLookup.Instance);

    private static string Command(string cmdlet, FitCase fit, string? more = null) =>
        QuestionText.Command(cmdlet, fit, more)!;
}
