using ModelFit.Architectures;
using ModelFit.Common;
using ModelFit.Models;

namespace ModelFit.Catalog;

/// <summary>The models that people meet, and how their names are understood. Loaded on first use.</summary>
public static class ModelCatalog
{
    /// <summary>Architectures of text models that most of their publishers pair with an encoder.</summary>
    private static readonly HashSet<string?> WithEncoders = new()
    {
        "llama4", "gemma3", "gemma3n", "gemma4", "mistral3", "qwen35", "qwen35moe",
    };

    /// <summary>Every model, by family and size. Each has its layout.</summary>
    public static IReadOnlyList<ModelSpec> All => CatalogInForce.Models.Specs;

    /// <summary>
    /// The one model that a name stands for: catalog id, Hugging Face id, alias, Ollama tag, in any spelling of case
    /// and separators; a quantization at its end and a community publisher before it are passed over. Of variants with
    /// the same dimensions (base, instruct) the one whose name is nearest is taken and the choice said. Throws
    /// <see cref="ErrorIds.ModelNotFound"/> with the nearest names, or with the candidates where sizes differ.
    /// </summary>
    public static ModelSpec Resolve(string name, IMessageSink messages)
    {
        var candidates = CatalogInForce.Models.Index.Candidates(name);
        if (candidates.Count == 0) throw ModelCatalogFailure.NotFound(name, CatalogInForce.Models.Index.Names);
        var first = candidates[0];
        if (first.IsOtherSize) throw ModelCatalogFailure.Longer(name, candidates);
        if (candidates.Any(other => !first.IsSameSize(other)))
            throw ModelCatalogFailure.Ambiguous(name, candidates);
        if (first.IsLonger) throw ModelCatalogFailure.Longer(name, candidates);
        if (first.IsFuller) messages.Warning($"'{name}' is taken for {first.Record.Id}.");
        ModelCatalogFailure.SayChoice(name, candidates, messages);
        if (first.Basis is { } basis) return DerivedModel(name, first.Record, basis);
        return first.IsDefaultTag
            ? first.Spec.MeantBy($"Resolved '{name.Trim()}' to '{first.Record.Id}', the default of that name")
            : first.Spec;
    }

    /// <summary>Whether a name stands for one model, or for several that cost the same.</summary>
    internal static bool KnowsOne(string name) => CatalogInForce.Models.Index.Candidates(name) is { Count: > 0 } found
        && !found[0].IsLonger && found.All(found[0].IsSameSize);

    /// <summary>Whether what has these names may have the shape of a model.</summary>
    internal static bool MayBe(IEnumerable<string> names, string model) =>
        CatalogInForce.Models.Index.MayBe(names, model);

