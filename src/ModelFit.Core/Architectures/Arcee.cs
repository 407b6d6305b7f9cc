using ModelFit.Graph;

namespace ModelFit.Architectures;

/// <summary>Decoders whose feed-forward has no gate (src/models/arcee.cpp, apertus.cpp, nemotron.cpp).</summary>
internal static class Arcee
{
    public static Architecture[] All { get; } =
    {
        new("arcee")
        {
            Classes = "ArceeForCausalLM",
            Shape = new()
            {
                Activation = UnaryFunction.Relu, SquaresActivation = true, FeedForward = FeedForwardKind.Plain,
            },
        },
        new("apertus")
        {
            Classes = "ApertusForCausalLM",
            Shape = new()
            {
                Activation = UnaryFunction.Xielu, HeadNorms = QkNormKind.Head, FeedForward = FeedForwardKind.Plain,
            },
        },
        new("nemotron")
        {
            Classes = "NemotronForCausalLM",
            Shape = new()
            {
                NormOp = Op.Norm, Activation = UnaryFunction.Relu, SquaresActivation = true, NormBias = true,
                FeedForward = FeedForwardKind.Plain,
            },
        },
    };
}
