using ModelFit.Memory;
using ModelFit.Placement;
using ModelFit.Runtimes.LlamaCpp;

namespace ModelFit.Fit;

/// <summary>The answer of <c>Get-OffloadPlan</c>: what lies where, and the launch line.</summary>
internal static class PlanAnswer
{
    /// <summary>The plan of a case as it was traded.</summary>
    public static OffloadPlan Of(Tradeoff trade, PlanOptions options, IMessageSink messages)
    {
        var (fit, decision, _) = trade;
        var question = fit.Question;
        var runtime = question.Options;
        var machine = question.Machine ?? new MachineSpec();
        var placed = decision.Placed;
        var costs = fit.Search.Costs;
        var runs = decision.Verdict > Verdict.NoFit;
        var speed = runs ? PlacementSpeed.Of(fit, placed, messages)?.Decode.Expected : null;
        Knowledge.Say(fit, placed.Memory, machine.Gpus, messages);
        var launch = runs ? PlannedLaunch.Of(fit, placed, options, messages) : null;
        return new OffloadPlan(fit.Answered)
        {
            Backend = fit.Machine.Backend.ToString(),
            Verdict = decision.Verdict.ToString(),
            GpuLayers = placed.Cards.Count == 0 ? 0 : Math.Min(placed.Layout.GpuLayers, costs.LayerCount),
            TotalLayers = costs.LayerCount,
            CpuMoeLayers = costs.HasExperts ? placed.Layout.CpuMoeLayers : null,
            TensorSplit = LlamaCppArguments.SplitText(question, placed),
            TensorOverrides = placed.Layout.TensorOverrides is { } overrides ? string.Join(",", overrides) : null,
            Devices = Loads(fit, placed),
            HostBytes = placed.Memory.Host.TotalBytes,
            KvCacheCapacityBytes = placed.Capacity?.Bytes,
            KvCacheCapacityTokens = placed.Capacity?.Tokens,
            MaxConcurrency = placed.Capacity?.RoundedConcurrency,
            DecodeTokensPerSecond = speed,
            Known = Knowledge.Later(fit, placed.Memory, speed is null ? null : placed),
            Arguments = launch?.Told.Arguments.ToArray() ?? Array.Empty<string>(),
            CommandLine = launch?.CommandLine,
            Environment = launch?.Told.Environment,
            Configuration = launch?.Told.Configuration,
            Reason = PlanReason.Of(trade, options, speed),
        };
    }

    private static DeviceLoad[] Loads(FitCase fit, PlacedModel placed)
    {
        var layers = LayerText.Of(placed, fit.Search.Costs);
        var loads = new List<DeviceLoad>();
        for (var i = 0; i < placed.Cards.Count; i++)
        {
            var card = placed.Cards[i];
            loads.Add(Load(card.Card.Name, "Gpu", layers[i], placed.Memory.Devices[i],
                card.OverheadBytes, card.AvailableBytes));
        }

        loads.Add(Load("System memory", "Host", layers[placed.Cards.Count], placed.Memory.Host, 0,
            fit.Machine.HostBytes));
        return loads.ToArray();
    }

    private static DeviceLoad Load(
        string name, string kind, string? layers, DeviceMemory memory, long overhead, long? available) => new()
        {
            Name = name,
            Kind = kind,
            Layers = layers,
            WeightBytes = memory.WeightBytes,
            KvCacheBytes = memory.KvCacheBytes,
            ComputeBytes = memory.ComputeBytes + memory.OutputBytes,
            OverheadBytes = overhead,
            TotalBytes = memory.TotalBytes + overhead,
            AvailableBytes = available,
            HeadroomBytes = available - memory.TotalBytes - overhead,
        };
}
