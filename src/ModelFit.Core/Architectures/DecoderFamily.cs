using System.Collections.Generic;
using ModelFit.Graph;

namespace ModelFit.Architectures;

/// <summary>Architectures that are the common decoder with flags.</summary>
internal static class DecoderFamily
{
    public static IEnumerable<Architecture> All { get; } = new Architecture[]
    {
        new("llama"),
        new("qwen2"),
        new("qwen3"),
        new("qwen3moe"),
        new("phi3") { ScalesQueries = true, AddsToResidual = true },
        new("glm4") { PinsLastNorm = true, PositionsPerToken = Architecture.PositionsBySections },
        new("glm4moe")
        {
            Experts = metadata => ExpertRules.FromMetadata(metadata, ExpertGating.Sigmoid),
            PositionsPerToken = Architecture.PositionsBySections,
        },
        new("gemma2")
        {
            Window = WindowRule.Standard(2, 4096), ScalesEmbeddings = _ => true, ScalesQueries = true,
            CapsAttention = _ => true, LogitScaling = _ => LogitScale.SoftCap,
        },
        new("gemma3")
        {
            Window = WindowRule.Standard(6), ScalesEmbeddings = _ => true, ScalesQueries = true,
            LogitScaling = GemmaFamily.Capped,
        },
        new("gpt-oss")
        {
            Window = WindowRule.Standard(2), RowsCut = OutputRowsCut.BeforeFinalNorm,
            Experts = _ => new ExpertRules
            {
                Gating = ExpertGating.SoftMaxAfterChoice, NormalizesWeights = false,
            },
        },
        new("llama4")
        {
            Window = metadata => metadata.Integer("attention.sliding_window") == 0 ? null : new WindowRule(8192, 4),
            HasRope = (model, layer) => (layer + 1) % (model.HasWindow ? 4 : model.Layers) != 0, NormsAfterRope = true,
            Experts = _ => new ExpertRules
            {
                Gating = ExpertGating.Sigmoid, NormalizesWeights = false, WeightsBefore = true,
            },
        },
        new("command-r") { IsParallel = true, NormOp = Op.Norm, LogitScaling = _ => LogitScale.Scale },
        new("cohere2")
        {
            IsParallel = true, NormOp = Op.Norm, LogitScaling = _ => LogitScale.Scale,
            Window = WindowRule.Standard(4), HasRope = (model, layer) => model.IsWindowLayer[layer],
        },
    };
}
