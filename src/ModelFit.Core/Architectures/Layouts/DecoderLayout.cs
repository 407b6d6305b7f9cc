using ModelFit.Models;

namespace ModelFit.Architectures.Layouts;

/// <summary>
/// Lays out an architecture of plain decoder blocks by its <see cref="DecoderStyle"/>. Names and shapes are those of
/// llama.cpp's load_arch_tensors (src/models/*.cpp).
/// </summary>
internal static class DecoderLayout
{
    /// <summary>Adds all tensors of the model to the list.</summary>
    public static void Build(TensorList list, DecoderStyle style)
    {
        Frame(list, style);
        var normal = list.Model.Layers - list.Model.PredictionLayers;
        for (var layer = 0; layer < list.Model.Layers; layer++)
        {
            Block(list, style, layer);
            if (layer >= normal) Prediction(list, style, layer);
        }
    }

    /// <summary>Adds what stands before and after the blocks: embeddings, output, frequency factors.</summary>
    public static void Frame(TensorList list, DecoderStyle style)
    {
        var model = list.Model;
        list.Add("token_embd.weight", model.Embedding, model.Vocabulary);
        if (style.OutputNorm)
        {
            list.Add("output_norm.weight", model.Embedding);
            if (style.NormBias) list.Add("output_norm.bias", model.Embedding);
        }
        if (!style.AlwaysTied && !model.Has(Traits.Tied))
            list.Add("output.weight", model.Embedding, model.Vocabulary);
        if (style.OutputBias) list.Add("output.bias", model.Vocabulary);
        if (model.Has(Traits.RopeFactors)) list.Add("rope_freqs.weight", model.RotaryDimensions / 2);
        if (model.Has(Traits.LongRope))
        {
            list.Add("rope_factors_long.weight", model.RotaryDimensions / 2);
            list.Add("rope_factors_short.weight", model.RotaryDimensions / 2);
        }
        style.Extra?.Invoke(list);
    }

    /// <summary>Adds one block: norms, attention, feed-forward.</summary>
    public static void Block(TensorList list, DecoderStyle style, int layer)
    {
        foreach (var norm in style.BlockNorms)
        {
            if (norm != "ffn_norm" || !list.Model.Has(Traits.Parallel))
                list.Norm(layer, norm, list.Model.Embedding, style.NormBias);
        }
        Attention(list, style, layer);
        FeedForward(list, style, layer);
        style.BlockExtra?.Invoke(list, layer);
    }

    /// <summary>Adds the attention's projections and head norms; nothing where a layer has no query heads.</summary>
    public static void Attention(TensorList list, DecoderStyle style, int layer)
    {
        var model = list.Model;
        var heads = model.Heads(layer);
        if (heads == 0) return;
        var query = model.KeyLength * heads;
        var key = model.KeyLength * model.KvHeads(layer);
        var value = model.ValueLength * model.KvHeads(layer);
        var bias = style.QkvBias || model.Has(Traits.QkvBias);
        if (style.FusedQkv && !model.Has(Traits.SplitQkv))
        {
            list.Linear(layer, "attn_qkv", model.Embedding, query + key + value, bias);
        }
        else
        {
            list.Linear(layer, "attn_q", model.Embedding, query, bias);
            list.Linear(layer, "attn_k", model.Embedding, key, bias);
            list.Linear(layer, "attn_v", model.Embedding, value, bias);
        }
        var outputBias = style.AttentionOutputBias || model.Has(Traits.AttentionOutputBias);
        list.Linear(layer, "attn_output", model.ValueLength * heads, model.Embedding, outputBias);
        if (!style.QkNormByTrait || model.Has(Traits.QkNorm)) QkNorm(list, style.QkNorm, layer);
    }

    /// <summary>Adds the dense or expert feed-forward of a layer.</summary>
    public static void FeedForward(TensorList list, DecoderStyle style, int layer)
    {
        if (IsExpertLayer(list.Model, style, layer)) Experts(list, style, layer);
        else Dense(list, style, layer);
    }

