using System;
using System.Collections.Generic;
using ModelFit.Models;

namespace ModelFit.Architectures.Layouts;

/// <summary>
/// Architectures with state-space, short-convolution or gated delta-net layers, alone or between attention layers,
/// after llama.cpp's src/models/mamba.cpp, mamba2.cpp, jamba.cpp, falcon-h1.cpp, granite-hybrid.cpp, nemotron-h.cpp,
/// lfm2.cpp, qwen3next.cpp and qwen35.cpp. A layer without key/value heads is recurrent.
/// </summary>
internal static class StateSpaceLayouts
{
    private static readonly DecoderStyle Style = new();
    private static readonly DecoderStyle HeadNorms = new() { QkNorm = QkNormKind.Head };
    private static readonly DecoderStyle RouterBias = new() { RouterBias = DecoderStyle.RouterBiasName };
    private static readonly DecoderStyle GatedShared = new() { SharedExpertGate = true };

    // Jamba's experts replace every second feed-forward (expert_layer_period 2, expert_layer_offset 1).
    private static readonly DecoderStyle JambaExperts = new() { IsExpertLayer = (_, layer) => layer % 2 == 1 };

    private static readonly DecoderStyle NemotronFeedForward = new()
    {
        FeedForward = FeedForwardKind.Plain,
        PlainExperts = true,
        RouterBias = DecoderStyle.RouterBiasName,
    };

    /// <summary>The layouts of these architectures.</summary>
    public static IReadOnlyDictionary<string, TensorLayout> Layouts { get; } = new Dictionary<string, TensorLayout>
    {
        ["mamba"] = new(list => Build(list, Mamba1)),
        ["mamba2"] = new(list => Build(list, (l, layer) => Mamba2(l, layer, hasNorm: true))),
        ["jamba"] = new(list => Build(list, Jamba)),
        ["falcon-h1"] = new(list => Build(list, FalconH1)),
        ["granitehybrid"] = new(list => Build(list, GraniteHybrid)),
        ["nemotron_h"] = new(list => Build(list, NemotronH)),
        ["nemotron_h_moe"] = new(list => Build(list, NemotronH)),
        ["lfm2"] = new(list => Build(list, Lfm2, "token_embd_norm.weight")),
        ["lfm2moe"] = new(list => Build(list, Lfm2, "token_embd_norm.weight")),
        ["qwen3next"] = new(list => Build(list, QwenNext)),
        ["qwen35"] = new(list => Build(list, QwenNext)),
        ["qwen35moe"] = new(list => Build(list, QwenNext)),
    };

    private static void Build(TensorList list, Action<TensorList, int> block, string outputNorm = "output_norm.weight")
    {
        var model = list.Model;
        list.Add("token_embd.weight", model.Embedding, model.Vocabulary);
        list.Add(outputNorm, model.Embedding);
        if (!model.Has(Traits.Tied)) list.Add("output.weight", model.Embedding, model.Vocabulary);
        for (var layer = 0; layer < model.Layers; layer++) block(list, layer);
    }

    private static void Jamba(TensorList list, int layer)
    {
        var width = list.Model.Embedding;
        if (list.Model.KvHeads(layer) == 0)
        {
            Mamba1(list, layer);
            list.Norm(layer, "ssm_dt_norm", Ssm(list, "time_step_rank"));
            list.Norm(layer, "ssm_b_norm", Ssm(list, "state_size"));
            list.Norm(layer, "ssm_c_norm", Ssm(list, "state_size"));
        }
        else
        {
            list.Norm(layer, "attn_norm", width);
            DecoderLayout.Attention(list, Style, layer);
        }
        list.Norm(layer, "ffn_norm", width);
        DecoderLayout.FeedForward(list, JambaExperts, layer);
    }

    private static void FalconH1(TensorList list, int layer)
    {
        Mamba2(list, layer, hasNorm: list.Model.Has(Traits.StateNorm));
        DecoderLayout.Attention(list, Style, layer);
        list.Block(layer, "ffn_norm", list.Model.Embedding);
        DecoderLayout.FeedForward(list, Style, layer);
    }

    private static void GraniteHybrid(TensorList list, int layer)
    {
        MixerOrAttention(list, layer);
        list.Norm(layer, "ffn_norm", list.Model.Embedding);
        DecoderLayout.FeedForward(list, Style, layer);
    }

    private static void NemotronH(TensorList list, int layer)
    {
        var model = list.Model;
        var isPrediction = IsPrediction(model, layer);
        if (isPrediction || model.FeedForward(layer) == 0) MixerOrAttention(list, layer);
        if (model.FeedForward(layer) == 0) return;
        list.Norm(layer, isPrediction ? "post_attention_norm" : "attn_norm", model.Embedding);
        var latent = model.Metadata.Integer("moe_latent_size", 0);
        if (latent == 0) DecoderLayout.FeedForward(list, NemotronFeedForward, layer);
        else LatentExperts(list, layer, latent);
        if (isPrediction) DecoderLayout.Prediction(list, Style, layer, sharesHead: true);
    }

