using ModelFit.Graph;
using ModelFit.Models;

namespace ModelFit.Architectures;

/// <summary>
/// Lays out an architecture of plain decoder blocks by its <see cref="ArchitectureShape"/>. Names and shapes are those
/// of llama.cpp's load_arch_tensors (src/models/*.cpp).
/// </summary>
internal static class DecoderTensors
{
    /// <summary>Adds all tensors of the model to the list.</summary>
    public static void Build(this TensorList list)
    {
        Frame(list);
        for (var layer = 0; layer < list.Model.Layers; layer++)
        {
            Block(list, layer);
            if (IsPrediction(list, layer)) Prediction(list, layer);
        }
    }

    /// <summary>Adds what stands before and after the blocks: embeddings, output, frequency factors.</summary>
    public static void Frame(this TensorList list)
    {
        var model = list.Model;
        list.Add("token_embd.weight", model.Embedding, model.Vocabulary);
        if (list.Shape.OutputNormHasWeight && list.Shape.OutputNorm.Length > 0)
        {
            list.Add(list.Shape.OutputNorm + ".weight", model.Embedding);
            if (list.Shape.NormBias) list.Add(list.Shape.OutputNorm + ".bias", model.Embedding);
        }
        if (!list.Shape.AlwaysTied && !model.Has(Traits.Tied))
            list.Add("output.weight", model.Embedding, model.Vocabulary);
        if (list.Shape.OutputBias) list.Add("output.bias", model.Vocabulary);
        if (model.Has(Traits.RopeFactors)) list.Add("rope_freqs.weight", model.RotaryDimensions / 2);
        if (model.Has(Traits.LongRope))
        {
            list.Add("rope_factors_long.weight", model.RotaryDimensions / 2);
            list.Add("rope_factors_short.weight", model.RotaryDimensions / 2);
        }
        list.Architecture.FrameTensors?.Invoke(list);
    }

    /// <summary>Adds one block: norms, attention, feed-forward.</summary>
    public static void Block(this TensorList list, int layer)
    {
        foreach (var norm in list.Shape.BlockNorms)
        {
            if (norm != "ffn_norm" || !list.Model.Has(Traits.Parallel))
                list.Norm(layer, norm, list.Model.Embedding, list.Shape.NormBias);
        }
        list.Architecture.AttentionTensors(list, layer);
        FeedForward(list, layer);
        list.Architecture.BlockTensors?.Invoke(list, layer);
    }

    /// <summary>Adds the attention's projections and head norms; nothing where a layer has no query heads.</summary>
    public static void Attention(this TensorList list, int layer)
    {
        var model = list.Model;
        var heads = model.Heads(layer);
        if (heads == 0) return;
        var query = model.KeyLength * heads;
        var key = model.KeyLength * model.KvHeads(layer);
        var value = model.ValueLength * model.KvHeads(layer);
        var bias = list.Shape.QkvBias || model.Has(Traits.QkvBias);
        if (list.Shape.FusedQkv && !model.Has(Traits.SplitQkv))
        {
            list.Linear(layer, "attn_qkv", model.Embedding, query + key + value, bias);
        }
        else
        {
            list.Linear(layer, "attn_q", model.Embedding, query, bias);
            list.Linear(layer, "attn_k", model.Embedding, key, bias);
            list.Linear(layer, "attn_v", model.Embedding, value, bias);
        }
        var outputBias = list.Shape.AttentionOutputBias || model.Has(Traits.AttentionOutputBias);
        list.Linear(layer, "attn_output", model.ValueLength * heads, model.Embedding, outputBias);
        if (!list.Shape.HeadNormsByTrait || model.Has(Traits.QkNorm)) HeadNorms(list, list.Shape.HeadNorms, layer);
    }

    /// <summary>The tensors of attention in the layers that have key heads, of something else in the others.</summary>
    public static Action<TensorList, int> Hybrid(Action<TensorList, int> attention, Action<TensorList, int> other) =>
        (list, layer) => (list.Model.KvHeads(layer) > 0 ? attention : other)(list, layer);

    /// <summary>Adds the dense or expert feed-forward of a layer.</summary>
    public static void FeedForward(this TensorList list, int layer)
    {
        if (list.Shape.FeedForward == FeedForwardKind.None) return;
        if (IsExpertLayer(list, layer)) Experts(list, layer);
        else Dense(list, layer);
    }

    private static void HeadNorms(TensorList list, QkNormKind kind, int layer)
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

    /// <summary>Gate, up and down of a dense feed-forward; none of no width.</summary>
    public static void DenseFeedForward(this TensorList list, int layer, long inner)
    {
        if (inner == 0) return;
        list.Linear(layer, "ffn_gate", list.Model.Embedding, inner);
        list.Linear(layer, "ffn_up", list.Model.Embedding, inner);
        list.Linear(layer, "ffn_down", inner, list.Model.Embedding);
    }

