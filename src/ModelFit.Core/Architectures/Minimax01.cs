using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>MiniMax 01, whose layers are lightning attention but for each eighth (src/models/minimax-01.cpp).</summary>
internal static class Minimax01
{
    private const int DefaultInterval = 8;

    public static Architecture[] All { get; } =
    {
        new("minimax-01")
        {
            Classes = "MiniMaxText01ForCausalLM MiniMaxM1ForCausalLM",
            RefusesTensorSplit = true,
            Shape = new()
            {
                ReservesOneSequence = true, RemembersLayers = true,
                Experts = metadata => ExpertRules.Normalized(metadata) with { Gating = ExpertGating.SoftMax },
                Nodes = NodeBudget.Wide,
            },
            AttentionTensors = LinearOrFull, Compose = ComposeLightning,
        },
    };

    private static void ComposeLightning(GraphBuilder builder)
    {
        var model = builder.Model;
        var x = builder.Embed();
        for (var layer = 0; layer < model.Layers; layer++)
        {
            var normed = builder.Norm(layer, "attn_norm", x);
            var y = RecurrentLayers.Has(model.Metadata, layer, DefaultInterval)
                ? LightningAttention.Apply(builder, layer, normed)
                : Decoder.Attention(builder, layer, normed);
            y = builder.KeepOutputs(layer, y);
            y = Add(y, Scale(builder.KeepOutputs(layer, normed)));
            normed = builder.Norm(layer, "ffn_norm", y);
            x = Add(Decoder.FeedForward(builder, layer, normed), Scale(normed));
        }

        builder.Head(x);
    }

    private static void LinearOrFull(TensorList list, int layer)
    {
        if (!RecurrentLayers.Has(list.Model.Metadata, layer, DefaultInterval))
        {
            list.Attention(layer);
            return;
        }

        var width = list.Model.KeyLength * list.Model.Heads(layer);
        list.Norm(layer, "attn_norm_2", width);
        list.Linear(layer, "attn_qkv", list.Model.Embedding, 3 * width);
        list.Linear(layer, "attn_gate", list.Model.Embedding, width);
        list.Linear(layer, "attn_output", width, list.Model.Embedding);
    }
}
