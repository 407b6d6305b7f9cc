using ModelFit.Architectures;
using ModelFit.Catalog;
using ModelFit.Graph;
using ModelFit.Memory;
using ModelFit.Models;
using ModelFit.Placement;
using ModelFit.Speed;

namespace ModelFit.Runtimes.LlamaCpp;

/// <summary>
/// What a model takes that drafts for another: all of it on the cards unless told otherwise, with a context of as many
/// tokens, batches and sequences, and a row of logits a sequence (common/speculative.cpp,
/// common_base_params_to_speculative). Several cards share its layers by their memory.
/// </summary>
internal static class DraftMemory
{
    /// <summary>The tensors of a draft model.</summary>
    public static ModelDefinition Define(DraftModel draft)
    {
        var layout = PublishedModels.Layout(draft.Model) ?? throw new ModelFitException(
            ErrorIds.ModelNotFound,
            FailureKind.InvalidData,
            $"The draft model {draft.Model.Name} has no dimensions to estimate from.",
            draft.Model.Name);
        return layout.Define(draft.Quantization ?? layout.NativeQuantization, new List<string>());
    }

    /// <summary>What a draft model takes on each card of a machine, the host last.</summary>
    public static MemoryEstimate Measure(
        FitQuestion question, DraftModel draft, MachineBudget machine, bool isReal = true)
    {
        var options = question.Options;
        var drafting = options.Drafting ?? new Speculation();
        var places = Enumerable.Range(0, machine.Cards.Count)
            .Where(place => drafting.Devices?.Contains(machine.Cards[place].Index) != false).ToArray();
        var cards = places.Length;
        var head = Define(draft);
        var model = SharedTensors.With(head, question);
        var own = OptionsOf(model, options, drafting);
        var layout = new DeviceLayout
        {
            Backend = cards == 0 ? ComputeBackend.Cpu : machine.Backend,
            GpuCount = cards,
            GpuLayers = cards == 0 ? 0 : drafting.GpuLayers ?? int.MaxValue,
            Split = cards > 1 ? options.TensorSplit ?? SharesOf(places.Select(place => machine.Cards[place])) : null,
            Processor = cards == 0 ? machine.Processor : default,
        };
        var memory = SharedTensors.Without(MemoryModel.Measure(model, own, layout, isReal), head, model);
        return cards == machine.Cards.Count ? memory : On(places, machine.Cards.Count, memory);
    }

    /// <summary>The same on the cards of a machine, most of which have none of it.</summary>
    private static MemoryEstimate On(int[] places, int cards, MemoryEstimate memory)
    {
        var devices = Enumerable.Range(0, cards).Select(card => Array.IndexOf(places, card) is >= 0 and var place
            ? memory.Devices[place] with { Index = card }
            : new DeviceMemory(false, card, 0, 0, 0, 0));
        var isElsewhere = places.Length == 0;
        return memory with
        {
            Devices = devices.Append(isElsewhere ? new DeviceMemory(true, -1, 0, 0, 0, 0) : memory.Host).ToArray(),
            Accuracy = isElsewhere ? Accuracy.Approximate : memory.Accuracy,
        };
    }

    /// <summary>All that the draft model of a question takes with one device; 0 without one.</summary>
    public static long OnOneDevice(FitQuestion question, ComputeBackend backend)
    {
        if (question.Draft is not { } draft) return 0;
        var cards = backend == ComputeBackend.Cpu
            ? Array.Empty<CardBudget>()
            : new[] { new CardBudget(0, new GpuSpec { Name = backend.ToString() }, 0, 0, 0) };
        var machine = new MachineBudget(cards, null, backend);
        return Measure(question, draft, machine).Devices.Sum(device => device.TotalBytes);
    }

    /// <summary>
    /// What drafts for a model: another one, or its own layers for the next tokens; null if nothing does.
    /// </summary>
    public static Drafter? DrafterOf(FitQuestion question, ModelDefinition model)
    {
        var options = question.Options;
        if (question.Draft is { } draft)
        {
            var drafting = options.Drafting ?? new Speculation();
            var own = Define(draft);
            return new Drafter(drafting.Tokens, own, OptionsOf(own, options, drafting), drafting.GpuLayers);
        }

        return options.Speculation is { Tokens: > 0 } layers && PredictionLayers.Of(model.Metadata) > 0
            ? new Drafter(layers.Tokens, null, options)
            : null;
    }

    private static RuntimeOptions OptionsOf(
        ModelDefinition model, RuntimeOptions options, Speculation drafting) => options with
    {
        Speculation = null,
        Drafting = null,
        LoadMtp = false,
        OutputCount = ModelShapes.ArchitectureOf(model).DraftsBlocks
            ? options.ParallelSequences * (drafting.Tokens + 1)
            : null,
        KeyCacheType = drafting.KeyCacheType,
        ValueCacheType = drafting.ValueCacheType,
        CacheTokens = options.TotalTokens,
    };

    /// <summary>The machine without what the draft model of a question takes; itself without one.</summary>
    public static MachineBudget Beside(FitQuestion question, MachineBudget machine)
    {
        if (question.Draft is not { } draft) return machine;
        var devices = Measure(question, draft, machine).Devices;
        return machine.Beside(devices.Select(device => device.TotalBytes).ToArray());
    }

    /// <summary>How well its bytes are known: several cards share it by what is free when it is loaded.</summary>
    public static Accuracy AccuracyOf(FitQuestion question)
    {
        if (question.Draft is not { } draft) return Accuracy.Exact;
        var machine = MachineBudget.For(question);
        var known = Measure(question, draft, machine).Accuracy;
        return (Accuracy)Math.Max((int)known, (int)(machine.Cards.Count > 1 ? Accuracy.Modelled : Accuracy.Exact));
    }

    private static EquatableArray<double> SharesOf(IEnumerable<CardBudget> cards) =>
        new(cards.Select(card => (double)Math.Max(1, card.AvailableBytes)));
}
