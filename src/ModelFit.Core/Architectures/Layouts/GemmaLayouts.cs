using System.Collections.Generic;
using ModelFit.Models;

namespace ModelFit.Architectures.Layouts;

/// <summary>
/// The Gemmas with per-layer embeddings or two kinds of heads, after llama.cpp's src/models/gemma3n.cpp and gemma4.cpp.
/// </summary>
internal static class GemmaLayouts
{
    private static readonly DecoderStyle Style = new() { QkNorm = QkNormKind.Head };

    /// <summary>The layouts of these architectures.</summary>
    public static IReadOnlyDictionary<string, TensorLayout> Layouts { get; } = new Dictionary<string, TensorLayout>
    {
        ["gemma3n"] = new(Gemma3N),
        ["gemma4"] = new(Gemma4),
    };

    private static void Gemma3N(TensorList list)
    {
        var model = list.Model;
        var (width, inner) = (model.Embedding, Key(list, "embedding_length_per_layer_input"));
        var streams = Key(list, "altup.num_inputs");
        Frame(list, inner);
        list.Add("altup_proj.weight", width, width, streams - 1);
        list.Add("altup_unembd_proj.weight", width, width, streams - 1);
        for (var layer = 0; layer < model.Layers; layer++)
        {
            foreach (var norm in new[] { "attn_norm", "post_attention_norm", "ffn_norm", "post_ffw_norm" })
                list.Norm(layer, norm, width);
            DecoderLayout.Attention(list, Style, layer);
            DecoderLayout.FeedForward(list, Style, layer);
            PerLayerInput(list, layer, inner);
            list.Block(layer, "altup_correct_coef.weight", streams, streams);
            list.Block(layer, "altup_correct_scale.weight", width);
            list.Block(layer, "altup_predict_coef.weight", streams, streams * streams);
            list.Linear(layer, "altup_router", width, streams);
            list.Norm(layer, "altup_router_norm", width);
            list.Linear(layer, "laurel_l", width, LaurelRank);
            list.Linear(layer, "laurel_r", LaurelRank, width);
            list.Norm(layer, "laurel_post_norm", width);
        }
    }

    private const long LaurelRank = 64;

    private static void Gemma4(TensorList list)
    {
        var model = list.Model;
        var inner = Key(list, "embedding_length_per_layer_input");
        Frame(list, inner);
        list.Add("rope_freqs.weight", model.KeyLength / 2);
        for (var layer = 0; layer < model.Layers; layer++)
        {
            foreach (var norm in new[] { "attn_norm", "post_attention_norm", "ffn_norm", "post_ffw_norm" })
                list.Norm(layer, norm, model.Embedding);
            Attention4(list, layer);
            FeedForward4(list, layer);
            list.Block(layer, "layer_output_scale.weight", 1);
            if (inner > 0) PerLayerInput(list, layer, inner);
        }
    }

    private static void Attention4(TensorList list, int layer)
    {
        var model = list.Model;
        var windowed = model.Metadata.Flags("attention.sliding_window_pattern") is { } pattern && pattern[layer];
        var length = windowed ? Key(list, "attention.key_length_swa") : model.KeyLength;
        var (heads, kvHeads) = (model.Heads(layer), model.KvHeads(layer));
        list.Linear(layer, "attn_q", model.Embedding, length * heads);
        list.Norm(layer, "attn_q_norm", length);
        list.Linear(layer, "attn_k", model.Embedding, length * kvHeads);
        list.Norm(layer, "attn_k_norm", length);
        if (windowed || !model.Has(Traits.KeysAreValues))
            list.Linear(layer, "attn_v", model.Embedding, length * kvHeads);
        list.Linear(layer, "attn_output", length * heads, model.Embedding);
    }

    private static void FeedForward4(TensorList list, int layer)
    {
        var model = list.Model;
        var width = model.Embedding;
        list.Linear(layer, "ffn_gate", width, model.FeedForward(layer));
        list.Linear(layer, "ffn_up", width, model.FeedForward(layer));
        list.Linear(layer, "ffn_down", model.FeedForward(layer), width);
        if (model.Experts == 0) return;
        list.Linear(layer, "ffn_gate_inp", width, model.Experts);
        list.Block(layer, "ffn_gate_inp.scale", width);
        list.Norm(layer, "pre_ffw_norm_2", width);
        list.Norm(layer, "post_ffw_norm_1", width);
        list.Norm(layer, "post_ffw_norm_2", width);
        list.Block(layer, "ffn_gate_up_exps.weight", width, 2 * model.ExpertFeedForward(layer), model.Experts);
        list.Block(layer, "ffn_down_exps.weight", model.ExpertFeedForward(layer), width, model.Experts);
        list.Block(layer, "ffn_down_exps.scale", model.Experts);
    }

    private static void Frame(TensorList list, long inner)
    {
        var model = list.Model;
        list.Add("token_embd.weight", model.Embedding, model.Vocabulary);
        list.Add("output_norm.weight", model.Embedding);
        if (inner == 0) return;
        list.Add("per_layer_token_embd.weight", inner * model.Layers, model.Vocabulary);
        list.Add("per_layer_model_proj.weight", model.Embedding, inner * model.Layers);
        list.Add("per_layer_proj_norm.weight", inner);
    }

    private static void PerLayerInput(TensorList list, int layer, long inner)
    {
        list.Linear(layer, "inp_gate", list.Model.Embedding, inner);
        list.Linear(layer, "proj", inner, list.Model.Embedding);
        list.Norm(layer, "post_norm", list.Model.Embedding);
    }

    private static long Key(TensorList list, string key) => list.Model.Metadata.Integer(key, 0);
}
