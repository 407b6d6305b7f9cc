using ModelFit.Graph.Blocks;

namespace ModelFit.Architectures;

/// <summary>Granite with state space layers (src/models/granite-hybrid.cpp).</summary>
internal static class GraniteHybrid
{
    public static Architecture[] All { get; } =
    {
        new("granitehybrid")
        {
            Classes = "GraniteMoeHybridForCausalLM BambaForCausalLM",
            Types = "granitemoehybrid",
            RefusesTensorSplit = true, Served = ServedTraits.Unrotated,
            Configure = Configure,
            Shape = Granite.Scaled with
            {
                ScansState = true,
                HasRope = (model, _) => model.Metadata.Flag("rope.scaling.finetuned") ?? true,
            },
            AttentionTensors = Mamba.MixerOrAttention,
            Compose = Decoder.WithAttention(Decoder.Hybrid(Decoder.Attention, StateSpace.Mamba2)),
            Likeness = new(14, "ssm_in.weight attn_q.weight ffn_norm.weight"),
        },
    };

    /// <summary>State-space layers of the second kind, and attention where the types of the layers say so.</summary>
    private static void Configure(ConfigDraft draft)
    {
        ConfigDraft.SharedExpert(draft);
        var heads = draft.Config.Integer("mamba_n_heads") ?? 0;
        draft.State(heads * (draft.Config.Integer("mamba_d_head") ?? 64), draft.Config.Integer("mamba_n_groups"));
        draft.Set("ssm.time_step_rank", heads);
        var isAttention = draft.OfType("attention", "layer_types", "layers_block_type");
        var attended = draft.Config.Integers("attn_layer_indices") ?? Array.Empty<long>();
        draft.AttentionWhere(layer => attended.Contains(layer) || isAttention(layer));
    }
}
