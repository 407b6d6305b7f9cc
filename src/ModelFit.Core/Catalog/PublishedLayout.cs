using System.Collections.Concurrent;
using System.Globalization;
using ModelFit.Architectures;
using ModelFit.Models;
using ModelFit.Quantization;

namespace ModelFit.Catalog;

/// <summary>
/// A catalog model as it is published: where the size of a file is known it is the file's, and the recipe says which
/// tensors have which type.
/// </summary>
internal sealed class PublishedLayout : IModelLayout
{
    /// <summary>
    /// Bytes that a header has for each token, at most and as a rule: its text, its score, its merges.
    /// </summary>
    private const long MostBytesAToken = 80, BytesAToken = 48;

    /// <summary>Types that every tensor of a file has, but for what is never quantized.</summary>
    private static readonly string[] Plain = { "BF16", "F16", "Q8_0" };

    /// <summary>A file that differs more from its recipe holds something else.</summary>
    private const double MostDifference = 0.35;

    private readonly LaidOutModel _model;
    private readonly Func<string, PublishedRepository?> _choose;
    private readonly string? _repository;
    private readonly DefinitionCache _definitions = new();
    private readonly ConcurrentDictionary<string, Choice> _choices = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<PublishedRepository, bool> _predicts = new();

    /// <summary>Creates the layout of the files of a repository that was named.</summary>
    public PublishedLayout(LaidOutModel model, string repository, string quantization)
    {
        _model = model;
        _repository = repository;
        var listed = PublishedCatalog.Find(repository);
        _choose = _ => listed;
        NativeQuantization = quantization;
    }

    /// <summary>
    /// Creates the layout of a model of which no repository was named: one is chosen by quantization.
    /// </summary>
    public PublishedLayout(LaidOutModel model, Func<string, PublishedRepository?> choose)
    {
        _model = model;
        _choose = choose;
    }

    public string? NativeQuantization { get; }

    /// <summary>The bare name of the file that was named; null if none was.</summary>
    public string? FileName { get; init; }

    /// <summary>Whether that name says no quantization, so that one is supposed.</summary>
    public bool IsGuess { get; init; }

    /// <summary>What is taken where nothing is named, once it was found.</summary>
    public string? DefaultQuantization { get; set; }

    /// <summary>The listed file of a quantization; null if none is.</summary>
    public PublishedFile? File(string quantization) => Chosen(quantization).File;

    /// <summary>The model with the file that is counted for a quantization; itself if no size is listed.</summary>
    public ModelSpec Published(ModelSpec model, string quantization)
    {
        var choice = Chosen(quantization);
        if (choice.File?.FileBytes is null || model.File == choice.File.File) return model;
        return choice.Model ??= model.PublishedAs(choice.File.Repository, choice.File, quantization, model.Layout!);
    }

    /// <summary>The repository that a launch line names for a quantization; null if none is known.</summary>
    public string? Repository(string quantization) => _repository ?? Chosen(quantization).Repository?.Name;

    public ModelDefinition Define(string? quantization, ICollection<string> assumptions)
    {
        var name = quantization ?? NativeQuantization ?? ArchitectureList.UsualQuantization(_model.Model.Architecture);
        var choice = Chosen(name);
        var supposed = assumptions.Count == 0 ? assumptions : new List<string>();
        var recipe = Recipe(name, choice, supposed);
        var definition = recipe;
        if (choice.File?.FileBytes is not { } bytes)
        {
            if (_repository is not null) definition = Supposed(name, choice, recipe, supposed);
        }
        else if (recipe.Accuracy != Accuracy.Exact || !IsHeader(bytes - recipe.WeightBytes, recipe))
        {
            supposed.Clear();
            definition = AsLargeAs(choice.File, bytes, recipe, supposed);
        }

        if (!ReferenceEquals(supposed, assumptions))
            foreach (var assumption in supposed) assumptions.Add(assumption);
        return definition;
    }

    /// <summary>The tensors of a repository's quantization by its recipe, whatever the size of its file.</summary>
    public ModelDefinition Recipe(string quantization) =>
        Recipe(quantization, Chosen(quantization), new List<string>());

    private ModelDefinition Recipe(string name, Choice choice, ICollection<string> assumptions)
    {
        var published = _model.PublishedBy(
            FileName is null ? _repository ?? choice.Repository?.Name ?? string.Empty : _repository + "/" + FileName);
        var recipe = published.Define(name, assumptions);
        return choice.Repository is not { } listed || _predicts.GetOrAdd(listed, _ => Predicts(listed, published))
            ? recipe
            : _definitions.Get(name + PredictionLayers.None, () => PredictionLayers.Without(recipe));
    }

