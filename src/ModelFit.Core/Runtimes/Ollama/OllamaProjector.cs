using ModelFit.Catalog;

namespace ModelFit.Runtimes.Ollama;

/// <summary>
/// The projector of a model that sees. Ollama always loads it; in system memory where num_gpu leaves layers there, or
/// where a card has less than the projector needs (llm/llama_server.go, shouldDisableMMProjOffload).
/// </summary>
internal static class OllamaProjector
{
    /// <summary>What is left for its buffers beyond its weights (mmprojOffloadHeadroom).</summary>
    private const long HeadroomBytes = 1L << 30;

    /// <summary>The question with the projector of its model, where a name says which that is.</summary>
    public static FitQuestion With(FitQuestion question)
    {
        var files = Files(question);
        if (question.Model.ModelPath is not null || files.Any(IsProjector)) return question;
        if (Projectors.Of(question.Model.Name, question.Model.Repository) is { } own)
            return question with { Companions = new EquatableArray<CompanionFile>(files.Append(own)) };
        var said = question.Uncounted ?? Enumerable.Empty<string>();
        return Projectors.Missing(question.Model) is { } missing && !said.Contains(missing)
            ? question with { Uncounted = new EquatableArray<string>(said.Append(missing)) }
            : question;
    }

    /// <summary>
    /// The question with its projector where Ollama puts it, and with what the fit leaves for it on each card.
    /// </summary>
    public static FitQuestion Placed(FitQuestion question)
    {
        var files = Files(question);
        if (files.FirstOrDefault(IsProjector) is not { } own) return question;
        var file = own with { IsOnHost = own.IsOnHost || !IsOnCards(question, own) };
        var isTarget = !file.IsOnHost && OllamaVersion.TargetsProjector(question.Options.RuntimeVersion);
        var fit = question.Fit is { TargetBytes: null } open && isTarget
            ? open with { TargetBytes = new EquatableArray<long>(Targets(question.Machine, file)) }
            : question.Fit;
        var all = files.Where(known => !IsProjector(known)).Append(file);
        return question with { Companions = new EquatableArray<CompanionFile>(all), Fit = fit };
    }

    /// <summary>
    /// What is left free on each card: on the first the projector takes of it what is counted of it there.
    /// </summary>
    private static IEnumerable<long> Targets(MachineSpec? machine, CompanionFile file)
    {
        var cards = Math.Max(1, machine?.Gpus.Length ?? 0);
        var each = HeadroomBytes + file.Bytes;
        return Enumerable.Range(0, cards).Select(card => card == 0 ? each - file.DeviceBytes : each);
    }

    private static IEnumerable<CompanionFile> Files(FitQuestion question) =>
        question.Companions ?? Enumerable.Empty<CompanionFile>();

    private static bool IsProjector(CompanionFile file) => file.Kind == CompanionKind.Projector;

    private static bool IsOnCards(FitQuestion question, CompanionFile file)
    {
        var isPart = question.GpuLayers <= (question.Model.LayerCount ?? 0);
        if (isPart && !question.IsFit) return false;
        var cards = question.Machine?.Gpus ?? Array.Empty<GpuSpec>();
        var least = file.Bytes + HeadroomBytes;
        return cards.All(card => (card.MemoryFreeBytes ?? card.MemoryBytes ?? least) >= least);
    }
}
