using ModelFit.Graph;

namespace ModelFit.Architectures;

/// <summary>Ling 1 and 2 (src/models/bailingmoe.cpp, bailingmoe2.cpp).</summary>
internal static class Bailingmoe
{
    public static Architecture[] All { get; } =
    {
        new("bailingmoe")
        {
            Classes = "BailingMoeForCausalLM",
            Shape = new()
            {
                Experts = metadata => ExpertRules.FromMetadata(metadata) with { Gating = ExpertGating.SoftMax },
            },
        },
        new("bailingmoe2")
        {
            Classes = "BailingMoeV2ForCausalLM SarvamMoEForCausalLM modeling_sarvam_moe.SarvamMoEForCausalLM",
            KeepsPredictionLayers = true,
            Shape = new()
            {
                Experts = ExpertRules.FromMetadata, HeadNorms = QkNormKind.Head,
                RouterBias = ArchitectureShape.RouterBiasName, FusedQkv = true, PredictionNorm = "layer_output_norm",
            },
        },
    };
}
