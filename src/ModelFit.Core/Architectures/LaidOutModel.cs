using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using ModelFit.Models;
using ModelFit.Quantization;

namespace ModelFit.Architectures;

/// <summary>
/// A model known by its hyperparameters only: its tensors are laid out by its <see cref="Architecture"/> and typed by
/// <see cref="Recipes"/>. Without a layout for the architecture, its parameters are spread over its layers.
/// </summary>
/// <param name="read">Gives the hyperparameters, asked for once, on first use.</param>
/// <param name="parameterCount">The published number of parameters, for architectures without a layout.</param>
/// <param name="activeCount">How many of them a token needs, if it is known.</param>
/// <param name="doubt">What is not known of the hyperparameters, in a sentence; null if nothing is.</param>
internal sealed class LaidOutModel(
    Func<Hyperparameters> read, long? parameterCount, long? activeCount = null, string? doubt = null) : IModelLayout
{
    // The converter behind most small repositories names them Qwen3-0.6B-Q8_0-GGUF.
    private static readonly Regex OutputApart = new(
        @"^Qwen/Qwen2\.5-|^(?:bartowski/Qwen_|(?:ggml-org|lmstudio-community|olegshulyakov)/)Qwen3-(?:0\.6|1\.7)B-GGUF"
            + @"|^[^/]+/Qwen3-(?:0\.6|1\.7)B-I?Q\d\w*-GGUF",
        RegexOptions.IgnoreCase);

    private readonly DefinitionCache _definitions = new();
    private readonly ConcurrentDictionary<string, Recipe> _recipes = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, LaidOutModel> _published = new(StringComparer.OrdinalIgnoreCase);
    private Hyperparameters? _model;
    private Hyperparameters? _supposed;

    public string? NativeQuantization => null;

    /// <summary>When the model came out, <c>yyyy-MM-dd</c> or less; null if it is not known.</summary>
    public string? Released { get; init; }

    /// <summary>The quantization of the published weights; null if it is not known.</summary>
    public string? PublishedType { get; init; }

    /// <summary>What an answer is at best with the doubt there is.</summary>
    public Accuracy DoubtAccuracy { get; init; } = Accuracy.Modelled;

    /// <summary>
    /// The repository whose files are meant, its file behind it where one is named; empty for any, null for what is
    /// made locally.
    /// </summary>
    public string? Repository { get; init; }

    /// <summary>The dimensions.</summary>
    public Hyperparameters Model => _model ??= read();

    /// <summary>The dimensions, or supposed ones where nothing but the size is known.</summary>
    private Hyperparameters Shape => Model.HasBlocks || Model.Layers > 0
        ? Model
        : _supposed ??= SupposedDimensions.Of(Model, parameterCount, activeCount);

    /// <summary>The architecture by which tensors are laid out, or null.</summary>
    private Architecture? Layout =>
        Model.HasBlocks && ArchitectureList.Find(Model.Architecture) is { NoLayout: null } known ? known : null;

    public ModelDefinition Define(string? quantization, ICollection<string> assumptions)
    {
        if (Layout is null && parameterCount is null) throw SizeUnknown();
        if (Layout is null) assumptions.Add(
            ParameterSpread.Assumption(Model.Architecture, Shape, parameterCount, isSupposed: Shape != Model));
        else if (doubt is not null) assumptions.Add(doubt);
        else if (Layout.LayoutAccuracy > Accuracy.Exact) assumptions.Add(
            $"The tensors of architecture '{Model.Architecture}' were compared with llama.cpp on small models only.");
        var name = quantization ?? ArchitectureList.UsualQuantization(Model.Architecture);
        if (OtherFormat(name) is { } other)
        {
            assumptions.Add($"{name} is estimated: its scales and the layers it leaves out vary from file to file.");
            return other;
        }
        var recipe = RecipeOf(name);
        var definition = _definitions.Find(recipe.Name) ?? Built(recipe);
        RecipeWalk.Say(recipe, definition, assumptions);
        return definition;
    }

    /// <summary>
    /// The same model as a repository publishes it, or as the file behind its name; an empty name is any repository.
    /// </summary>
    public LaidOutModel PublishedBy(string repository)
    {
        if (_published.TryGetValue(repository, out var known)) return known;
        return _published.GetOrAdd(repository, new LaidOutModel(() => Model, parameterCount, activeCount, doubt)
        {
            Released = Released,
            PublishedType = PublishedType,
            DoubtAccuracy = DoubtAccuracy,
            Repository = repository,
        });
    }

    private ModelFitException SizeUnknown() => new(
        ErrorIds.ModelSizeUnknown,
        $"The size of this model is not known: the tensors of architecture '{Model.Architecture}' are not known, and "
            + "neither is its number of parameters. Specify it (Get-ModelSpec -Path ... -ParameterCount 21B), or read "
            + "its weights or their index.",
        Model.Architecture);

    private ModelDefinition? OtherFormat(string name) =>
        NativeWeights.Knows(name) ? _definitions.Find(name) ?? BuiltOther(name) : null;

    private ModelDefinition BuiltOther(string name) =>
        _definitions.Get(name, () => NativeWeights.Apply(Build(RecipeOf("BF16")), name)!);

    private Recipe RecipeOf(string name)
    {
        if (_recipes.TryGetValue(name, out var known)) return known;
        var query = new RecipeQuery(
            name, Model.Architecture, RecipeQuery.KindOf(Shape.Metadata), Released, Repository)
        {
            Experts = ArchitectureList.Find(Model.Architecture)?.NativeExperts ?? NativeExperts.Of(PublishedType),
        };
        return _recipes[name] = Recipes.Find(query) ?? throw QuantizationNames.Unknown(name);
    }

    private ModelDefinition Built(Recipe recipe) => _definitions.Get(recipe.Name, () => Build(recipe));

    private ModelDefinition Build(Recipe recipe)
    {
        var matrixType = recipe.Mix is { IsQuantized: false } mix ? mix.Base : TensorType.F16;
        // Some publishers convert a tied output as a matrix of its own.
        var shape = HasOutputApart(Repository) ? Shape.Without(Traits.Tied) : Shape;
        var list = new TensorList(Layout ?? LikelyArchitecture.Plain, shape, matrixType);
        if (Layout is { } layout) layout.LayOut(list);
        else ParameterSpread.Build(list, parameterCount);
        return RecipeWalk.Define(
            Shape.Metadata, list.Tensors, recipe, ArchitectureList.MixOf(Model.Architecture), AccuracyOfLayout);
    }

    private Accuracy AccuracyOfLayout =>
        Layout is not { } layout ? Accuracy.Approximate
        : doubt is null || layout.LayoutAccuracy > DoubtAccuracy ? layout.LayoutAccuracy
        : DoubtAccuracy;

    /// <summary>
    /// Whether a repository's files have the output apart though the model ties it to the embeddings: Qwen's own of
    /// Qwen2.5, of which those of 0.5B to 3B are 9 to 21 % larger by it; and files converted from the published weights
    /// of Qwen3-0.6B and 1.7B, which hold it twice. Finetunes and copies of Qwen's and unsloth's files do not.
    /// </summary>
    private static bool HasOutputApart(string? repository) => repository is not null && OutputApart.IsMatch(repository);
}
