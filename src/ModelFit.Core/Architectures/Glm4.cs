using ModelFit.Graph;

namespace ModelFit.Architectures;

/// <summary>GLM 3 to 4.5 (src/models/chatglm.cpp, glm4.cpp, glm4-moe.cpp).</summary>
internal static class Glm4
{
    public static Architecture[] All { get; } =
    {
        new("chatglm")
        {
            Classes = "GlmForCausalLM ChatGLMModel ChatGLMForConditionalGeneration",
            Types = "glm",
            Shape = new() { FusedQkv = true, FeedForward = FeedForwardKind.Fused },
        },
        new("glm4")
        {
            Classes = "Glm4ForCausalLM Glm4vForConditionalGeneration GlmOcrForConditionalGeneration",
            Shape = new()
            {
                PinsLastNorm = true, PositionsPerToken = ArchitectureShape.PositionsBySections,
                BlockNorms = Norms.Sandwich, FeedForward = FeedForwardKind.Fused,
            },
        },
        new("glm4moe")
        {
            Classes = "Glm4MoeForCausalLM Glm4vMoeForConditionalGeneration SolarOpenForCausalLM",
            PublishedCount = PublishedCount.WithPrediction,
            KeepsPredictionLayers = true,
            Shape = new()
            {
                Experts = metadata => ExpertRules.FromMetadata(metadata, ExpertGating.Sigmoid),
                PositionsPerToken = ArchitectureShape.PositionsBySections, BlockNorms = Norms.NamedAfter,
                HeadNorms = QkNormKind.Head, HeadNormsByTrait = true, RouterBias = ArchitectureShape.RouterBiasName,
            },
        },
    };
}
