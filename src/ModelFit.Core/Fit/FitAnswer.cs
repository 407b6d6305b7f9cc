using ModelFit.Answers;
using ModelFit.Placement;

namespace ModelFit.Fit;

/// <summary>The answer of <c>Test-ModelFit</c>: whether it fits.</summary>
internal static class FitAnswer
{
    /// <summary>The result of a decision.</summary>
    public static ModelFitResult Of(
        FitCase fit, Decision decision, IMessageSink messages, int? rank = null, double? qualityLoss = null)
    {
        var question = fit.Question;
        var machine = question.Machine ?? new MachineSpec();
        var figures = MemoryTotals.Of(fit, decision);
        var runs = decision.Verdict > Verdict.NoFit;
        var speed = runs ? PlacementSpeed.Of(fit, decision.Placed, messages) : null;
        Knowledge.Say(fit, decision.Placed.Memory, machine.Gpus, messages);
        return new ModelFitResult(fit.Answered)
        {
            MemoryBasis = fit.Machine.Basis,
            Backend = fit.Machine.Backend.ToString(),
            Verdict = decision.Verdict.ToString(),
            Fits = decision.Verdict == Verdict.Unknown ? null : decision.Verdict == Verdict.Fits,
            RequiredBytes = figures.RequiredBytes,
            AvailableBytes = figures.AvailableBytes,
            HeadroomBytes = figures.HeadroomBytes,
            WeightBytes = figures.WeightBytes,
            KvCacheBytes = figures.KvCacheBytes,
            KvCacheCapacityBytes = decision.Placed.Capacity?.Bytes,
            KvCacheCapacityTokens = decision.Placed.Capacity?.Tokens,
            MaxConcurrency = decision.Placed.Capacity?.RoundedConcurrency,
            ComputeBytes = figures.ComputeBytes,
            OverheadBytes = figures.OverheadBytes,
            HostWeightBytes = figures.HostWeightBytes,
            GpuLayers = runs ? LayersOnCards(fit, decision.Placed) : null,
            TotalLayers = fit.Search.Costs.LayerCount,
            DecodeTokensPerSecond = speed?.Decode.Expected,
            DecodeTokensPerSecondLow = speed?.Decode.Low,
            DecodeTokensPerSecondHigh = speed?.Decode.High,
            TotalTokensPerSecond = speed?.TotalTokensPerSecond,
            PrefillTokensPerSecond = speed?.Prefill.Expected,
            PrefillTokensPerSecondLow = speed?.Prefill.Low,
            PrefillTokensPerSecondHigh = speed?.Prefill.High,
            TimeToFirstTokenSeconds = speed?.TimeToFirstTokenSeconds,
            Bottleneck = speed?.Bottleneck.ToString(),
            BottleneckDevice = speed is null ? null : PlacementSpeed.DeviceName(decision.Placed, speed.SlowestDevice),
            SpeedBasis = speed is null ? null : PlacementSpeed.Basis(fit, decision.Placed),
            MeetsSpeed = PlacementSpeed.Meets(question, speed),
            JoulesPerToken = speed is null ? null : PlacementSpeed.JoulesPerToken(fit, decision.Placed, speed),
            LoadSeconds = runs ? PlacementSpeed.LoadSeconds(fit, decision.Placed) : null,
            Known = Knowledge.Later(fit, decision.Placed.Memory, speed is null ? null : decision.Placed),
            GpuDescription = GpuText.Describe(machine.Gpus),
            Reason = FitReason.Of(fit, decision, figures, speed?.Decode.Expected),
            Rank = rank,
            Kind = question.Model.Kind,
            ParameterCount = question.Model.ParameterCount ?? fit.Definition.ParameterCount,
            QualityLoss = qualityLoss,
            Searches = new Lazy<IResultSearches>(() => new FitLimits(fit, decision)),
        };
    }

    private static int LayersOnCards(FitCase fit, PlacedModel placed) =>
        placed.Cards.Count == 0 ? 0 : Math.Min(placed.Layout.GpuLayers, fit.Search.Costs.LayerCount);
}
