using ModelFit.Placement;

namespace ModelFit.Runtimes.Ollama;

/// <summary>
/// Which cards Ollama's server takes (discover/runner.go, filterIntegratedGPUs; server/sched.go,
/// selectLlamaServerPlacement): few integrated ones unless it is told, and those of one library.
/// </summary>
internal static class OllamaCards
{
    /// <summary>All libraries but Vulkan (<c>OLLAMA_VULKAN=0</c>).</summary>
    public const string NoVulkan = "no vulkan";

    /// <summary>AMD's integrated GPUs that are taken by themselves (defaultIntegratedROCmGFXTargets).</summary>
    private static readonly string[] UsualIntegrated = { "gfx1151" };

    /// <summary>The question with the cards that are taken, their backend, and a word on those that are not.</summary>
    public static FitQuestion Chosen(FitQuestion question)
    {
        var gpus = question.Machine?.Gpus ?? Array.Empty<GpuSpec>();
        var taken = Taken(question, gpus);
        var isVulkan = IsOf(question.CardLibrary, "vulkan");
        if (taken.Length == gpus.Length && !isVulkan) return question;
        var backend = isVulkan ? ComputeBackend.Vulkan
            : question.Options.Backend ?? (taken.Length > 0 ? MachineBudget.BackendOf(taken) : null);
        var chosen = question with { Options = question.Options with { Backend = backend } };
        var order = DeviceOrder.Of(gpus, MachineBudget.BackendOf(chosen));
        var left = gpus.Where(card => Array.IndexOf(taken, card) < 0).ToArray();
        return left.Length == 0 ? chosen : chosen with
        {
            Devices = new EquatableArray<int>(Enumerable.Range(0, order.Length).Where(number =>
                question.Devices?.Contains(number) != false && Array.IndexOf(taken, gpus[order[number]]) >= 0)),
            Settled = question.Settled
                ?? $"Ollama leaves {string.Join(" and ", left.Select(card => card.Name).Distinct())} out"
                    + (question.TakesIntegrated is null && left.Any(IsIntegrated)
                        ? ", unless OLLAMA_IGPU_ENABLE is 1"
                        : string.Empty),
        };
    }

    /// <summary>Of several vendors' cards those with the most memory, those with memory of their own first.</summary>
    private static GpuSpec[] Taken(FitQuestion question, GpuSpec[] gpus)
    {
        var taken = gpus.Where(card => Takes(question, card)).ToArray();
        if (taken.Length < 2 || IsOf(question.CardLibrary, "vulkan")) return taken;
        return taken.GroupBy(card => card.Vendor)
            .OrderByDescending(cards => cards.Any(card => !IsIntegrated(card)))
            .ThenByDescending(cards => cards.Sum(card => card.MemoryBytes ?? 0)).First().ToArray();
    }

    private static bool Takes(FitQuestion question, GpuSpec card)
    {
        var library = question.CardLibrary;
        var isDriven = card.Vendor switch
        {
            "Apple" => library is null or NoVulkan or "metal",
            "NVIDIA" => library is null or NoVulkan || IsOf(library, "cuda") || IsOf(library, "vulkan"),
            "AMD" => library is null or NoVulkan || IsOf(library, "rocm") || IsOf(library, "vulkan"),
            _ => library is null || IsOf(library, "vulkan"),
        };
        if (!isDriven) return false;
        if (card.Vendor == "Apple" || !IsIntegrated(card)) return true;
        return question.TakesIntegrated
            ?? (card.Vendor == "NVIDIA" || Array.IndexOf(UsualIntegrated, card.GfxTarget) >= 0);
    }

    private static bool IsOf(string? library, string start) =>
        library?.StartsWith(start, StringComparison.Ordinal) == true;

    private static bool IsIntegrated(GpuSpec card) => card.IsUnifiedMemory || card.Segment == "Integrated";
}
