using ModelFit.Models;
using ModelFit.Placement;

namespace ModelFit.Speed;

/// <summary>
/// Predicts decode and prefill of a placement from what each device must read and multiply for a token.
/// docs/internals/speed.md says what every constant rests on, and how well it holds.
/// </summary>
internal static class SpeedModel
{
    /// <summary>The prediction; null where a card's bandwidth is not known. Pure but for the messages.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">Micro-batch, cache types, flash attention, offloaded operations, the runtime.</param>
    /// <param name="placed">Where it is.</param>
    /// <param name="machine">The machine, for its processor and memory; null assumes both.</param>
    /// <param name="load">Sequences, depth and prompt.</param>
    /// <param name="messages">Where assumptions are said.</param>
    /// <param name="table">The constants; null is what is built in.</param>
    /// <param name="drafter">What drafts tokens for the model; null if nothing does.</param>
    public static SpeedPrediction? Estimate(
        ModelDefinition model,
        RuntimeOptions options,
        PlacedModel placed,
        MachineSpec? machine,
        ServingLoad load,
        IMessageSink messages,
        SpeedTable? table = null,
        Drafter? drafter = null)
    {
        var question = CaseOf(model, options, placed, machine, load, messages, table ?? SpeedTable.Default, drafter);
        return question is null ? null : Predict(question);
    }

    public static SpeedPrediction? Predict(SpeedCase question)
    {
        var times = DecodeModel.Times(question);
        var prefill = PrefillModel.Seconds(question);
        double step = 0, read = 0;
        for (var i = 0; i < times.Length; i++)
        {
            step += times[i].Sum;
            read += prefill[i];
        }

        if (!(step > 0) || !(read > 0) || double.IsInfinity(step) || double.IsInfinity(read)) return null;
        return new SpeedPrediction(
            SpeedFigure.Of(1 / step, SpeedSpread.OfDecode(question, times, step)),
            SpeedFigure.Of(question.Load.PromptLength / read, SpeedSpread.OfPrefill(question, prefill, read)),
            read + (step * Interleaved(question)),
            question.Load.ActiveSequences,
            times,
            prefill);
    }

    /// <summary>
    /// What a prediction is a function of; null where a card's bandwidth is not known. What is assumed is said.
    /// </summary>
    public static SpeedCase? CaseOf(
        ModelDefinition model,
        RuntimeOptions options,
        PlacedModel placed,
        MachineSpec? machine,
        ServingLoad load,
        IMessageSink messages,
        SpeedTable table,
        Drafter? drafter = null)
    {
        var work = ModelWork.Of(model);
        var split = work.ByDevice(placed.Layout);
        var usesHost = split[split.Length - 1].AllBytes > 0 || placed.Memory.Host.KvCacheBytes > 0
            || SharesMemory(placed) || drafter is { GpuLayers: not null };
        var system = usesHost ? SystemBandwidth(placed, machine, messages) : 0;
        var engine = table.EngineOf(placed.Layout.Backend, options.Runtime);
        var devices = new DeviceSpeed[split.Length];
        for (var i = 0; i < devices.Length - 1; i++)
        {
            if (i >= placed.Cards.Count) return null;
            if (IsUntold(placed.Cards[i].Card, machine)) return null;
            if (CardSpeed.Of(placed.Cards[i].Card, engine, table, system, load.PowerLimit) is not { } card)
                return null;
            devices[i] = card;
        }

        devices[devices.Length - 1] = usesHost || devices.Length == 1
            ? HostSpeed.Of(machine, system, table)
            : devices[0];
        return new SpeedCase(
            split,
            devices,
            StepLoad.Of(work, options, load),
            options,
            load,
            placed.Cards.Count > 0 ? HostSpeed.CopyBandwidth(placed.Cards[0].Card, table.Terms) : 0,
            placed.IsTensorParallel)
        {
            Drafting = drafter?.Beside(work, split, placed.Layout, load, table.Terms),
        };
    }

    /// <summary>Whether a card reads system memory at a rate that nobody told.</summary>
    private static bool SharesMemory(PlacedModel placed)
    {
        for (var i = 0; i < placed.Cards.Count; i++)
            if (placed.Cards[i].Card is { MemoryBandwidth: null, IsUnifiedMemory: true }) return true;
        return false;
    }

    /// <summary>Whether nobody told the bandwidth of a chip whose memory is no ordinary computer's.</summary>
    private static bool IsUntold(GpuSpec card, MachineSpec? machine) =>
        card is { MemoryBandwidth: null, Vendor: "Apple" } && machine?.MemoryBandwidth is null;

    /// <summary>Steps of other sequences that pass while a prompt is read, and its own first.</summary>
    private static double Interleaved(SpeedCase question)
    {
        if (question.Load.ActiveSequences <= 1) return 1;
        return 1 + Math.Ceiling(question.Load.PromptLength / (double)Math.Max(1, question.Options.BatchSize));
    }

    /// <summary>A machine's own bandwidth; where a card shares the memory, the card's.</summary>
    private static double SystemBandwidth(PlacedModel placed, MachineSpec? machine, IMessageSink messages) =>
        machine?.MemoryBandwidth ?? SharedBandwidth(placed) ?? HostSpeed.Bandwidth(machine, messages);

    /// <summary>
    /// What is supposed of the bandwidth of system memory that layers, experts or caches are read from; else null.
    /// </summary>
    public static string? Supposed(PlacedModel placed, MachineSpec? machine)
    {
        var readsHost = !placed.IsWhole || placed.Memory.Host.KvCacheBytes > 0;
        return readsHost && SharedBandwidth(placed) is null ? HostSpeed.Supposed(machine) : null;
    }

    private static long? SharedBandwidth(PlacedModel placed) => placed.Cards.Select(card => card.Card)
        .FirstOrDefault(card => card.IsUnifiedMemory && card.MemoryBandwidth is > 0)?.MemoryBandwidth;
}
