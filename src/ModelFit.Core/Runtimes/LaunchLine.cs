using System.IO;
using System.Text.RegularExpressions;
using ModelFit.Catalog;
using ModelFit.Runtimes.LlamaCpp;

namespace ModelFit.Runtimes;

/// <summary>
/// What an existing launch line says that matters to memory: llama.cpp's (all its programs share their words), Ollama's
/// or vLLM's. What the line does not say is null; sizes of contexts are as they stand there.
/// </summary>
public sealed class LaunchLine
{
    private const RegexOptions Options = RegexOptions.IgnoreCase;

    private static readonly Regex PartOf = new(@"-\d{5}-of-\d{5}$", Options);

    /// <summary>The runtime whose program the line starts.</summary>
    public ModelRuntime Runtime { get; internal set; }

    /// <summary>The program as it stands there; null if the line begins with its first argument.</summary>
    public string? Program { get; internal set; }

    /// <summary>The model: a path, a repository or a tag; null if the line does not say.</summary>
    public string? Model { get; internal set; }

    /// <summary>Whether <see cref="Model"/> is the path of a file.</summary>
    public bool ModelIsPath { get; internal set; }

    /// <summary>The quantization, from the tag of a repository; null if the line does not say.</summary>
    public string? Quantization { get; internal set; }

    /// <summary>Tokens of context of all sequences together; 0 is all that the model was trained for.</summary>
    public long? TotalContext { get; internal set; }

    /// <summary>Tokens of context of one sequence, where the runtime counts so; null elsewhere.</summary>
    public long? SequenceContext { get; internal set; }

    /// <summary>Sequences served at once.</summary>
    public int? ParallelSequences { get; internal set; }

    /// <summary>Layers on the GPUs; <see cref="int.MaxValue"/> is all of them.</summary>
    public int? GpuLayers { get; internal set; }

    /// <summary>First layers whose experts stay in system memory.</summary>
    public int? CpuMoeLayers { get; internal set; }

    /// <summary>Patterns of tensors with where they go, in order.</summary>
    public IReadOnlyList<string> TensorOverrides { get; internal set; } = Array.Empty<string>();

    /// <summary>Share of the layers that are on the GPUs, where the runtime counts so; null elsewhere.</summary>
    public double? GpuShare { get; internal set; }

    /// <summary>Indices of the GPUs that take part, where the line says; null if all.</summary>
    public IReadOnlyList<int>? Devices { get; internal set; }

    /// <summary>The cards that the driver shows the program, by number or UUID; null if all.</summary>
    internal EquatableArray<string>? Visible { get; set; }

    /// <summary>Number of GPUs that share each layer, where the line says; null otherwise.</summary>
    public int? TensorParallel { get; internal set; }

    /// <summary>Files that the line loads beside the model, with their kinds.</summary>
    public IReadOnlyList<(string Path, CompanionKind Kind)> Companions { get; internal set; } =
        Array.Empty<(string, CompanionKind)>();

    /// <summary>The model that drafts: a path, a repository or a name; null if the line has none.</summary>
    public string? DraftModel { get; internal set; }

    /// <summary>Whether the line leaves it to the runtime to find the model's projector.</summary>
    internal bool TakesProjector { get; set; } = true;

    /// <summary>Whether the projector is kept in system memory.</summary>
    internal bool IsProjectorOnHost { get; set; }

    /// <summary>Whether the model is fetched from a repository with what belongs to it.</summary>
    internal bool IsFetched { get; set; }

    /// <summary>Servers whose devices take part.</summary>
    internal IReadOnlyList<string> Workers { get; set; } = Array.Empty<string>();

    /// <summary>The word behind a program that is several in one (<c>llama serve</c>); null if there is none.</summary>
    internal string? Command { get; set; }

    /// <summary>Whether the runtime fits what is left open to free memory; null if the line does not say.</summary>
    internal bool? IsFit { get; set; }

    /// <summary>Bytes that this fit leaves on each GPU; null if the line does not say.</summary>
    internal EquatableArray<long>? FitTargets { get; set; }

    /// <summary>Whether all cards take part, where one would do; null elsewhere than with Ollama.</summary>
    internal bool Spreads { get; set; }

    /// <summary>Bytes of each card that do not count where the context follows from the memory.</summary>
    internal long WithheldBytes { get; set; }

    /// <summary>Fewest tokens that this fit leaves; null if the line does not say.</summary>
    internal int? FitContext { get; set; }

    /// <summary>Most tokens of one slot of a shared cache; null if the line does not say.</summary>
    internal int? UnifiedPerSlot { get; set; }

    /// <summary>Whether positions are scaled by YaRN.</summary>
    internal bool IsYarn { get; set; }

    /// <summary>How far positions are scaled; null if the line does not say.</summary>
    internal double? RopeScale { get; set; }

    /// <summary>The length from which YaRN scales; null or 0 for the trained one.</summary>
    internal int? YarnContext { get; set; }

    /// <summary>What is drafted: the model's own layers, and the most tokens of any drafter.</summary>
    internal DraftWords Draft { get; } = new();

    /// <summary>Tests of a benchmark: prompts, answers, and tokens before them.</summary>
    internal BenchTests Tests { get; } = new();

    /// <summary>What the line loads and nobody counts, or what it says that is not known, as words.</summary>
    internal List<string> Uncounted { get; } = new();

    /// <summary>The same, where it depends on what else is loaded, or on the machine.</summary>
    internal List<(Func<FitQuestion, bool> Matters, string Words)> UncountedWhere { get; } = new();

    /// <summary>Share of each GPU's memory that vLLM may take.</summary>
    public double? MemoryUtilization { get; internal set; }

    /// <summary>What an engine with a paged cache is told.</summary>
    internal ServingOptions Serving { get; set; } = ServingOptions.Default;

