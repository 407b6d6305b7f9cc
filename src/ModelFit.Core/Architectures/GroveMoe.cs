using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>GroveMoE (src/models/grovemoe.cpp).</summary>
internal static class GroveMoe
{
    public static Architecture[] All { get; } =
    {
        new("grovemoe")
        {
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "GroveMoeForCausalLM modeling_grove_moe.GroveMoeForCausalLM",
            Shape = new()
            {
                Experts = _ => new ExpertRules { ChoosesBySigmoid = true }, HeadNorms = QkNormKind.Head,
            },
            BlockTensors = GroupedExperts, Compose = Decoder.Composed(Layer),
        },
    };

    /// <summary>
    /// Small experts over the result of the large ones, each shared by a group of these and chosen by the same router.
    /// </summary>
    private static Tensor Layer(GraphBuilder builder, int layer, Tensor x)
    {
        var rules = builder.Shape.Experts(builder.Model.Metadata);
        var sharing = (int)Math.Max(1, builder.Model.Size("experts_per_group", 1));
        var y = Decoder.Attention(builder, layer, builder.Norm(layer, "attn_norm", x));
        var residual = Add(builder.KeepOutputs(layer, y), builder.KeepOutputs(layer, x));
        var normed = builder.Norm(layer, "ffn_norm", residual);
        var logits = MulMat(builder.Required(layer, "ffn_gate_inp"), normed);
        y = builder.Experts(layer, normed, rules, logits);
        var small = builder.Experts(layer, y, rules with { Suffix = "_chexps", Sharing = sharing }, logits);
        return Add(Add(y, Scale(small)), residual);
    }

    /// <summary>The small experts, each shared by a group of the large ones.</summary>
    private static void GroupedExperts(TensorList list, int layer)
    {
        var width = list.Model.Embedding;
        var inner = list.Model.Metadata.Integer("expert_chunk_feed_forward_length", list.Model.KeyLength);
        var count = list.Model.Experts / Math.Max(1, list.Model.Metadata.Integer("experts_per_group", 1));
        list.Block(layer, "ffn_gate_chexps.weight", width, inner, count);
        list.Block(layer, "ffn_down_chexps.weight", inner, width, count);
        list.Block(layer, "ffn_up_chexps.weight", width, inner, count);
    }
}
