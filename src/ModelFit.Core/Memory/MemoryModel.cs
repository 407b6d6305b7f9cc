using ModelFit.Architectures;
using ModelFit.Common;
using ModelFit.Graph;
using ModelFit.Models;

namespace ModelFit.Memory;

/// <summary>
/// What llama.cpp allocates, a device: the one entry to the Memory room. The rules are those of llama.cpp
/// 0.5.0-dev (<see cref="FollowedRelease"/>).
/// </summary>
public static class MemoryModel
{
    /// <summary>The release of llama.cpp whose allocation is followed.</summary>
    public const string FollowedRelease = "0.5.0-dev";

    /// <summary>What is said where nothing is known of a processor and it matters.</summary>
    internal const string AssumedProcessor =
        "A processor with AVX2 and without AMX is assumed, because its instruction sets are not known.";

    private const int MaxRemembered = 128;

    /// <summary>
    /// The memory of a model under options and a placement, as it is really allocated. Pure; never throws for a model
    /// that llama.cpp could load: what is not known falls back and lowers the memory's accuracy. Answers are remembered
    /// as long as the definition lives.
    /// </summary>
    public static MemoryEstimate Measure(ModelDefinition model, RuntimeOptions options, DeviceLayout layout)
    {
        if (layout.Split is not null && options.SplitMode == GpuSplitMode.Layer && ModelShapes.Find(model) is { } shape)
            layout = LayerDevices.InLayers(layout, shape.AllLayers + 1);
        var question = new Question(options, layout);
        var known = model.Prepared.Get(_ => new RecentTable<Question, MemoryEstimate>(MaxRemembered));
        if (known.Find(question) is { } memory) return memory;
        MemoryBounds.Check(model, options);
        var measured = Measure(model, options, layout, isReal: true, isShared: true);
        known.Add(question, measured);
        return measured;
    }

    /// <summary>
    /// As <see cref="Measure(ModelDefinition, RuntimeOptions, DeviceLayout)"/>, not remembered, and on wish as
    /// llama.cpp's no-allocation mode reports it instead of as it is really allocated.
    /// </summary>
    internal static MemoryEstimate Measure(
        ModelDefinition model, RuntimeOptions options, DeviceLayout layout, bool isReal, bool isShared = false)
    {
        try
        {
            return Measurement.Run(model, options, layout, isReal, isShared);
        }
        catch (ShapeException error) when (options.ParallelSequences > 1)
        {
            return WithOneSequence(model, options, layout, isReal, isShared, error);
        }
        catch (GraphException error)
        {
            return ApproximateMemory.Of(model, options, layout, error.Message);
        }
    }

    /// <summary>
    /// What does for one sequence and not for several, llama.cpp ends at too: the figures of one, and that it would.
    /// </summary>
    private static MemoryEstimate WithOneSequence(
        ModelDefinition model,
        RuntimeOptions options,
        DeviceLayout layout,
        bool isReal,
        bool isShared,
        ShapeException error)
    {
        var memory = Measure(model, options with { ParallelSequences = 1 }, layout, isReal, isShared);
        return memory.Accuracy == Accuracy.Approximate || !ArchitectureList.Knows(model.Architecture)
            ? ApproximateMemory.Of(model, options, layout, error.Message)
            : memory with
            {
                Refusal = FormattableString.Invariant(
                    $"llama.cpp stops when it starts: for {options.ParallelSequences} sequences {error.Message} in ") +
                    $"its graph of '{model.Architecture}'. One cache for all (-KvUnified) or one sequence may work.",
            };
    }

    private readonly record struct Question(RuntimeOptions Options, DeviceLayout Layout);
}
