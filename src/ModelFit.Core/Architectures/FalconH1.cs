using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using ModelFit.Models;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>Falcon H1 (src/models/falcon-h1.cpp): attention and state space side by side in each layer.</summary>
internal static class FalconH1
{
    public static Architecture[] All { get; } =
    {
        new("falcon-h1")
        {
            Classes = "FalconH1ForCausalLM",
            TiesByDefault = true, RefusesTensorSplit = true,
            Configure = Configure,
            Shape = new() { ScansState = true, BlockNorms = Norms.One },
            AttentionTensors = BothTensors, Compose = Decoder.Composed(BesideLayer),
            Likeness = new(13, "blk.0.ssm_in.weight blk.0.attn_q.weight"),
        },
    };

    /// <summary>Attention and state space side by side in each layer.</summary>
    private static Tensor BesideLayer(GraphBuilder builder, int layer, Tensor x)
    {
        var attention = Decoder.Attention(builder, layer, builder.Norm(layer, "attn_norm", x));
        var y = Add(attention, StateSpace.Mamba2(builder, layer, builder.Norm(layer, "attn_norm", x)));
        var residual = builder.KeepOutputs(layer, Add(y, x));
        return Add(builder.FeedForward(layer, builder.Norm(layer, "ffn_norm", residual)), residual);
    }

    private static void BothTensors(TensorList list, int layer)
    {
        Mamba.Mamba2(list, layer, hasNorm: list.Model.Has(Traits.StateNorm));
        list.Attention(layer);
        list.Block(layer, "ffn_norm", list.Model.Embedding);
    }

    private static void Configure(ConfigDraft draft)
    {
        draft.State(draft.Config.Integer("mamba_d_ssm") ?? 0, draft.Config.Integer("mamba_n_groups"));
        draft.Set("ssm.time_step_rank", draft.Config.Integer("mamba_n_heads"));
    }
}
