using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>
/// Ling 3, a hybrid of Kimi's delta attention and latent attention with a gate a head (src/models/bailingmoe3.cpp).
/// </summary>
internal static class Bailingmoe3
{
    public static Architecture[] All { get; } =
    {
        new("bailingmoe3")
        {
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "BailingMoeV3ForCausalLM",
            RefusesTensorSplit = true,
            Configure = Configure,
            KeepsPredictionLayers = true,
            Shape = new()
            {
                Experts = ExpertRules.FromMetadata, RowsCut = OutputRowsCut.AfterFinalNorm, ReadsGateLimits = true,
                RouterBias = ArchitectureShape.RouterBiasName, Nodes = NodeBudget.Wide,
            },
            AttentionTensors = DecoderTensors.Hybrid(LatentAttention, DeltaAttention),
            Compose = Decoder.WithAttention(Decoder.Hybrid(LatentAttention, DeltaAttention)),
            Mix = new() { OnlyExpertsAreMxfp4 = true },
            Likeness = new(2, "ssm_f_a.weight attn_gate.weight"),
        },
    };

    private static Tensor DeltaAttention(GraphBuilder builder, int layer, Tensor x)
    {
        var (heads, length) = (builder.Model.Heads[0], builder.Model.Size("kda.head_dim"));
        var gate = Add(MulMat(builder.Required(layer, "ssm_f_a"), x), builder.Bias(layer, "ssm_dt")!);
        gate = Reshape(gate, length, heads, builder.Tokens);
        gate = Scale(Sigmoid(Mul(gate, Reshape(builder.Required(layer, "ssm_a"), 1, heads))));
        return KimiLinear.DeltaAttention(builder, layer, x, gate, MulMat(builder.Required(layer, "ssm_g_a"), x));
    }

    private static Tensor LatentAttention(GraphBuilder builder, int layer, Tensor x)
    {
        var (heads, tokens) = (builder.Model.Heads[0], builder.Tokens);
        return Deepseek2.Attention(
            builder, layer, x, Deepseek2.Queries(builder, layer, x), null, Gated);

        Tensor Gated(Tensor y)
        {
            var gate = Sigmoid(Reshape(MulMat(builder.Required(layer, "attn_gate"), x), 1, heads, tokens));
            var byHead = Mul(Reshape(y, Each(y.Ne.D0, heads), heads, tokens), gate);
            return Cont(byHead, y.Ne.D0, tokens);
        }
    }

    private static void LatentAttention(TensorList list, int layer)
    {
        Deepseek2.Attention(list, layer);
        list.Gate(layer, list.Model.Heads(layer));
    }

    private static void DeltaAttention(TensorList list, int layer)
    {
        var (width, heads, head) = (list.Model.Embedding, list.Key(Keys.Heads), list.Key("kda.head_dim"));
        KimiLinear.ConvolvedQueries(list, layer, heads, head);
        list.Linear(layer, "ssm_f_a", width, head * heads);
        list.Linear(layer, "ssm_beta", width, heads);
        list.Block(layer, "ssm_a", 1, heads);
        list.Block(layer, "ssm_dt.bias", head * heads);
        list.Linear(layer, "ssm_g_a", width, head * heads);
        list.Norm(layer, "ssm_norm", head);
        list.Linear(layer, "attn_output", head * heads, width);
    }

    /// <summary>Latent attention in the last layer of each group, and in what follows the last whole group.</summary>
    private static void Configure(ConfigDraft draft)
    {
        var group = Math.Max(1, draft.Config.Integer("layer_group_size") ?? 1);
        var whole = draft.Layers / group * group;
        draft.SetEach(Keys.KvHeads, layer => (layer + 1) % group == 0 || layer >= whole ? 1 : 0);
        draft.Set("ssm.conv_kernel", draft.Config.Integer("short_conv_kernel_size"));
        draft.Set("kda.head_dim", draft.Config.Integer("head_dim"));
        draft.Set("kda.gate_lower_bound", draft.Config.Number("kda_lower_bound"));
    }
}
