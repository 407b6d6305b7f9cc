using ModelFit.Graph;
using ModelFit.Memory;
using ModelFit.Models;
using ModelFit.Placement;
using ModelFit.Speed;

namespace ModelFit.Runtimes.LlamaCpp;

/// <summary>What llama.cpp and the programs around it have in common: its memory, its placements, GGUF files.</summary>
internal abstract class GgmlRuntime : Runtime
{
    private static readonly string[] UnconvertedEndings = { ".json", ".safetensors" };

    public override int MostSequences => LlamaCppRefusals.MostSequences;

    /// <summary>
    /// Whether a device for which it maps the file takes all from its first tensor there to its last.
    /// </summary>
    protected virtual bool MapsRanges => false;

    /// <summary>What it can be told of a placement.</summary>
    protected virtual PlacementRules Rules => new();

    public override string? Refusal(FitQuestion question, ModelDefinition model) =>
        RefusalOfCache(question.Options) ?? LlamaCppRefusals.Of(model, question.Options);

    public override MemoryEstimate Measure(FitQuestion question, ModelDefinition model, DeviceLayout layout) =>
        MemoryModel.Measure(model, question.Options, layout);

    /// <summary>Layers are put on no card where there is none to use (common/arg.cpp, --gpu-layers).</summary>
    public override FitQuestion OnMachine(FitQuestion question)
    {
        var placed = base.OnMachine(question);
        var hasNone = placed.Devices is { Count: 0 } || MachineBudget.BackendOf(placed) == ComputeBackend.Cpu;
        return hasNone && placed.GpuLayers > 0 ? placed with { GpuLayers = 0 } : placed;
    }

    public override MachineBudget Budget(FitQuestion question, MachineBudget machine) =>
        DraftMemory.Beside(question, machine);

    public override long BesideBytes(FitQuestion question, ComputeBackend backend) =>
        DraftMemory.OnOneDevice(question, backend);

    public override Accuracy BesideAccuracy(FitQuestion question) => DraftMemory.AccuracyOf(question);

    public override Drafter? DrafterOf(FitQuestion question, ModelDefinition model) =>
        DraftMemory.DrafterOf(question, model);

    public override IPlacementSearch Search(FitQuestion question, ModelDefinition model, MachineBudget machine) =>
        question.Options.SplitMode == GpuSplitMode.Tensor
            ? new TensorSplitSearch(model, question.Options, machine)
            : new PlacementSearch(model, question.Options, machine, PlacementPins.Of(question), Rules with
            {
                PutsOutputLast = LlamaCppBuild.PutsOutputLast(question.Options.RuntimeVersion),
                MapsParts = MapsRanges && question.IsLaunched,
            });

    /// <summary>Says what a launch lacks: a file, or one that llama.cpp loads.</summary>
    /// <param name="request">The launch.</param>
    /// <param name="remedy">What to do where no file is known.</param>
    /// <param name="messages">Where it is said.</param>
    protected static void WarnOfFile(LaunchRequest request, string remedy, IMessageSink messages)
    {
        var model = request.Question.Model;
        if (model.ModelPath is null && request.Repository is null)
            messages.Warning($"Neither a path nor a repository is known for {model.Name}: {remedy}.");
        else if (model.ModelPath is null && request.Tag is null)
            messages.Warning(
                $"{request.Repository} is not known to have {request.Quantization}: {remedy}, or check its tags.");
        if (model.ModelPath is { } path && UnconvertedEndings.Any(end => path.EndsWith(end, StringComparison.Ordinal)))
            messages.Warning($"llama.cpp does not load {path}: convert it to GGUF and use that file instead.");
    }
}
