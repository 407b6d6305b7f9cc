using ModelFit.Graph;
using ModelFit.Graph.Blocks;

namespace ModelFit.Architectures;

/// <summary>
/// PLaMo 2 (src/models/plamo2.cpp): the common layer, whose attention is Mamba 2 in every other; and PLaMo 3
/// (plamo3.cpp).
/// </summary>
internal static class Plamo2
{
    public static Architecture[] All { get; } =
    {
        new("plamo2")
        {
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "Plamo2ForCausalLM PLaMo2ForCausalLM",
            RefusesTensorSplit = true,
            Configure = Configure,
            Shape = new() { ScansState = true, PinsLastNorm = true, FeedForward = FeedForwardKind.Fused },
            AttentionTensors = DecoderTensors.Hybrid(NormedAttention, StateTensors), BlockTensors = NamelessNorms,
            Compose = Decoder.WithAttention(Decoder.Hybrid(Decoder.Attention, StateSpace.NormedMamba2)),
            Likeness = new(10, "ssm_in.weight ssm_x.weight attn_qkv.weight"),
        },
        new("plamo3")
        {
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "Plamo3ForCausalLM PLaMo3ForCausalLM",
            Shape = new()
            {
                Window = WindowRule.Standard(8), FusedQkv = true, HeadNorms = QkNormKind.Head,
                FeedForward = FeedForwardKind.Fused,
            },
            BlockTensors = NamelessNorms,
        },
    };

    private static void NamelessNorms(TensorList list, int layer)
    {
        list.Block(layer, "post_attention_norm", list.Model.Embedding);
        list.Block(layer, "post_ffw_norm", list.Model.Embedding);
    }

    private static void NormedAttention(TensorList list, int layer)
    {
        var (width, heads, kvHeads, length) =
            (list.Model.Embedding, list.Model.Heads(layer), list.Model.KvHeads(layer), list.Model.KeyLength);
        list.Linear(layer, "attn_qkv", width, length * (heads + (2 * kvHeads)));
        list.Block(layer, "attn_q_norm.weight", length, heads);
        list.Block(layer, "attn_k_norm.weight", length, kvHeads);
        list.Linear(layer, "attn_output", length * heads, width);
    }

    private static void StateTensors(TensorList list, int layer)
    {
        var (width, inner) = (list.Model.Embedding, list.Key("ssm.inner_size"));
        var (state, heads) = (list.Key("ssm.state_size"), list.Key("ssm.time_step_rank"));
        var rank = Math.Max(LeastRank, width / RankShare);
        list.Linear(layer, "ssm_in", width, 2 * inner);
        list.Linear(layer, "ssm_conv1d", list.Key("ssm.conv_kernel"), inner);
        list.Linear(layer, "ssm_x", inner, rank + (2 * state));
        list.Linear(layer, "ssm_dt", rank, heads);
        list.Block(layer, "ssm_dt.bias", heads);
        foreach (var name in new[] { "ssm_a", "ssm_d" }) list.Block(layer, name, heads);
        list.Linear(layer, "ssm_out", inner, width);
        list.Block(layer, "ssm_dt_norm", rank);
        foreach (var name in new[] { "ssm_b_norm", "ssm_c_norm" }) list.Block(layer, name, state);
    }

    // plamo2.cpp, load_arch_tensors: dt_dim = max(64, hidden_size / 16).
    private const long LeastRank = 64;
    private const long RankShare = 16;

    /// <summary>Attention in the middle of each step of layers (conversion/plamo.py).</summary>
    private static void Configure(ConfigDraft draft)
    {
        var config = draft.Config;
        var step = Math.Max(1, config.Integer("mamba_step") ?? 2);
        var heads = config.Integer("mamba_num_heads") ?? 64;
        draft.State(heads * draft.KeyLength, groups: 0);
        draft.Set("ssm.time_step_rank", heads);
        draft.AttentionWhere(layer => draft.Layers <= step / 2 ? layer == draft.Layers - 1 : layer % step == step / 2);
    }
}
