using ModelFit.Graph;

namespace ModelFit.Architectures;

/// <summary>ERNIE 4.5 (src/models/ernie4-5.cpp, ernie4-5-moe.cpp).</summary>
internal static class Ernie45
{
    public static Architecture[] All { get; } =
    {
        new("ernie4_5")
        {
            Classes = "Ernie4_5_ForCausalLM Ernie4_5ForCausalLM",
        },
        new("ernie4_5-moe")
        {
            Classes = "Ernie4_5_MoeForCausalLM",
            Shape = new()
            {
                RouterBias = ArchitectureShape.RouterBiasName, IsExpertLayer = DecoderTensors.IsStepAfterDense,
            },
        },
    };
}