    /// <summary>A projection of the input that gates attention's result.</summary>
    public static void Gate(this TensorList list, int layer, long width) =>
        list.Linear(layer, "attn_gate", list.Model.Embedding, width);

    /// <summary>A score a head that attention gives to nothing.</summary>
    public static void Sinks(this TensorList list, int layer) =>
        list.Block(layer, "attn_sinks.weight", list.Model.Heads(layer));

    /// <summary>Whether a layer predicts further tokens.</summary>
    public static bool IsPrediction(this TensorList list, int layer) =>
        layer >= list.Model.Layers - list.Model.PredictionLayers;

    private static void Dense(TensorList list, int layer)
    {
        var (width, inner) = (list.Model.Embedding, list.Model.FeedForward(layer) / list.Shape.FeedForwardDivisor);
        if (inner == 0) return;
        var bias = list.Shape.FeedForwardBias;
        if (list.Shape.FeedForward == FeedForwardKind.Gated) list.Linear(layer, "ffn_gate", width, inner, bias);
        list.Linear(layer, "ffn_up", width, list.Shape.FeedForward == FeedForwardKind.Fused ? 2 * inner : inner, bias);
        list.Linear(layer, "ffn_down", inner, width, bias);
    }

    private static void Experts(TensorList list, int layer)
    {
        var model = list.Model;
        var (width, inner, count) = (model.Embedding, model.ExpertFeedForward(layer), model.Experts);
        list.Linear(layer, "ffn_gate_inp", width, count, list.Shape.ExpertBias);
        var routerBias = list.Shape.RouterBias
            ?? (model.Has(Traits.RouterBias) ? ArchitectureShape.RouterBiasName : null);
        if (routerBias is not null) list.Block(layer, routerBias, count);
        list.ExpertMatrices(layer, width);
        if (list.Shape.ExpertBias)
        {
            foreach (var name in Inputs(list)) list.Block(layer, name + "_exps.bias", inner, count);
            list.Block(layer, "ffn_down_exps.bias", width, count);
        }
        list.SharedExpert(layer);
    }

    /// <summary>The matrices of all experts of a layer, over an input of some width.</summary>
    public static void ExpertMatrices(this TensorList list, int layer, long width)
    {
        var (inner, count) = (list.Model.ExpertFeedForward(layer), list.Model.Experts);
        foreach (var name in Inputs(list)) list.Block(layer, name + "_exps.weight", width, inner, count);
        list.Block(layer, "ffn_down_exps.weight", inner, width, count);
    }

    /// <summary>The expert that every token passes, with its gate if it has one; nothing without one.</summary>
    public static void SharedExpert(this TensorList list, int layer)
    {
        var (width, shared) = (list.Model.Embedding, list.Model.SharedFeedForward(layer));
        if (shared == 0) return;
        if (list.Shape.SharedExpertGate) list.Block(layer, "ffn_gate_inp_shexp.weight", width);
        foreach (var name in Inputs(list)) list.Linear(layer, name + "_shexp", width, shared);
        list.Linear(layer, "ffn_down_shexp", shared, width);
    }

    private static string[] Inputs(TensorList list) =>
        list.Shape.PlainExperts ? new[] { "ffn_up" } : new[] { "ffn_gate", "ffn_up" };

    private static bool IsExpertLayer(TensorList list, int layer)
    {
        if (list.Model.Experts == 0) return false;
        if (list.Shape.IsExpertLayer is { } rule) return rule(list.Model, layer);
        return layer >= list.Model.LeadingDense;
    }

    /// <summary>Whether a layer is a whole number of steps from the start (<c>interleave_moe_layer_step</c>).</summary>
    public static bool IsStep(Hyperparameters model, int layer)
    {
        var step = model.Metadata.Integer("interleave_moe_layer_step", 0);
        return step > 0 && (layer + 1) % step == 0;
    }

    /// <summary>The same after the dense layers.</summary>
    public static bool IsStepAfterDense(Hyperparameters model, int layer) =>
        layer >= model.LeadingDense && IsStep(model, layer);

    /// <summary>Whether a layer is neither one of the dense ones nor one for multi-token prediction.</summary>
    public static bool IsNoPrediction(Hyperparameters model, int layer) =>
        layer >= model.LeadingDense && layer < model.Layers - model.PredictionLayers;

    /// <summary>Adds what a layer for multi-token prediction has beside its block.</summary>
    public static void Prediction(this TensorList list, int layer)
    {
        var width = list.Model.Embedding;
        list.Block(layer, "nextn.eh_proj.weight", 2 * width, width);
        foreach (var norm in new[] { "nextn.enorm", "nextn.hnorm", list.Shape.PredictionNorm })
            list.Norm(layer, norm, width);
        if (list.Shape.SharesPredictionHead || list.Model.Has(Traits.SharedPredictionHead)) return;
        list.Block(layer, "nextn.embed_tokens.weight", width, list.Model.Vocabulary);
        list.Block(layer, "nextn.shared_head_head.weight", width, list.Model.Vocabulary);
    }
}
