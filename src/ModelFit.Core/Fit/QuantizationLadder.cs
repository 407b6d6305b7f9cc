using ModelFit.Architectures;
using ModelFit.Catalog;
using ModelFit.Quantization;
using ModelFit.Runtimes;

namespace ModelFit.Fit;

/// <summary>Which quantizations are worth trying.</summary>
internal static class QuantizationLadder
{
    /// <summary>Steps from which on a list is taken for all that is published: shorter ones are partial.</summary>
    private const int Complete = 6;

    /// <summary>What can be made of any model without an importance matrix, the best first.</summary>
    private static readonly Lazy<IReadOnlyList<string>> Makeable = new(() => Frontier(QuantizationCatalog.All
        .Where(spec => spec.FileTypeId is not null && !spec.RequiresImportanceMatrix)));

    /// <summary>What llama-quantize makes of any model, with an importance matrix where a type needs one.</summary>
    public static IReadOnlyList<string> Any { get; } =
        Frontier(QuantizationCatalog.All.Where(spec => spec.FileTypeId is not null));

    /// <summary>
    /// The quantizations to try for a question, the least loss first, which are also the largest; one of the file's own
    /// comes first. Of a catalog model those that are published; where few are listed, and none by the site, also those
    /// that llama-quantize makes of any.
    /// </summary>
    public static IReadOnlyList<string> Of(FitQuestion question)
    {
        var model = question.Model;
        var runtime = RuntimeList.Of(question.Options.Runtime);
        var isGguf = runtime.Quantizations.Contains(QuantizationNames.Usual);
        var ladder = !isGguf ? runtime.Quantizations
            : model.ModelPath is null ? model.Prepared.Get(OfModel).Names
            : Makeable.Value;
        var own = model.Layout?.NativeQuantization;
        return own is null || ladder.Contains(own, StringComparer.OrdinalIgnoreCase)
            ? ladder
            : new[] { own }.Concat(ladder).ToArray();
    }

    private static Published OfModel(ModelSpec model)
    {
        var usual = ArchitectureList.UsualQuantization(model.Architecture);
        if (usual != QuantizationNames.Usual) return new(new[] { usual });
        var listed = PublishedModels.Files(model)
            .Where(file => file.Kind == "Model")
            .Select(file => QuantizationCatalog.Find(file.Quantization))
            .OfType<QuantizationSpec>()
            .ToArray();
        var published = Frontier(listed);
        var isSites = PublishedCatalog.Of(model.Name).Any(repository => repository.IsSites);
        return new(published.Count >= Complete || (isSites && published.Count > 0)
            ? published
            : Frontier(listed.Concat(Makeable.Value.Select(name => QuantizationCatalog.Find(name)!))));
    }

    private sealed record Published(IReadOnlyList<string> Names);

    /// <summary>
    /// The names of those to which no other is as good and smaller, the best first; 16 bits gain nothing over Q8_0 that
    /// can be measured. A type without a measured loss is taken for the mix of its name.
    /// </summary>
    private static IReadOnlyList<string> Frontier(IEnumerable<QuantizationSpec> specs)
    {
        var best = double.MaxValue;
        var frontier = new List<string>();
        var known = specs.Select(spec => (spec.Name, Mix: QualityLosses.Measured(spec)))
            .Where(entry => entry.Mix is { QualityLoss: > 0, BitsPerWeight: not null })
            .OrderBy(entry => entry.Mix!.BitsPerWeight).ThenBy(entry => entry.Mix!.QualityLoss)
            .ThenBy(entry => entry.Name.Length);
        foreach (var (name, mix) in known)
        {
            if (mix!.QualityLoss >= best) continue;
            best = mix.QualityLoss!.Value;
            frontier.Add(name);
        }

        frontier.Reverse();
        return frontier;
    }
}
