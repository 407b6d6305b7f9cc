using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>
/// Hybrids of gated delta nets and gated attention (src/models/qwen3next.cpp, qwen35.cpp, qwen35moe.cpp).
/// </summary>
internal static class Qwen3Next
{
    private const int Size = sizeof(float);

    private const int DefaultInterval = 4;

    private static readonly Architecture Later = new("qwen35")
    {
        Classes = "MiniCPMV4_6ForConditionalGeneration Qwen3_5ForConditionalGeneration Qwen3_5ForCausalLM",
        Types = "qwen35text",
        Served = ServedTraits.Sectioned | ServedTraits.TakesLargeImages,
        Configure = Configure,
        KeepsPredictionLayers = true,
        PublishedCount = PublishedCount.WithBoth,
        Shape = new()
        {
            RowsCut = OutputRowsCut.AfterFinalNorm, PositionsPerToken = _ => 4, SharedExpertGate = true,
            RollsBackStates = true, BlockNorms = Norms.NamedAfter, SharesPredictionHead = true,
            Nodes = NodeBudget.Wide,
        },
        AttentionTensors = DeltaOrAttention, Compose = Composed(isInterleaved: false), IsDraftCompared = true,
        ComposeDraft = builder => Decoder.ComposeDraft(
            builder, (_, layer, x) => GatedAttention(builder, layer, x, isInterleaved: false)),
        Likeness = new(5, "ssm_beta.weight ssm_alpha.weight"),
    };

    public static Architecture[] All { get; } =
    {
        new("qwen3next")
        {
            Classes = "Qwen3NextForCausalLM",
            PublishedCount = PublishedCount.WithPrediction,
            Configure = Configure,
            KeepsPredictionLayers = true,
            Shape = new()
            {
                RowsCut = OutputRowsCut.AfterFinalNorm, SharedExpertGate = true, BlockNorms = Norms.NamedAfter,
                SharesPredictionHead = true, Nodes = NodeBudget.Wide,
            },
            AttentionTensors = DeltaOrAttention, Compose = Composed(isInterleaved: true),
            Likeness = new(4, "ssm_ba.weight"),
        },
        Later,
        Later with
        {
            Name = "qwen35moe",
            Classes = "Qwen3_5MoeForConditionalGeneration Qwen3_5MoeForCausalLM",
            Types = "qwen35moetext",
            Likeness = null,
        },
    };

    private static Action<GraphBuilder> Composed(bool isInterleaved) => Decoder.WithAttention((builder, layer, x) =>
    {
        builder.Expand(x);
        return RecurrentLayers.Has(builder.Model.Metadata, layer, DefaultInterval)
            ? DeltaNet.Apply(builder, layer, x)
            : GatedAttention(builder, layer, x, isInterleaved);
    });

    /// <summary>Attention whose result is gated by half of the query projection.</summary>
    public static Tensor GatedAttention(
        GraphBuilder builder, int layer, Tensor x, bool isInterleaved, Tensor? chosen = null)
    {
        var model = builder.Model;
        var (length, heads, kvHeads, tokens) =
            (model.ValueLength, model.Heads[layer], model.KvHeads[layer], builder.Tokens);
        var both = builder.Linear(layer, "attn_q", x);
        var k = builder.Linear(layer, "attn_k", x);
        var v = builder.Linear(layer, "attn_v", x);
        if (isInterleaved) both = Reshape(both, length * 2, heads, tokens);
        var (row, plane) = (length * 2 * Size, length * 2 * Size * heads);
        var q = View3(both, length, heads, tokens, row, plane);
        var half = View3(both, length, heads, tokens, row, plane, length * Size);
        k = Reshape(k, length, kvHeads, tokens);
        v = Reshape(v, length, kvHeads, tokens);
        q = Rope(builder.Norm(layer, "attn_q_norm", q), builder.Positions());
        k = Rope(builder.Norm(layer, "attn_k_norm", k), builder.Positions());
        var y = builder.AttentionValues(layer, q, k, v, chosen: chosen);
        var gate = Cont(half, length * heads, tokens);
        return builder.Linear(layer, "attn_output", Mul(y, Sigmoid(gate)));
    }

    private static void DeltaOrAttention(TensorList list, int layer)
    {
        if (!list.IsPrediction(layer) && RecurrentLayers.Has(list.Model.Metadata, layer, DefaultInterval))
            DeltaTensors(list, layer);
        else GatedAttention(list, layer);
    }

    private static void GatedAttention(TensorList list, int layer)
    {
        var model = list.Model;
        var (width, length) = (model.Embedding, model.KeyLength);
        var (heads, kvHeads) = (model.Heads(layer), model.KvHeads(layer));
        list.Linear(layer, "attn_q", width, 2 * length * heads);
        list.Linear(layer, "attn_k", width, length * kvHeads);
        list.Linear(layer, "attn_v", width, model.ValueLength * kvHeads);
        list.Linear(layer, "attn_output", length * heads, width);
        list.Norm(layer, "attn_q_norm", length);
        list.Norm(layer, "attn_k_norm", length);
    }

    private static void DeltaTensors(TensorList list, int layer)
    {
        var width = list.Model.Embedding;
        var (head, groups, heads) = (
            list.Key("ssm.state_size"), list.Key("ssm.group_count"), list.Key("ssm.time_step_rank"));
        var (keys, values) = (head * groups, list.Key("ssm.inner_size"));
        list.Linear(layer, "attn_qkv", width, (2 * keys) + values);
        list.Gate(layer, values);
        list.Linear(layer, "ssm_conv1d", list.Key("ssm.conv_kernel"), (2 * keys) + values);
        list.Block(layer, "ssm_dt.bias", heads);
        list.Block(layer, "ssm_a", heads);
        if (list.Model.Architecture == "qwen3next")
        {
            list.Linear(layer, "ssm_ba", width, 2 * heads);
        }
        else
        {
            list.Linear(layer, "ssm_beta", width, heads);
            list.Linear(layer, "ssm_alpha", width, heads);
        }
        list.Norm(layer, "ssm_norm", Mamba.Share(values, heads));
        list.Linear(layer, "ssm_out", values, width);
    }

    /// <summary>Gated delta rule in all layers but each fourth.</summary>
    public static void Configure(ConfigDraft draft)
    {
        var config = draft.Config;
        var valueHeads = config.Integer("linear_num_value_heads") ?? 0;
        draft.Set("ssm.conv_kernel", config.Integer("linear_conv_kernel_dim"));
        draft.Set("ssm.state_size", config.Integer("linear_key_head_dim"));
        draft.Set("ssm.group_count", config.Integer("linear_num_key_heads"));
        draft.Set("ssm.time_step_rank", valueHeads);
        draft.Set("ssm.inner_size", valueHeads * config.Integer("linear_value_head_dim"));
        draft.Default("full_attention_interval", DefaultInterval);
        if (config.Texts("layer_types") is not null)
            draft.SetEach("attention.recurrent_layers", draft.OfType("linear_attention"));
        var share = config.Number("partial_rotary_factor") ?? config.Rope?.Number("partial_rotary_factor") ?? 0.25;
        draft.Set("rope.dimension_count", (long)(share * draft.KeyLength));
    }
}
