using ModelFit.Graph;

namespace ModelFit.Architectures;

/// <summary>Hunyuan (src/models/hunyuan-dense.cpp, hunyuan-moe.cpp, hunyuan-vl.cpp, hy-v3.cpp).</summary>
internal static class Hunyuan
{
    public static Architecture[] All { get; } =
    {
        new("hunyuan-dense")
        {
            Classes = "HunYuanDenseV1ForCausalLM",
            Shape = new() { NormsHeadsAfterRope = true, HeadNorms = QkNormKind.Head },
        },
        new("hunyuan-moe")
        {
            Classes = "HunYuanMoEV1ForCausalLM",
            Configure = draft => draft.Set(Keys.SharedFeedForward, draft.Config.Integer("intermediate_size")),
            Shape = new() { NormsHeadsAfterRope = true, HeadNorms = QkNormKind.Head },
        },
        new("hunyuan_vl")
        {
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "HunYuanVLForConditionalGeneration",
            Shape = new()
            {
                NormsHeadsAfterRope = true, PositionsPerToken = ArchitectureShape.PositionsBySections,
                HeadNorms = QkNormKind.Head,
            },
        },
        new("hy_v3")
        {
            Classes = "HYV3ForCausalLM",
            KeepsPredictionLayers = true,
            Shape = new()
            {
                Experts = metadata => ExpertRules.FromMetadata(metadata, ExpertGating.Sigmoid),
                RowsCut = OutputRowsCut.AfterFinalNorm,
                KeptPredictionWeights = new[]
                {
                    "ffn_gate", "ffn_up", "ffn_down", "exp_probs_b", "nextn.embed_tokens", "nextn.shared_head",
                },
                HeadNorms = QkNormKind.Head, RouterBias = "exp_probs_b",
            },
        },
    };
}
