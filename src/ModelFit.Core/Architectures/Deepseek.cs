using ModelFit.Graph;

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
                Experts = metadata => ExpertRules.AsChosen with { ScalesWeights = ExpertRules.HasScale(metadata) },
            },
        },
        new("deepseek2-ocr")
        {
            LayoutAccuracy = Accuracy.Modelled,
            Shape = new() { Experts = ExpertRules.FromMetadata },
        },
    };
}
