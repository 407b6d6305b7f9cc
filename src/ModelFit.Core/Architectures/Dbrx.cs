using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>DBRX (src/models/dbrx.cpp).</summary>
internal static class Dbrx
{
    public static Architecture[] All { get; } =
    {
        new("dbrx")
        {
            Classes = "DbrxForCausalLM",
            Configure = Configure,
            Shape = new()
            {
                NormOp = Op.Norm, ReadsClamp = true, FusedQkv = true,
                BlockNorms = new[] { "attn_norm", "attn_output_norm" },
            },
            Compose = Decoder.Composed(Layer),
        },
    };

    private static Tensor Layer(GraphBuilder builder, int layer, Tensor x)
    {
        var y = builder.KeepOutputs(layer, Decoder.Attention(builder, layer, builder.Norm(layer, "attn_norm", x)));
        var residual = Add(y, builder.KeepOutputs(layer, x));
        return Add(Decoder.FeedForward(builder, layer, builder.Norm(layer, "attn_output_norm", residual)), residual);
    }

    private static void Configure(ConfigDraft draft)
    {
        var feedForward = draft.Config.Section("ffn_config");
        draft.Set(Keys.FeedForward, feedForward?.Integer("ffn_hidden_size"));
        draft.Set("expert_count", feedForward?.Integer("moe_num_experts"));
        draft.Set("expert_used_count", feedForward?.Integer("moe_top_k"));
        draft.Set(Keys.KvHeads, draft.Config.Section("attn_config")?.Integer("kv_n_heads"));
    }
}
