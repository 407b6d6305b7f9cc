using ModelFit.Catalog;
using ModelFit.Memory;
using ModelFit.Models;
using ModelFit.Placement;
using ModelFit.Quantization;
using ModelFit.Runtimes;
using ModelFit.Speed;

namespace ModelFit.Fit;

/// <summary>A question with its model laid out, its machine counted and its search begun when asked for.</summary>
internal sealed class FitCase
{
    /// <summary>The most that firmware sets aside for a GPU in the processor by default, in bytes.</summary>
    private const long CarveOut = 2L << 30;

    private readonly FleetMachine? _asked;
    private MachineBudget? _machine;
    private IPlacementSearch? _search;
    private FitQuestion? _loaded;
    private FitQuestion? _answered;
    private (Drafter? Drafter, bool IsKnown) _drafter;

    private FitCase(
        FitQuestion question, string? quantization, ModelDefinition definition, FleetMachine? asked = null)
    {
        _asked = asked;
        Question = question.Machine is null ? question : RuntimeList.Of(question.Options.Runtime).OnMachine(question);
        Quantization = quantization;
        Definition = definition;
    }

    /// <summary>The question as it was asked.</summary>
    public FitQuestion Question { get; }

    /// <summary>The model, as it is published where a listed file is counted.</summary>
    private ModelSpec Model => CountsPublished(Question)
        ? PublishedModels.Published(Question.Model, Quantization)
        : Question.Model;

    /// <summary>The quantization by name; null if the model does not say.</summary>
    public string? Quantization { get; }

    /// <summary>The tensors.</summary>
    public ModelDefinition Definition { get; }

    /// <summary>The published file that is counted; null if none is listed.</summary>
    public PublishedFile? File => CountsPublished(Question)
        ? PublishedModels.FileOf(Question.Model, Quantization)
        : null;

    /// <summary>Whether nobody said the quantization.</summary>
    public bool IsSupposed { get; private init; }

    /// <summary>What was supposed to lay the model out, as sentences.</summary>
    public IReadOnlyList<string> Notes { get; private init; } = Array.Empty<string>();

    /// <summary>What the machine offers.</summary>
    public MachineBudget Machine => _machine ??=
        Runtime.Budget(Question, _asked?.Budget(Question) ?? MachineBudget.For(Question));

    /// <summary>Where the model can go.</summary>
    public IPlacementSearch Search => _search ??= Runtime.Search(Loaded, Definition, Machine);

    /// <summary>The question with the quantization that is loaded.</summary>
    public FitQuestion Loaded => _loaded ??=
        Question.Quantization == Quantization ? Question : Question with { Quantization = Quantization };

    /// <summary>The question as its answer says it: with the published file that was counted.</summary>
    public FitQuestion Answered =>
        ReferenceEquals(Model, Question.Model) ? Loaded : _answered ??= Loaded with { Model = Model };

    /// <summary>The program that runs it.</summary>
    public Runtime Runtime => RuntimeList.Of(Question.Options.Runtime);

    /// <summary>What drafts tokens for the model; null if nothing does.</summary>
    public Drafter? Drafter
    {
        get
        {
            if (!_drafter.IsKnown) _drafter = (Runtime.DrafterOf(Question, Definition), true);
            return _drafter.Drafter;
        }
    }

    /// <summary>Lays the model out; what that assumed is said in verbose.</summary>
    public static FitCase Of(FitQuestion asked, IMessageSink messages)
    {
        var question = RuntimeList.Of(asked.Options.Runtime).Settle(asked);
        var layout = LayoutOf(question) ?? throw new ModelFitException(
            ErrorIds.ModelNotFound,
            FailureKind.InvalidData,
            $"The model {question.Model.Name} has no dimensions to estimate from.",
            question.Model.Name);
        var named = Asked(question, layout) ?? layout.NativeQuantization;
        var supposed = named is null && question.Model.ModelPath is null
            ? RuntimeList.Of(question.Options.Runtime).DefaultQuantization(question.Model)
            : null;
        var notes = new List<string>();
        var definition = layout.Define(named ?? supposed, notes);
        foreach (var note in notes) messages.Verbose(note);
        var fit = new FitCase(question, named ?? supposed, definition)
        {
            IsSupposed = supposed is not null || question.IsQuantizationSupposed, Notes = notes,
        };
        return question.Options.Serving.LongestContext && question.Machine is not null ? fit.WithLongestContext() : fit;
    }

    private static IModelLayout? LayoutOf(FitQuestion question) =>
        CountsPublished(question) ? PublishedModels.Layout(question.Model) : question.Model.Layout;

    /// <summary>
    /// Whether a published file is counted where one is listed: where the runtime loads it, and unless the model's own
    /// layers are to draft, which published files often lack, and no repository is named.
    /// </summary>
    private static bool CountsPublished(FitQuestion question) =>
        RuntimeList.Of(question.Options.Runtime).LoadsGguf
        && !(question.Options.LoadMtp && question.Model is { ModelPath: null, Repository: null });

    /// <summary>The same case on a machine.</summary>
    public FitCase On(FleetMachine machine) =>
        new(Question with { Machine = machine.Spec }, Quantization, Definition, machine)
        {
            IsSupposed = IsSupposed, Notes = Notes,
        };

    private FitCase WithLongestContext() => With(question => question with
    {
        Options = question.Options with
        {
            ContextLength = Runtime.LongestContext(question, Search) ?? question.Options.ContextLength,
            Serving = question.Options.Serving with { LongestContext = false },
        },
    });

