using ModelFit.Graph;
using ModelFit.Models;

namespace ModelFit.Architectures;

/// <summary>DeepSeek without latents (src/models/deepseek.cpp, deepseek2ocr.cpp).</summary>
internal static class Deepseek
{
    public static Architecture[] All { get; } =
    {
        new("deepseek")
        {
            Classes = "DeepseekForCausalLM",
            Shape = new()
            {
                Experts = metadata => ExpertRules.AsChosen with { ScalesWeights = ScalesExperts(metadata) },
            },
        },
        new("deepseek2-ocr")
        {
            LayoutAccuracy = Accuracy.Modelled,
            Shape = new() { Experts = ExpertRules.FromMetadata },
        },
    };

    private static bool ScalesExperts(ModelMetadata metadata) =>
        metadata.Number("expert_weights_scale") is not (null or 0 or 1);
}