    private static void QkNorm(TensorList list, QkNormKind kind, int layer)
    {
        var model = list.Model;
        var (heads, kvHeads, length) = (model.Heads(layer), model.KvHeads(layer), model.KeyLength);
        switch (kind)
        {
            case QkNormKind.Head:
                list.Norm(layer, "attn_q_norm", length);
                list.Norm(layer, "attn_k_norm", length);
                break;
            case QkNormKind.Row:
                list.Norm(layer, "attn_q_norm", length * heads);
                list.Norm(layer, "attn_k_norm", length * kvHeads);
                break;
            case QkNormKind.EachHead:
                list.Block(layer, "attn_q_norm.weight", length, heads);
                list.Block(layer, "attn_k_norm.weight", length, kvHeads);
                break;
        }
    }

    private static void Dense(TensorList list, DecoderStyle style, int layer)
    {
        var (width, inner) = (list.Model.Embedding, list.Model.FeedForward(layer) / style.FeedForwardDivisor);
        if (inner == 0) return;
        var bias = style.FeedForwardBias;
        if (style.FeedForward == FeedForwardKind.Gated) list.Linear(layer, "ffn_gate", width, inner, bias);
        list.Linear(layer, "ffn_up", width, style.FeedForward == FeedForwardKind.Fused ? 2 * inner : inner, bias);
        list.Linear(layer, "ffn_down", inner, width, bias);
    }

    private static void Experts(TensorList list, DecoderStyle style, int layer)
    {
        var model = list.Model;
        var (width, inner, count) = (model.Embedding, model.ExpertFeedForward(layer), model.Experts);
        list.Linear(layer, "ffn_gate_inp", width, count, style.ExpertBias);
        var routerBias = style.RouterBias ?? (model.Has(Traits.RouterBias) ? DecoderStyle.RouterBiasName : null);
        if (routerBias is not null) list.Block(layer, routerBias, count);
        var matrices = style.PlainExperts ? new[] { "ffn_up" } : new[] { "ffn_gate", "ffn_up" };
        foreach (var name in matrices) list.Block(layer, name + "_exps.weight", width, inner, count);
        list.Block(layer, "ffn_down_exps.weight", inner, width, count);
        if (style.ExpertBias)
        {
            foreach (var name in matrices) list.Block(layer, name + "_exps.bias", inner, count);
            list.Block(layer, "ffn_down_exps.bias", width, count);
        }
        var shared = model.SharedFeedForward(layer);
        if (shared == 0) return;
        if (style.SharedExpertGate) list.Block(layer, "ffn_gate_inp_shexp.weight", width);
        foreach (var name in matrices) list.Linear(layer, name + "_shexp", width, shared);
        list.Linear(layer, "ffn_down_shexp", shared, width);
    }

    private static bool IsExpertLayer(Hyperparameters model, DecoderStyle style, int layer)
    {
        if (model.Experts == 0) return false;
        if (style.IsExpertLayer is { } rule) return rule(model, layer);
        return layer >= model.LeadingDense;
    }

    /// <summary>Adds what a layer for multi-token prediction has beside its block.</summary>
    public static void Prediction(TensorList list, DecoderStyle style, int layer, bool sharesHead = false)
    {
        var width = list.Model.Embedding;
        list.Block(layer, "nextn.eh_proj.weight", 2 * width, width);
        foreach (var norm in new[] { "nextn.enorm", "nextn.hnorm", style.PredictionNorm })
            list.Norm(layer, norm, width);
        if (sharesHead || list.Model.Has(Traits.SharedPredictionHead)) return;
        list.Block(layer, "nextn.embed_tokens.weight", width, list.Model.Vocabulary);
        list.Block(layer, "nextn.shared_head_head.weight", width, list.Model.Vocabulary);
    }
}
