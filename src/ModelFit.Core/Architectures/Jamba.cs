using ModelFit.Graph;
using ModelFit.Graph.Blocks;

namespace ModelFit.Architectures;

/// <summary>
/// Jamba (src/models/jamba.cpp): Mamba 1, or attention without rope, then a dense or sparse feed-forward.
/// </summary>
internal static class Jamba
{
    public static Architecture[] All { get; } =
    {
        new("jamba")
        {
            Classes = "JambaForCausalLM",
            RefusesTensorSplit = true, Served = ServedTraits.Unrotated,
            Configure = Configure,
            Shape = new()
            {
                ScansState = true, HasRope = (_, _) => false,
                Experts = _ => new ExpertRules { NormalizesWeights = false },
                IsExpertLayer = (_, layer) => layer % 2 == 1, AddsToInput = true, AddsToResidual = true,
            },
            AttentionTensors = DecoderTensors.Hybrid(DecoderTensors.Attention, Mixer),
            Compose = Decoder.WithAttention(Decoder.Hybrid(Decoder.Attention, StateSpace.Mamba1)),
            Likeness = new(11, "ssm_in.weight ssm_x.weight attn_q.weight"),
        },
    };

    private static void Mixer(TensorList list, int layer)
    {
        Mamba.Mamba1(list, layer);
        list.Norm(layer, "ssm_dt_norm", list.Key("ssm.time_step_rank"));
        list.Norm(layer, "ssm_b_norm", list.Key("ssm.state_size"));
        list.Norm(layer, "ssm_c_norm", list.Key("ssm.state_size"));
    }

    /// <summary>State-space layers, and attention at each period's offset.</summary>
    private static void Configure(ConfigDraft draft)
    {
        var config = draft.Config;
        draft.State((config.Integer("mamba_expand") ?? 2) * draft[Keys.Embedding], groups: null);
        draft.Set("ssm.time_step_rank", config.Integer("mamba_dt_rank"));
        var period = Math.Max(1, config.Integer("attn_layer_period") ?? 1);
        var offset = config.Integer("attn_layer_offset") ?? 0;
        draft.AttentionWhere(layer => layer >= offset && (layer - offset) % period == 0);
    }
}