    /// <summary>
    /// The model that published files so named most likely are. Throws <see cref="ErrorIds.ModelNotFound"/> with the
    /// shares of the candidates where no shape has most of them.
    /// </summary>
    internal static ModelSpec Likely(string name, LikelyShape shape, IMessageSink messages)
    {
        if (!shape.IsClear || CatalogInForce.Models.Find(shape.Shares[0].Model) is not { } record)
            throw ModelCatalogFailure.Unclear(name, shape);
        messages.Warning($"The catalog has no model named '{name}'. {shape.Sentence}");
        // A file is only known by its whole name: asked again by it, the answer is the same.
        var isFile = name.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase);
        return DerivedModel(name, record, NameBasis.Likely(shape.Sentence), isFile ? name.Trim() : null);
    }

    /// <summary>Whether a name stands for at least one model.</summary>
    public static bool Knows(string name) => CatalogInForce.Models.Index.Candidates(name).Count > 0;

    /// <summary>The models that a PowerShell-style wildcard (over ids and aliases) or a name stands for.</summary>
    public static IReadOnlyList<ModelSpec> Search(string nameOrWildcard)
    {
        if (!Wildcard.IsPattern(nameOrWildcard)) return new[] { Resolve(nameOrWildcard, NullSink.Instance) };
        var pattern = new Wildcard(nameOrWildcard);
        var data = CatalogInForce.Models;
        return data.Specs.Where((_, index) => IsMatch(pattern, data.Records[index])).ToArray();
    }

    /// <summary>
    /// The quantization that a name says behind the model's (<c>llama3.3:70b-instruct-q8_0</c>), as
    /// <see cref="QuantizationCatalog"/> calls it; null if it says none, or only one that is part of the model's id.
    /// One that is unknown throws <see cref="ErrorIds.QuantizationNotFound"/> with the nearest.
    /// </summary>
    public static string? QuantizationIn(string name)
    {
        var said = new ModelCatalogName(name).Removed;
        if (said.Length == 0) return null;
        if (CatalogInForce.Models.Index.Candidates(name).FirstOrDefault()?.IdName.Removed == said) return null;
        return QuantizationLabel.In(said)?.Name;
    }

    /// <summary>A Hugging Face repository with GGUF files of the model (<c>-hf</c>); null if none is known.</summary>
    public static string? GgufRepository(ModelSpec model) =>
        RecordOf(model) is { } record ? ModelCatalogData.NullIfEmpty(record[ModelColumn.GgufRepository]) : null;

    /// <summary>The quantization of the published weights of a model; null if it is not in the catalog.</summary>
    public static string? NativeQuantization(ModelSpec model) => RecordOf(model)?.PublishedType;

    /// <summary>
    /// What a model is for: <see cref="ModelKinds"/>; of one that is not in the catalog, by its name.
    /// </summary>
    internal static ModelKind KindOf(ModelSpec model) => CatalogInForce.Models.KindOf(model.Name)
        ?? ModelKinds.Of(model.Name, ArchitectureList.KindOf(model.Architecture));

    /// <summary>
    /// Whether a model is for one of some tasks: by its kind; for seeing also one to talk to that has an encoder, or of
    /// which a projector is published.
    /// </summary>
    internal static bool IsFor(ModelSpec model, IReadOnlyCollection<ModelKind> tasks)
    {
        var kind = KindOf(model);
        return tasks.Contains(kind)
            || (kind == ModelKind.Chat && tasks.Contains(ModelKind.Vision)
                && (HasEncoder(model) || Companions.Sees(model.Name)));
    }

    /// <summary>When a model came out, <c>yyyy-MM-dd</c> or less; null if the catalog does not know.</summary>
    internal static string? Released(ModelSpec model) =>
        model.ReleaseDate
        ?? (RecordOf(model) is { } record ? ModelCatalogData.NullIfEmpty(record[ModelColumn.Date]) : null);

    /// <summary>
    /// Whether a catalog model has an encoder of images or sound beside its text model: what it is for says so, or
    /// parameters beyond its text model's in a family with encoders.
    /// </summary>
    internal static bool HasEncoder(ModelSpec model) => RecordOf(model) is { } record
        && (model.Kind == nameof(ModelKind.Vision)
            || (record.Parameters > record.TextParameters && WithEncoders.Contains(model.Architecture)));

    private static ModelCatalogRecord? RecordOf(ModelSpec model) => CatalogInForce.Models.Find(model.Name);

    private static bool IsMatch(Wildcard pattern, ModelCatalogRecord record) =>
        pattern.IsMatch(record.Id)
        || pattern.IsMatch(record.Id.Substring(record.Id.IndexOf('/') + 1))
        || record.Aliases.Any(pattern.IsMatch);

    /// <summary>A model under its own name with the dimensions of the one that it is derived from.</summary>
    private static ModelSpec DerivedModel(
        string name, ModelCatalogRecord record, NameBasis basis, string? ownName = null)
    {
        var own = ownName ?? ModelNameDecoration.Remove(name.Trim());
        var accuracy = record.DoubtAccuracy > basis.Accuracy ? record.DoubtAccuracy : basis.Accuracy;
        return ModelCatalogData.SpecOf(
            record,
            own,
            $"Catalog ({record.Id})",
            $"'{own}' is not in the catalog. {basis.Sentence(record.Id)}",
            accuracy);
    }
}
