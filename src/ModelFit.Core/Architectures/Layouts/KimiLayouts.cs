using System.Collections.Generic;

namespace ModelFit.Architectures.Layouts;

/// <summary>
/// Hybrids of Kimi's delta attention and latent attention, after llama.cpp's src/models/kimi-linear.cpp and
/// kimi-k3.cpp.
/// </summary>
internal static class KimiLayouts
{
    private static readonly DecoderStyle Style = new();

    /// <summary>The layouts of these architectures.</summary>
    public static IReadOnlyDictionary<string, TensorLayout> Layouts { get; } = new Dictionary<string, TensorLayout>
    {
        ["kimi-linear"] = new(list => LatentAttentionLayouts.Build(list, DeltaOrLatent)),
        ["kimi-k3"] = new(BuildMixed),
    };

    /// <summary>Kimi K3: scores of the residual stream's checkpoints, gated attention, experts over a latent.</summary>
    private static void BuildMixed(TensorList list)
    {
        var model = list.Model;
        var mixes = model.Metadata.Integer("attn_res.block_size", 0) > 0;
        DecoderLayout.Frame(list, Style);
        if (mixes) list.Add("output_res_score.weight", model.Embedding);
        for (var layer = 0; layer < model.Layers; layer++)
        {
            list.Norm(layer, "attn_norm", model.Embedding);
            list.Norm(layer, "ffn_norm", model.Embedding);
            if (mixes)
            {
                list.Norm(layer, "attn_res_score", model.Embedding);
                list.Norm(layer, "ffn_res_score", model.Embedding);
            }

            if (model.KvHeads(layer) > 0) GatedLatent(list, layer);
            else WidelyGatedDelta(list, layer);
            if (layer < model.LeadingDense) DecoderLayout.FeedForward(list, Style, layer);
            else LatentExperts(list, layer);
        }
    }

    private static void DeltaOrLatent(TensorList list, int layer)
    {
        if (list.Model.KvHeads(layer) > 0)
        {
            LatentAttentionLayouts.Attention(list, layer);
            return;
        }

        var (heads, length) = Delta(list, layer);
        list.Block(layer, "ssm_a", 1, heads);
        list.Linear(layer, "ssm_g_a", list.Model.Embedding, length);
        list.Linear(layer, "ssm_g_b", length, length * heads);
    }

    private static void WidelyGatedDelta(TensorList list, int layer)
    {
        var (heads, length) = Delta(list, layer);
        list.Block(layer, "ssm_a", heads);
        list.Linear(layer, "ssm_g", list.Model.Embedding, length * heads);
    }

    private static void GatedLatent(TensorList list, int layer)
    {
        var model = list.Model;
        LatentAttentionLayouts.Attention(list, layer);
        var value = model.Metadata.Integer("attention.value_length_mla", model.ValueLength);
        list.Linear(layer, "attn_gate", model.Embedding, model.Heads(layer) * value);
    }

    /// <summary>What both have of delta attention; returns its heads and their length.</summary>
    private static (long Heads, long Length) Delta(TensorList list, int layer)
    {
        var model = list.Model;
        var width = model.Embedding;
        var heads = model.Heads(layer);
        var head = model.Metadata.Integer("kda.head_dim", 0);
        var kernel = model.Metadata.Integer("ssm.conv_kernel", 0);
        foreach (var name in new[] { "q", "k", "v" })
        {
            list.Block(layer, $"ssm_conv1d_{name}.weight", kernel, 1, head * heads);
            list.Linear(layer, "attn_" + name, width, head * heads);
        }

        list.Linear(layer, "ssm_f_a", width, head);
        list.Linear(layer, "ssm_f_b", head, head * heads);
        list.Linear(layer, "ssm_beta", width, heads);
        list.Block(layer, "ssm_dt.bias", head * heads);
        list.Norm(layer, "ssm_norm", head);
        list.Linear(layer, "attn_output", head * heads, width);
        return (heads, head);
    }

    private static void LatentExperts(TensorList list, int layer)
    {
        var (model, metadata) = (list.Model, list.Model.Metadata);
        var (width, inner, count) = (model.Embedding, model.ExpertFeedForward(layer), model.Experts);
        var latent = metadata.Integer("expert_latent_length", 0);
        var narrow = latent > 0 ? latent : width;
        list.Linear(layer, "ffn_gate_inp", width, count);
        list.Block(layer, "exp_probs_b.bias", count);
        list.Block(layer, "ffn_gate_exps.weight", narrow, inner, count);
        list.Block(layer, "ffn_down_exps.weight", inner, narrow, count);
        list.Block(layer, "ffn_up_exps.weight", narrow, inner, count);
        if (latent > 0)
        {
            list.Linear(layer, "ffn_routed_down", width, latent);
            list.Linear(layer, "ffn_routed_up", latent, width);
            list.Norm(layer, "ffn_routed_norm", latent);
        }

        var shared = inner * metadata.Integer("expert_shared_count", 1);
        list.Linear(layer, "ffn_gate_shexp", width, shared);
        list.Linear(layer, "ffn_down_shexp", shared, width);
        list.Linear(layer, "ffn_up_shexp", width, shared);
    }
}
