using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>Qwen 2 with experts (src/models/qwen2moe.cpp).</summary>
internal static class Qwen2Moe
{
    public static Architecture[] All { get; } =
    {
        new("qwen2moe")
        {
            Classes = "Qwen2MoeForCausalLM",
            IgnoresWindow = true,
            Shape = new()
            {
                Experts = _ => new ExpertRules { NormalizesWeights = false }, QkvBias = true, SharedExpertGate = true,
            },
            Compose = Decoder.Composed(DividedGate),
        },
    };

    /// <summary>Experts beside a shared expert whose gate is written as a quotient of SiLU.</summary>
    private static Tensor DividedGate(GraphBuilder builder, int layer, Tensor x)
    {
        var y = Decoder.Attention(builder, layer, builder.Norm(layer, "attn_norm", x));
        var residual = Add(builder.KeepOutputs(layer, y), builder.KeepOutputs(layer, x));
        var normed = builder.Norm(layer, "ffn_norm", residual);
        y = builder.Experts(layer, normed, builder.Shape.Experts(builder.Model.Metadata));
        var gate = MulMat(builder.Required(layer, "ffn_gate_inp_shexp"), normed);
        gate = Div(Silu(gate), gate);
        return Add(Add(y, Mul(builder.FeedForward(layer, normed, "_shexp"), gate)), residual);
    }
}
