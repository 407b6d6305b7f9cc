using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>Decoders from which a search removed attention or feed-forward of layers (src/models/deci.cpp).</summary>
internal static class Deci
{
    public static Architecture[] All { get; } =
    {
        new("deci")
        {
            Classes = "DeciLMForCausalLM",
            Types = "nemotronnas",
            Configure = Configure,
            Shape = new() { BlockNorms = Norms.None },
            BlockTensors = SearchedNorms, Compose = Decoder.Composed(Layer),
            Mix = new() { SeventyBillionLayers = 80 },
        },
    };

    /// <summary>Layers from which a search removed the attention or the feed-forward, or left one projection.</summary>
    private static Tensor Layer(GraphBuilder builder, int layer, Tensor x)
    {
        var model = builder.Model;
        var y = x;
        if (model.KvHeads[layer] == 0) builder.ReserveValues(layer);
        if (model.Heads[layer] > 0)
        {
            y = builder.Norm(layer, "attn_norm", x);
            y = model.KvHeads[layer] > 0
                ? Decoder.Attention(builder, layer, y)
                : MulMat(builder.Required(layer, "attn_output"), y);
        }

        y = builder.KeepOutputs(layer, y);
        if (builder.Weight(layer, "ffn_up") is null) return y;
        var residual = model.Heads[layer] > 0 ? Add(y, builder.KeepOutputs(layer, x)) : y;
        return Add(builder.FeedForward(layer, builder.Norm(layer, "ffn_norm", residual)), residual);
    }

    private static void SearchedNorms(TensorList list, int layer)
    {
        if (list.Model.Heads(layer) > 0) list.Norm(layer, "attn_norm", list.Model.Embedding);
        if (list.Model.FeedForward(layer) > 0) list.Norm(layer, "ffn_norm", list.Model.Embedding);
    }

    /// <summary>Layers of different heads and widths, found by search (NVIDIA's Nemotron NAS models).</summary>
    private static void Configure(ConfigDraft draft)
    {
        if (draft.Config.Count("num_key_value_heads_per_layer") is not null)
            draft.SetEach(Keys.KvHeads, ConfigDraft.At(draft.Config.Integers("num_key_value_heads_per_layer")));
        if (draft.Config.Sections("block_configs") is not { } blocks) return;
        var heads = draft[Keys.Heads];
        var width = draft[Keys.Embedding];
        IModelConfig? Of(int layer, string part) => (layer < blocks.Count ? blocks[layer] : null)?.Section(part);
        long? Group(int layer) => Of(layer, "attention")?.Integer("n_heads_in_group");
        bool IsLinear(int layer) => Of(layer, "attention")?.Flag("replace_with_linear") == true;
        double Multiplier(int layer) => Of(layer, "ffn")?.Number("ffn_mult") ?? 0;
        draft.SetEach(Keys.Heads, layer => Group(layer) is > 0 || IsLinear(layer) ? heads : 0);
        draft.SetEach(Keys.KvHeads, layer => Group(layer) is > 0 and var group ? heads / group : 0);
        draft.SetEach(Keys.FeedForward, layer => ((long)(2 * Multiplier(layer) * width / 3) + 255) / 256 * 256);
    }
}
