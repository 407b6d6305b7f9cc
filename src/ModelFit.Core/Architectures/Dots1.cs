using ModelFit.Graph;

namespace ModelFit.Architectures;

/// <summary>dots.llm1 (src/models/dots1.cpp).</summary>
internal static class Dots1
{
    public static Architecture[] All { get; } =
    {
        new("dots1")
        {
            Classes = "Dots1ForCausalLM",
            Shape = new()
            {
                Experts = ExpertRules.FromMetadata, HeadNorms = QkNormKind.Head,
                RouterBias = ArchitectureShape.RouterBiasName,
            },
        },
    };
}
