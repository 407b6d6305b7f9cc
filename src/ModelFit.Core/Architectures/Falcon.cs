using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using ModelFit.Models;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>
/// Falcon and PLaMo (src/models/falcon.cpp, plamo.cpp): attention and feed-forward behind one norm, or two.
/// </summary>
internal static class Falcon
{
    public static Architecture[] All { get; } =
    {
        new("falcon")
        {
            Classes = "FalconForCausalLM RWForCausalLM",
            TiesByDefault = true,
            Configure = ConfigDraft.FourTimesWider,
            Shape = new()
            {
                NormOp = Op.Norm, NormBias = true, FeedForward = FeedForwardKind.Plain, FusedQkv = true,
                BlockNorms = Norms.One,
            },
            BlockTensors = SecondNorm, Compose = Decoder.Composed(Layer), Mix = new() { IsFalcon = true },
        },
        new("plamo")
        {
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "PlamoForCausalLM",
            Configure = ConfigurePlamo,
            Shape = new() { BlockNorms = Norms.One },
            Compose = Decoder.Composed(Layer),
        },
    };

    private static Tensor Layer(GraphBuilder builder, int layer, Tensor x)
    {
        var normed = builder.Norm(layer, "attn_norm", x);
        var input = builder.Weight(layer, "attn_norm_2") is null ? normed : builder.Norm(layer, "attn_norm_2", x);
        var y = builder.KeepOutputs(layer, Decoder.Attention(builder, layer, input));
        x = builder.KeepOutputs(layer, x);
        return Add(Add(builder.FeedForward(layer, builder.KeepOutputs(layer, normed)), y), x);
    }

    /// <summary>A second norm before attention, as the larger Falcons have it.</summary>
    private static void SecondNorm(TensorList list, int layer)
    {
        if (list.Model.Has(Traits.SecondNorm)) list.Norm(layer, "attn_norm_2", list.Model.Embedding, true);
    }

    /// <summary>What the configuration does not say, or says wrongly (conversion/plamo.py).</summary>
    private static void ConfigurePlamo(ConfigDraft draft)
    {
        draft.Set("context_length", 4096);
        draft.Set(Keys.KvHeads, 5);
    }
}
