using ModelFit.Graph.Backends;
using ModelFit.Placement;

namespace ModelFit.Runtimes;

/// <summary>How a runtime is told of a placement.</summary>
/// <param name="Program">The program to start.</param>
/// <param name="Arguments">Its arguments, one element each.</param>
internal sealed record RuntimeLaunch(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>Variables of the runtime's environment, <c>NAME=value</c> separated by blanks; null for none.</summary>
    public string? Environment { get; init; }

    /// <summary>
    /// What the runtime reads besides: Ollama's Modelfile, LM Studio's load settings (JSON); null for none.
    /// </summary>
    public string? Configuration { get; init; }
}

/// <summary>What a launch is written from.</summary>
/// <param name="Question">The question, with its options.</param>
/// <param name="Quantization">The quantization that was measured.</param>
/// <param name="Repository">A repository with GGUF files of the model; null if none is known.</param>
/// <param name="Tag">The tag that the repository has for the quantization; null if none is listed.</param>
/// <param name="Placed">The placement.</param>
/// <param name="Costs">What its layers weigh.</param>
/// <param name="Machine">What the machine offers.</param>
internal sealed record LaunchRequest(
    FitQuestion Question,
    string? Quantization,
    string? Repository,
    string? Tag,
    PlacedModel Placed,
    LayerCosts Costs,
    MachineBudget Machine)
{
    /// <summary>Cards that the runtime sees there: a pin to some of them, or to one, hides none.</summary>
    public int VisibleCards => Question is { Devices: null, Options.SplitMode: not GpuSplitMode.None }
        ? Machine.Cards.Count
        : Question.Machine?.Gpus.Length ?? Machine.Cards.Count;

    /// <summary>
    /// Whether a device that maps the file has to copy its part instead: the range of a part is most of the file. A
    /// part that was counted as mapped stays so.
    /// </summary>
    public bool CopiesPart => !Placed.IsWhole && Placed.Cards.Count > 0 && !Placed.Layout.MapsParts
        && BackendProfiles.Of(Machine.Backend).MapsFiles;

    /// <summary>Whether all layers are on cards.</summary>
    public bool HasAllLayers => Placed.Layout.GpuLayers >= Costs.LayerCount;
}
