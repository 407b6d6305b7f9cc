using ModelFit.Common;
using ModelFit.Models;

namespace ModelFit.Catalog;

/// <summary>What is said of a model's name that is unknown, ambiguous, or stands for one of several.</summary>
internal static class ModelCatalogFailure
{
    private const int Shown = 8;

    /// <summary>No model has a name like that.</summary>
    public static ModelFitException NotFound(string name, IEnumerable<string> names)
    {
        if (HostedModels.MakerOf(name) is { } maker) return Hosted(name, maker);
        if (ModelKinds.IsImage(name)) return NoLanguage(name);
        var nearest = NearestNames.Of(name, names);
        return new ModelFitException(
            ErrorIds.ModelNotFound,
            $"The catalog has no model named '{name}'."
                + (name.IndexOf('/') < 0 && GpuResolver.IsKnown(name)
                    ? " It is the name of a GPU: specify it as -Gpu."
                    : NearestNames.Sentence(nearest, "Get-ModelSpec -ListAvailable lists those it has.")),
            name);
    }

    private static ModelFitException Hosted(string name, string maker) => new(
        ErrorIds.ModelNotFound,
        $"'{name}' runs only at its provider: {maker} has not published its weights. Get-ModelSpec -ListAvailable "
            + "lists models that can run on your own hardware.",
        name);

    /// <summary>A model for pictures, video or sound, which none of the runtimes here serves.</summary>
    private static ModelFitException NoLanguage(string name) => new(
        ErrorIds.ModelNotFound,
        $"'{name}' is the name of a model that makes pictures, video or sound. ModelFit answers for models of "
            + "language, embedding, reranking, text recognition and speech.",
        name);

    /// <summary>Models of different sizes have a name like that.</summary>
    public static ModelFitException Ambiguous(string name, IReadOnlyList<NamedModel> candidates)
    {
        var ids = candidates.Take(Shown).Select(candidate => candidate.Record.Id);
        var more = candidates.Count > Shown ? $" and {candidates.Count - Shown} more" : string.Empty;
        return new ModelFitException(
            ErrorIds.ModelNotFound,
            $"'{name}' stands for models of different sizes: {string.Join(", ", ids)}{more}. Name one of them.",
            name);
    }

    /// <summary>Published files with a name like that are of several shapes, none of which most have.</summary>
    public static ModelFitException Unclear(string name, LikelyShape shape) => new(
        ErrorIds.ModelNotFound,
        FormattableString.Invariant($"The catalog has no model named '{name}'. Of {shape.Names} published models ")
            + $"whose names say {shape.Said} none has a clear majority: {shape.Candidates}. Name one of them.",
        name);

    /// <summary>The name is the start of the names of other models.</summary>
    public static ModelFitException Longer(string name, IReadOnlyList<NamedModel> candidates)
    {
        if (HostedModels.MakerOf(name) is { } maker) return Hosted(name, maker);
        var ids = string.Join(", ", candidates.Take(Shown).Select(candidate => candidate.Record.Id));
        var asked = new ModelCatalogName(name).CoreKey;
        var text = candidates.Any(candidate => candidate.Name.CoreKey == asked)
            ? $"'{name}' stands for several versions: {ids}."
            : $"The catalog has no model named '{name}', only {ids}.";
        return new ModelFitException(ErrorIds.ModelNotFound, text + " Name one of them.", name);
    }

    /// <summary>Says which model was taken where the name is not its id.</summary>
    public static void SayChoice(string name, IReadOnlyList<NamedModel> candidates, IMessageSink messages)
    {
        var chosen = candidates[0].Record.Id;
        var removed = new ModelCatalogName(name).Removed;
        if (removed.Length > 0)
            messages.Verbose($"'{removed}' in '{name}' is the quantization or format, not a part of the model's name.");
        var others = candidates.Skip(1).Take(Shown).Select(candidate => candidate.Record.Id).ToArray();
        if (others.Length > 0)
            messages.Verbose($"Resolved '{name}' to {chosen}; others of the same size: {string.Join(", ", others)}.");
        else if (!string.Equals(name, chosen, System.StringComparison.OrdinalIgnoreCase))
            messages.Verbose($"Resolved '{name}' to {chosen} (catalog).");
    }
}