    private static void LatentExperts(TensorList list, int layer, long latent)
    {
        var model = list.Model;
        var (width, inner, count) = (model.Embedding, model.ExpertFeedForward(layer), model.Experts);
        var shared = model.SharedFeedForward(layer);
        list.Linear(layer, "ffn_gate_inp", width, count);
        list.Block(layer, "exp_probs_b.bias", count);
        list.Linear(layer, "ffn_latent_down", width, latent);
        list.Linear(layer, "ffn_latent_up", latent, width);
        list.Block(layer, "ffn_down_exps.weight", inner, latent, count);
        list.Block(layer, "ffn_up_exps.weight", latent, inner, count);
        list.Linear(layer, "ffn_down_shexp", shared, width);
        list.Linear(layer, "ffn_up_shexp", width, shared);
    }

    private static void MixerOrAttention(TensorList list, int layer)
    {
        if (list.Model.KvHeads(layer) == 0)
        {
            Mamba2(list, layer, hasNorm: true);
            return;
        }
        list.Norm(layer, "attn_norm", list.Model.Embedding);
        DecoderLayout.Attention(list, Style, layer);
    }

    private static void Lfm2(TensorList list, int layer)
    {
        var width = list.Model.Embedding;
        list.Norm(layer, "attn_norm", width);
        if (list.Model.KvHeads(layer) > 0)
        {
            DecoderLayout.Attention(list, HeadNorms, layer);
        }
        else
        {
            list.Linear(layer, "shortconv.conv", list.Model.Metadata.Integer("shortconv.l_cache", 0), width);
            list.Linear(layer, "shortconv.in_proj", width, 3 * width);
            list.Linear(layer, "shortconv.out_proj", width, width);
        }
        list.Norm(layer, "ffn_norm", width);
        DecoderLayout.FeedForward(list, RouterBias, layer);
    }

    private static void QwenNext(TensorList list, int layer)
    {
        var model = list.Model;
        var width = model.Embedding;
        list.Norm(layer, "attn_norm", width);
        var interval = model.Metadata.Integer("full_attention_interval", 4);
        var isPrediction = IsPrediction(model, layer);
        if (isPrediction || (layer + 1) % interval == 0) GatedAttention(list, layer);
        else DeltaNet(list, layer);
        list.Norm(layer, "post_attention_norm", width);
        DecoderLayout.FeedForward(list, GatedShared, layer);
        if (isPrediction) DecoderLayout.Prediction(list, Style, layer);
    }

    private static bool IsPrediction(Hyperparameters model, int layer) =>
        layer >= model.Layers - model.PredictionLayers;

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

    private static void DeltaNet(TensorList list, int layer)
    {
        var width = list.Model.Embedding;
        var (head, groups, heads) = (Ssm(list, "state_size"), Ssm(list, "group_count"), Ssm(list, "time_step_rank"));
        var (keys, values) = (head * groups, Ssm(list, "inner_size"));
        list.Linear(layer, "attn_qkv", width, (2 * keys) + values);
        list.Linear(layer, "attn_gate", width, values);
        list.Linear(layer, "ssm_conv1d", Ssm(list, "conv_kernel"), (2 * keys) + values);
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
        list.Norm(layer, "ssm_norm", Share(values, heads));
        list.Linear(layer, "ssm_out", values, width);
    }

    private static void Mamba1(TensorList list, int layer)
    {
        var width = list.Model.Embedding;
        var (inner, state, rank) = (Ssm(list, "inner_size"), Ssm(list, "state_size"), Ssm(list, "time_step_rank"));
        list.Norm(layer, "attn_norm", width);
        list.Linear(layer, "ssm_in", width, 2 * inner);
        list.Linear(layer, "ssm_conv1d", Ssm(list, "conv_kernel"), inner, bias: true);
        list.Linear(layer, "ssm_x", inner, rank + (2 * state));
        list.Linear(layer, "ssm_dt", rank, inner, bias: true);
        list.Block(layer, "ssm_a", state, inner);
        list.Block(layer, "ssm_d", inner);
        list.Linear(layer, "ssm_out", inner, width);
    }

    private static void Mamba2(TensorList list, int layer, bool hasNorm)
    {
        var width = list.Model.Embedding;
        var (inner, heads) = (Ssm(list, "inner_size"), Ssm(list, "time_step_rank"));
        var groups = Ssm(list, "group_count");
        var convolved = inner + (2 * groups * Ssm(list, "state_size"));
        list.Norm(layer, "attn_norm", width);
        list.Linear(layer, "ssm_in", width, inner + convolved + heads);
        list.Linear(layer, "ssm_conv1d", Ssm(list, "conv_kernel"), convolved, bias: true);
        list.Block(layer, "ssm_dt.bias", heads);
        list.Block(layer, "ssm_a", 1, heads);
        list.Block(layer, "ssm_d", 1, heads);
        if (hasNorm) list.Linear(layer, "ssm_norm", Share(inner, groups), groups);
        list.Linear(layer, "ssm_out", inner, width);
    }

    /// <summary>A part of a whole; none where a damaged file says that there are none.</summary>
    private static long Share(long whole, long parts) => parts == 0 ? 0 : whole / parts;

    private static long Ssm(TensorList list, string key) => list.Model.Metadata.Integer("ssm." + key, 0);
}
