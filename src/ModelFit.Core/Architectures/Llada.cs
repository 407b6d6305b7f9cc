using ModelFit.Graph;

namespace ModelFit.Architectures;

/// <summary>
/// Diffusion models: tokens attend to their batch alone (src/models/llada.cpp, llada-moe.cpp, dream.cpp, rnd1.cpp).
/// </summary>
internal static class Llada
{
    public static Architecture[] All { get; } =
    {
        new("llada")
        {
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "LLaDAModelLM",
            Shape = new() { AttendsBatchOnly = true },
        },
        new("llada-moe")
        {
            Classes = "LLaDAMoEModel LLaDAMoEModelLM",
            Shape = new() { AttendsBatchOnly = true, Experts = _ => ExpertRules.AsChosen, HeadNorms = QkNormKind.Head },
        },
        new("dream")
        {
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "DreamModel",
            Shape = new() { AttendsBatchOnly = true, QkvBias = true },
        },
        new("rnd1")
        {
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "RND1",
            Shape = new() { AttendsBatchOnly = true, HeadNorms = QkNormKind.Head },
        },
    };
}
