using ModelFit.Graph;

namespace ModelFit.Architectures;

/// <summary>Phi 3 and its experts (src/models/phi3.cpp, phimoe.cpp).</summary>
internal static class Phi3
{
    public static Architecture[] All { get; } =
    {
        new("phi3")
        {
            Classes = "Phi3ForCausalLM Phi4ForCausalLMV",
            Shape = new()
            {
                ScalesQueries = true, AddsToResidual = true, FusedQkv = true, FeedForward = FeedForwardKind.Fused,
            },
            Likeness = new(29, "attn_qkv.weight !ffn_gate.weight !attn_qkv.bias !ffn_up.bias"),
        },
        new("phimoe")
        {
            Classes = "PhiMoEForCausalLM",
            Shape = new()
            {
                ScalesQueries = true, AddsToResidual = true, NormBias = true, QkvBias = true,
                AttentionOutputBias = true, OutputBias = true,
            },
        },
    };
}
