using ModelFit.Graph;

namespace ModelFit.Architectures;

/// <summary>
/// MiniCPM, plain and with latent attention (src/models/minicpm.cpp, minicpm3.cpp), and PLM, whose keys are expanded
/// (plm.cpp).
/// </summary>
internal static class Minicpm
{
    public static Architecture[] All { get; } =
    {
        new("minicpm")
        {
            Classes = "MiniCPMForCausalLM",
            IgnoresWindow = true,
            Shape = new()
            {
                LogitScaling = ArchitectureShape.ScaledLogits, ScalesEmbeddings = _ => true,
                ScalesResidual = _ => true,
            },
        },
        new("minicpm3")
        {
            Classes = "MiniCPM3ForCausalLM",
            KeepsFullHeads = true, RefusesTensorSplit = true,
            Shape = new()
            {
                ScalesEmbeddings = _ => true, ScalesResidual = _ => true,
                LogitScaling = _ => LogitScale.BeforeOutput,
            },
            AttentionTensors = Deepseek2.Attention, Compose = Decoder.WithAttention(Deepseek2.Attention),
        },
        new("plm")
        {
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "PLMForCausalLM",
            KeepsFullHeads = true,
            Shape = new()
            {
                Activation = UnaryFunction.Relu, SquaresActivation = true, BreaksUnderFlashAttention = true,
                FeedForward = FeedForwardKind.Plain,
            },
            AttentionTensors = Deepseek2.Attention, Compose = Decoder.WithAttention(Deepseek2.Attention),
        },
    };
}