    /// <summary>What the runtime makes of what the line leaves open.</summary>
    internal Func<LaunchLine, FitQuestion, FitQuestion> Complete { get; set; } = (_, question) => question;

    /// <summary>Changes of the question that the line makes, in order.</summary>
    internal List<Func<FitQuestion, FitQuestion>> Changes { get; } = new();

    /// <summary>Adds a change of the runtime's options.</summary>
    internal void Change(Func<RuntimeOptions, RuntimeOptions> change) =>
        Changes.Add(question => question with { Options = change(question.Options) });

    /// <summary>
    /// The name that a model's file has, without folder, part and extension: what is known where the file is not.
    /// </summary>
    public string? FileName => ModelIsPath && Model is not null
        ? PartOf.Replace(Path.GetFileNameWithoutExtension(Model.Replace('\\', '/')), string.Empty)
        : null;

    /// <summary>
    /// The listed file that has this name, as the address of its repository with a tag; null if none is listed. Where
    /// the model's own layers draft it is one that has them.
    /// </summary>
    private string? ListedFile => FileName is { } name && PublishedModels.Listed(
        name + ".gguf", Draft.IsOwn && !Draft.HasModel, NullSink.Instance) is { } file
            ? $"{file.Repository}:{file.Quantization}"
            : null;

    /// <summary>The name by which its file is found where it is not at hand: as it is listed, else its own.</summary>
    public string? KnownFile => ListedFile ?? FileName;

    /// <summary>The quantization at the end of a name; null if there is none.</summary>
    internal static string? QuantizationIn(string? name) =>
        name is null ? null : QuantizationLabel.In(name)?.Name;

    /// <summary>Sets the model: a path if it looks like one, else a name.</summary>
    internal void SetModel(string text)
    {
        Model = text;
        ModelIsPath = text.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase)
            || (text.Length > 0 && text[0] is '.' or '/' or '~' or '\\')
            || (text.Length > 2 && text[1] == ':' && text[2] is '\\' or '/');
    }

    /// <summary>The question with what the line says in place of its own.</summary>
    public FitQuestion ApplyTo(FitQuestion question)
    {
        question = question with { Options = question.Options with { Runtime = Runtime, Serving = Serving } };
        foreach (var change in Changes) question = change(question);
        var options = question.Options;
        var sequences = ParallelSequences ?? options.ParallelSequences;
        var trained = question.Model.TrainedContextLength ?? options.ContextLength;
        var context = SequenceContext ?? TotalContext switch
        {
            null => options.ContextLength,
            0 => trained,
            { } total => Math.Max(1, total / sequences),
        };
        var uncounted = Uncounted.Concat(NotIn(question)).ToArray();
        var layers = GpuLayers ?? LayersOf(GpuShare, question.Model);
        var split = options.TensorSplit is not null;
        var complete = Complete(this, question with
        {
            Quantization = QuantizationIn(Quantization)
                ?? (question.Model.ModelPath is null ? QuantizationIn(FileName) : null)
                ?? question.Quantization,
            IsLaunched = layers is not null || CpuMoeLayers is not null || TensorOverrides.Count > 0 || split,
            Devices = Devices is null ? question.Devices : new EquatableArray<int>(Devices),
            VisibleDevices = Visible ?? question.VisibleDevices,
            CardCount = TensorParallel ?? question.CardCount,
            MemoryUtilization = MemoryUtilization ?? question.MemoryUtilization,
            GpuLayers = layers ?? question.GpuLayers,
            CpuMoeLayers = CpuMoeLayers ?? question.CpuMoeLayers,
            TensorOverrides = TensorOverrides.Count == 0
                ? question.TensorOverrides
                : new EquatableArray<string>(TensorOverrides),
            Workers = Workers.Count == 0 ? question.Workers : new EquatableArray<string>(Workers),
            Uncounted = uncounted.Length == 0 ? question.Uncounted : new EquatableArray<string>(uncounted),
            Options = options with
            {
                ContextLength = (int)Math.Min(context, int.MaxValue),
                ParallelSequences = sequences,
                MainGpu = Visible is null ? VisibleCards.MainOf(options, Devices) : options.MainGpu,
            },
        });
        var more = UncountedWhere.Where(row => row.Matters(complete)).Select(row => row.Words).ToArray();
        return more.Length == 0 ? complete : complete with
        {
            Uncounted = new EquatableArray<string>(
                (complete.Uncounted ?? Enumerable.Empty<string>()).Concat(more)),
        };
    }

    /// <summary>What the line loads beside the model and a question does not have.</summary>
    private IEnumerable<string> NotIn(FitQuestion question)
    {
        if (DraftModel is { } draft && question.Draft is null)
            yield return $"the memory of the draft model {draft} is not counted";
        if (IsFetched && Quantization is { } tag && PublishedModels.NotFoundBy(tag, question.Model) is { } file)
            yield return $"the tag {tag} finds no file of the repository, so {file} is counted";
        foreach (var type in Draft.WithoutModel)
            yield return $"the model that drafts by --spec-type {type} is not named and not counted";
        var counted = (question.Companions ?? Enumerable.Empty<CompanionFile>()).Select(file => file.Path);
        foreach (var path in Companions.Select(file => file.Path).Except(counted))
            yield return $"the memory of {path} is not counted";
    }

    private static int? LayersOf(double? share, ModelSpec model) => share switch
    {
        null => null,
        >= 1 => int.MaxValue,
        { } part => (int)Math.Round(part * (model.LayerCount ?? 0)),
    };

    /// <summary>The name of a program without folder and extension, in lower case.</summary>
    internal static string ProgramName(string program) =>
        Path.GetFileNameWithoutExtension(program.Replace('\\', '/')).ToLowerInvariant();
}