    /// <summary>
    /// Throws <see cref="ErrorIds.InvalidArgument"/> if the runtime would refuse to start with the question, whatever
    /// the memory, or does not load the model's format.
    /// </summary>
    public void CheckStarts() => ThrowIf(TryStart());

    /// <summary>The same for memory alone, measured already, which a format does not prevent.</summary>
    public void CheckStarts(MemoryEstimate memory) =>
        ThrowIf(Runtime.Refusal(Question, Definition) ?? Runtime.Refusal(memory));

    /// <summary>
    /// Measures the start on one card, where format and settings are not refused before: why the runtime would not
    /// start, and what to change; null if it would.
    /// </summary>
    public string? TryStart() =>
        NotLoaded() ?? Runtime.Refusal(Question, Definition) ?? Runtime.Refusal(Search.OnOneCard);

    private void ThrowIf(string? reason)
    {
        if (reason is null) return;
        throw new ModelFitException(ErrorIds.InvalidArgument, reason, Question.Model.Name);
    }

    /// <summary>
    /// That the runtime does not load the format of a model, and which does; null if it does, or if none is named.
    /// </summary>
    public string? NotLoaded()
    {
        if (Quantization is not { } name || (Question.Model.ModelPath is { } path && !IsForeign(path))) return null;
        if (Runtime.LoadsGguf && FileType.Find(name) is not null) return null;
        if (QuantizationCatalog.Find(name) is not { } spec) return null;
        var loading = spec.Runtimes.Split(new[] { ' ' }, StringSplitOptions.RemoveEmptyEntries);
        if (loading.Contains(Runtime.Kind.ToString())) return null;
        var others = loading.Length switch
        {
            0 => "no runtime that ModelFit knows does",
            1 => $"{loading[0]} does (-Runtime {loading[0]})",
            _ => $"{string.Join(", ", loading, 0, loading.Length - 1)} and {loading.Last()} do (-Runtime {loading[0]})",
        };
        return $"{Runtime.Name} does not load {spec.Name}; {others}.";
    }

    /// <summary>Whether a file is one of GGUF and the runtime loads none.</summary>
    private bool IsForeign(string path) =>
        !Runtime.LoadsGguf && path.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// That the repository of the model is listed without the quantization, and what it has; null otherwise.
    /// </summary>
    public string? Untagged()
    {
        if (Question.Model is not { ModelPath: null, Repository: { } name } || Quantization is not { } tag) return null;
        if (PublishedCatalog.Find(name) is not { } listed || listed.Find(tag) is not null) return null;
        var tags = listed.Files.Where(file => file.Kind == "Model").Select(file => file.Quantization).Take(8);
        return $"{name} had no {tag} on {listed.Date}. It has {string.Join(", ", tags)}.";
    }

    /// <summary>The first card whose memory the answer depends on and nobody told; null if there is none.</summary>
    public GpuSpec? UnknownCard => Question.Workers is { Count: > 0 } workers
        ? new GpuSpec { Name = "the RPC worker " + workers[0] }
        : Question.Machine is { SystemMemoryBytes: null } machine
        && (IsCarveOut(machine) || (Machine.PoolBytes == 0 && machine.Gpus[0].MemoryBytes is null))
        ? machine.Gpus[0]
        : Machine.PoolBytes is null && Machine.Backend != ComputeBackend.Cpu
        ? Question.Machine?.Gpus.FirstOrDefault(card => card.MemoryBytes is not > 0 && !card.IsUnifiedMemory)
        : null;

    /// <summary>Whether a part may lie in system memory, and nobody told how much of it there is.</summary>
    public bool IsHostUnknown => Search.UsesHost && Machine is { HostBytes: null, PoolBytes: null };

    /// <summary>Whether all of it lies in such a memory, as there is no card.</summary>
    public bool DependsOnHost => Machine.Cards.Count == 0 && IsHostUnknown;

    /// <summary>
    /// Whether all that is known of a unified memory is the small part that the firmware sets aside: the rest is the
    /// system's, and how much that is was not told.
    /// </summary>
    private static bool IsCarveOut(MachineSpec machine) => machine.Gpus.Length == 1
        && machine.Gpus[0] is { IsUnifiedMemory: true, SharedMemoryBytes: null, Vendor: not "Apple" } gpu
        && gpu.MemoryBytes < CarveOut;

    /// <summary>What is asked for, by the name that it has where the runtime loads it.</summary>
    private static string? Asked(FitQuestion question, IModelLayout layout) =>
        layout.NativeQuantization == question.Quantization
            ? question.Quantization
            : RuntimeList.Of(question.Options.Runtime).NameOf(question.Quantization);

    /// <summary>The case after the runtime's own fit to the machine's memory; the same where it has none.</summary>
    public FitCase AsStarted(IMessageSink messages)
    {
        if (Question.Fit is null || Question.Machine is null) return this;
        var started = Runtime.Fit(Question, Definition, Machine);
        return ReferenceEquals(started, Question) ? this : Of(started, messages);
    }

    /// <summary>The same question with another context; silent.</summary>
    public FitCase WithContext(int tokens) => With(question => question with
    {
        Options = question.Options with { ContextLength = tokens },
    });

    /// <summary>The same question without pins; silent.</summary>
    public FitCase WithoutPins() => With(question => question with
    {
        GpuLayers = null,
        CpuMoeLayers = null,
        TensorOverrides = null,
        IsLaunched = false,
        Fit = null,
        Settled = null,
        IsFit = false,
        CardCount = null,
        MemoryUtilization = null,
        Options = question.Options with { TensorSplit = null },
    });

    /// <summary>The same question otherwise, for searches; silent.</summary>
    public FitCase With(Func<FitQuestion, FitQuestion> change) => Of(change(Question), NullSink.Instance);
}