    /// <summary>The model of a repository whose file is not listed: the recipe, not better than modelled.</summary>
    private ModelDefinition Supposed(
        string name, Choice choice, ModelDefinition recipe, ICollection<string> assumptions)
    {
        assumptions.Add(IsGuess
            ? $"The name of {FileName} does not state a quantization; {name} is assumed."
            : Unlisted(name, choice.Repository, choice.File));
        var best = IsGuess ? Accuracy.Approximate : Accuracy.Modelled;
        return _definitions.Get(name, () => Modelled(recipe, recipe.Tensors, best));
    }

    /// <summary>The recipe's tensors as large as a listed file has them.</summary>
    private ModelDefinition AsLargeAs(
        PublishedFile file, long bytes, ModelDefinition recipe, ICollection<string> assumptions)
    {
        assumptions.Add(string.Format(
            CultureInfo.InvariantCulture,
            "{0} of {1} has {2:#,0} bytes as of {3}{4}; the types of its tensors are modelled.",
            file.File, file.Repository, bytes, file.FileDate, Others(file, bytes)));
        return _definitions.Get(file.File + bytes, () => Fitted(recipe, bytes));
    }

    /// <summary>Files of other repositories that have the same name and another size, as words.</summary>
    private static string Others(PublishedFile file, long bytes)
    {
        const double notable = 0.02;
        var others = PublishedCatalog.FindFiles(file.File ?? string.Empty)
            .Where(other => Math.Abs((other.FileBytes ?? bytes) - bytes) > bytes * notable)
            .Select(other => string.Format(
                CultureInfo.InvariantCulture, "{0:#,0} in {1}", other.FileBytes, other.Repository)).ToArray();
        return others.Length == 0 ? string.Empty : $" (a file of that name has {string.Join(" and ", others)})";
    }

    /// <summary>
    /// Whether the files of a repository hold the layers that predict further tokens, which many publishers leave out:
    /// a file without a mix tells by its size, else the name of the repository or of its sibling.
    /// </summary>
    public static bool Predicts(PublishedRepository repository, LaidOutModel model)
    {
        const string mark = "-MTP-";
        if (model.Model.PredictionLayers == 0) return true;
        foreach (var plain in Plain)
        {
            if (repository.Find(plain)?.FileBytes is not { } bytes) continue;
            var whole = model.Define(plain, new List<string>());
            var without = PredictionLayers.Without(whole);
            return bytes - without.WeightBytes > whole.WeightBytes - without.WeightBytes;
        }

        var isMarked = repository.Name.IndexOf(mark, StringComparison.OrdinalIgnoreCase) >= 0;
        return isMarked || PublishedCatalog.Find(repository.Name.Replace("-GGUF", mark + "GGUF")) is null;
    }

    private Choice Chosen(string quantization)
    {
        if (_choices.TryGetValue(quantization, out var known)) return known;
        var repository = _choose(quantization);
        var file = repository?.Find(quantization);
        var isOther = FileName is { } named && file?.File is { } listed && !FileAddress.IsSameFile(named, listed);
        return _choices[quantization] = new Choice(repository, isOther ? null : file);
    }

    private static ModelDefinition Fitted(ModelDefinition recipe, long bytes)
    {
        var weights = bytes - Math.Min(bytes / 2, BytesAToken * Vocabulary(recipe));
        var isOther = Math.Abs(weights - recipe.WeightBytes) > MostDifference * recipe.WeightBytes;
        return Modelled(
            recipe,
            SizeFit.To(recipe.Tensors, weights),
            isOther ? Accuracy.Approximate : Accuracy.Modelled);
    }

    private static ModelDefinition Modelled(
        ModelDefinition recipe, IReadOnlyList<TensorInfo> tensors, Accuracy best) =>
        new(recipe.Metadata, tensors, recipe.Accuracy > best ? recipe.Accuracy : best) { Fallback = recipe.Fallback };

    private static bool IsHeader(long bytes, ModelDefinition recipe) =>
        bytes >= 0 && bytes <= (1 << 20) + (MostBytesAToken * Vocabulary(recipe));

    private static long Vocabulary(ModelDefinition recipe) => recipe.Metadata.Integer("vocab_size", 0);

    private string Unlisted(string name, PublishedRepository? repository, PublishedFile? file) =>
        repository is null ? $"The files of {_repository} are not known: the size of its {name} comes from a recipe."
        : file is null ? $"{_repository} has no {name} in the list of {repository.Date}: its size comes from a recipe."
        : $"The size of {name} in {_repository} is not known: it comes from a recipe.";

    /// <summary>What is counted for a quantization.</summary>
    private sealed record Choice(PublishedRepository? Repository, PublishedFile? File)
    {
        /// <summary>The model with the file, once it was asked for.</summary>
        public ModelSpec? Model { get; set; }
    }
}
