using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>BitNet (src/models/bitnet.cpp): norms before each output projection.</summary>
internal static class Bitnet
{
    public static Architecture[] All { get; } =
    {
        new("bitnet")
        {
            Classes = "BitnetForCausalLM BitNetForCausalLM",
            RefusesTensorSplit = true,
            Shape = new() { Output = OutputSource.Embedding, AlwaysTied = true },
            BlockTensors = SubNorms, Compose = Decoder.Composed(Layer),
        },
    };

    /// <summary>Norms before each output projection.</summary>
    private static Tensor Layer(GraphBuilder builder, int layer, Tensor x)
    {
        var (q, k, v) = Decoder.Heads(builder, layer, builder.Norm(layer, "attn_norm", x));
        var y = builder.Norm(layer, "attn_sub_norm", builder.AttentionValues(layer, q, k, v));
        y = builder.KeepOutputs(layer, builder.Linear(layer, "attn_output", y));
        var residual = Add(y, builder.KeepOutputs(layer, x));
        var normed = builder.Norm(layer, "ffn_norm", residual);
        var up = builder.Linear(layer, "ffn_up", normed);
        y = builder.Norm(layer, "ffn_sub_norm", Glu(builder.Linear(layer, "ffn_gate", normed), up));
        return Add(builder.Linear(layer, "ffn_down", y), residual);
    }

    private static void SubNorms(TensorList list, int layer)
    {
        list.Norm(layer, "attn_sub_norm", list.Model.Embedding);
        list.Norm(layer, "ffn_sub_norm", list.Model.FeedForward(layer));
    }
}
