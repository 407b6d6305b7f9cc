using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>HRM (src/models/hrm-text.cpp): two stacks of layers in turn.</summary>
internal static class HrmText
{
    public static Architecture[] All { get; } =
    {
        new("hrm_text")
        {
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "HrmTextForCausalLM",
            Shape = new()
            {
                OutputNorm = string.Empty, ScalesEmbeddings = ArchitectureShape.HasEmbeddingScale,
                RowsCut = OutputRowsCut.BeforeFinalNorm, KeepsHidden = false, BlockNorms = Norms.None,
                Nodes = new(80, 64),
            },
            LayOut = LayOut, Compose = ComposeHierarchical,
        },
    };

    /// <summary>
    /// Two stacks of layers in turn, the low one several times for each time of the high one. A turn has caches of its
    /// own but not weights.
    /// </summary>
    private static void ComposeHierarchical(GraphBuilder builder)
    {
        var model = builder.Model;
        var (turns, lowTurns) = (model.Size("hrm.h_cycles", 1), model.Size("hrm.l_cycles", 1));
        var stack = (int)model.Size("hrm.layers_per_stack", 1);
        if (lowTurns < 1 || turns * (lowTurns + 1) * stack != model.Layers)
            throw new GraphException("'block_count' is not that of all turns");
        var high = builder.Embed();
        var low = builder.RequiredGlobal("hrm.z_l_init", -1);
        var slot = 0;
        Tensor Run(int firstLayer, Tensor x)
        {
            for (var i = 0; i < stack; i++) x = HierarchicalLayer(builder, firstLayer + i, slot++, x);
            return Map(Op.RmsNorm, x);
        }

        for (var turn = 0; turn < turns; turn++)
        {
            for (var i = 0; i < lowTurns; i++) low = Run(0, Add(high, low));
            high = Run(stack, Add(high, low));
        }

        builder.Head(high);
    }

    private static Tensor HierarchicalLayer(GraphBuilder builder, int layer, int slot, Tensor x)
    {
        var normed = Map(Op.RmsNorm, x);
        var (q, k, v) = Decoder.Heads(builder, layer, normed);
        var y = builder.GatedValues(layer, builder.AttentionValues(slot, q, k, v), normed);
        var residual = Add(builder.Linear(layer, "attn_output", y), x);
        return Add(builder.FeedForward(layer, Map(Op.RmsNorm, residual)), residual);
    }

    /// <summary>Two stacks of layers without norms, whatever the number of turns.</summary>
    private static void LayOut(TensorList list)
    {
        list.Frame();
        list.Add("hrm.z_l_init", list.Model.Embedding);
        var layers = Math.Min(list.Model.Layers, 2 * list.Key("hrm.layers_per_stack"));
        for (var layer = 0; layer < layers; layer++)
        {
            list.Attention(layer);
            list.Gate(layer, list.Model.KeyLength * list.Model.Heads(layer));
            list.FeedForward(layer);
        }
    }
}
