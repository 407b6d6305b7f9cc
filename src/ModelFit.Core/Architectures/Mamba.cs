using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>State space models (src/models/mamba.cpp, mamba2.cpp).</summary>
internal static class Mamba
{
    public static Architecture[] All { get; } =
    {
        new("mamba")
        {
            Classes = "MambaForCausalLM MambaLMHeadModel FalconMambaForCausalLM",
            TiesByDefault = true, RefusesTensorSplit = true, Served = ServedTraits.Unrotated,
            Configure = Configure,
            Shape = new() { ScansState = true, BlockNorms = Norms.One, FeedForward = FeedForwardKind.None },
            AttentionTensors = Mamba1, Compose = Composed(StateSpace.Mamba1),
            Likeness = new(12, "ssm_in.weight ssm_x.weight"),
        },
        new("mamba2")
        {
            Classes = "Mamba2ForCausalLM",
            TiesByDefault = true, RefusesTensorSplit = true, Served = ServedTraits.Unrotated,
            Configure = Configure2,
            Shape = new() { ScansState = true, BlockNorms = Norms.One, FeedForward = FeedForwardKind.None },
            AttentionTensors = Mamba2, Compose = Composed(StateSpace.Mamba2), Likeness = new(16, "ssm_in.weight"),
        },
    };

    public static Action<GraphBuilder> Composed(LayerPart block) =>
        Decoder.Composed((builder, layer, x) =>
        {
            var y = block(builder, layer, builder.Norm(layer, "attn_norm", x));
            y = builder.KeepOutputs(layer, y);
            return Add(y, builder.KeepOutputs(layer, x));
        });

    public static void Mamba1(TensorList list, int layer)
    {
        var width = list.Model.Embedding;
        var (inner, state, rank) = (
            list.Key("ssm.inner_size"), list.Key("ssm.state_size"), list.Key("ssm.time_step_rank"));
        list.Linear(layer, "ssm_in", width, 2 * inner);
        list.Linear(layer, "ssm_conv1d", list.Key("ssm.conv_kernel"), inner, bias: true);
        list.Linear(layer, "ssm_x", inner, rank + (2 * state));
        list.Linear(layer, "ssm_dt", rank, inner, bias: true);
        list.Block(layer, "ssm_a", state, inner);
        list.Block(layer, "ssm_d", inner);
        list.Linear(layer, "ssm_out", inner, width);
    }

    /// <summary>Attention in the layers that have key heads, the state space in the others.</summary>
    public static Action<TensorList, int> MixerOrAttention { get; } =
        DecoderTensors.Hybrid(DecoderTensors.Attention, Mamba2);

    public static void Mamba2(TensorList list, int layer) => Mamba2(list, layer, hasNorm: true);

    public static void Mamba2(TensorList list, int layer, bool hasNorm)
    {
        var width = list.Model.Embedding;
        var (inner, heads) = (list.Key("ssm.inner_size"), list.Key("ssm.time_step_rank"));
        var groups = list.Key("ssm.group_count");
        var convolved = inner + (2 * groups * list.Key("ssm.state_size"));
        list.Linear(layer, "ssm_in", width, inner + convolved + heads);
        list.Linear(layer, "ssm_conv1d", list.Key("ssm.conv_kernel"), convolved, bias: true);
        list.Block(layer, "ssm_dt.bias", heads);
        list.Block(layer, "ssm_a", 1, heads);
        list.Block(layer, "ssm_d", 1, heads);
        if (hasNorm) list.Linear(layer, "ssm_norm", Share(inner, groups), groups);
        list.Linear(layer, "ssm_out", inner, width);
    }

    /// <summary>A part of a whole; none where a damaged file says that there are none.</summary>
    public static long Share(long whole, long parts) => parts == 0 ? 0 : whole / parts;

    private static void Configure(ConfigDraft draft)
    {
        var width = draft[Keys.Embedding];
        Recurrent(draft);
        draft.State(draft.Config.Integer("intermediate_size", "d_inner") ?? 2 * width, groups: null);
        draft.Set("ssm.time_step_rank", draft.Config.Integer("time_step_rank", "dt_rank") ?? (width + 15) / 16);
    }

    private static void Configure2(ConfigDraft draft)
    {
        Recurrent(draft);
        var inner = (draft.Config.Integer("expand") ?? 2) * draft[Keys.Embedding];
        draft.State(inner, draft.Config.Integer("n_groups", "num_groups") ?? 1);
        var head = draft.Config.Integer("head_dim", "mamba_head_dim") ?? 64;
        draft.Set("ssm.time_step_rank", head > 0 ? inner / head : null);
    }

    private static void Recurrent(ConfigDraft draft)
    {
        const long unbounded = 1 << 20;
        draft.Set("context_length", unbounded);
        foreach (var key in new[] { Keys.Heads, Keys.KvHeads, Keys.FeedForward }) draft.Set(key, 0);
        foreach (var key in new[] { "attention.key_length", "attention.value_length", "rope.dimension_count" })
            draft.Remove(key);
    }
}
