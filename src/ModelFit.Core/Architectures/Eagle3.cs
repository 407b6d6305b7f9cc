using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using ModelFit.Models;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>
/// EAGLE-3 (src/models/eagle3.cpp): one layer that drafts for another model, from its tokens and from what three of its
/// layers say. Most files have no embedding of their own and are loaded beside the model that they draft for.
/// </summary>
internal static class Eagle3
{
    private const int TargetLayers = 3;
    private const string TargetWidth = "target_hidden_size";
    public const string DraftVocabulary = "draft_vocab_size";

    public static Architecture[] All { get; } =
    {
        new("eagle3")
        {
            LayoutAccuracy = Accuracy.Modelled, Accuracy = Accuracy.Modelled,
            Classes = "LlamaForCausalLMEagle3 Eagle3LlamaForCausalLM Eagle3Speculator Eagle3DraftModel",
            Configure = Configure,
            Shape = new() { HasEncoder = true },
            LayOut = LayOut, Compose = Compose,
        },
    };

    /// <summary>Most drafters bear Llama's class: the converter tells them by these (conversion/llama.py).</summary>
    public static bool IsDrafter(IModelConfig config) =>
        config.Has(DraftVocabulary) && config.Integer("num_hidden_layers") == 1;

    private static void Configure(ConfigDraft draft)
    {
        draft.Set(TargetWidth, draft.Config.Integer(TargetWidth) ?? draft[Keys.Embedding]);
        draft.Set(DraftVocabulary, draft.Config.Integer(DraftVocabulary));
    }

    private static void Compose(GraphBuilder builder)
    {
        const int layer = 0;
        var tokens = builder.Input("inp_tokens", TensorType.I32, builder.Tokens);
        var hidden = builder.Input("inp_embd", TensorType.F32, builder.Model.Embedding, builder.Tokens);
        var table = builder.Global("token_embd.weight", -1)
            ?? throw new GraphException("it takes its embedding from the model that it drafts for");
        var token = builder.Norm(layer, "attn_norm", GetRows(table, tokens));
        var before = builder.Norm(hidden, builder.Required(layer, "attn_norm_2"), null, -1);
        var residual = builder.Model.Metadata.Flag("norm_before_residual") == true ? before : hidden;
        var y = Add(Decoder.Attention(builder, layer, Concat(token, before)), residual);
        y = Add(builder.FeedForward(layer, builder.Norm(layer, "ffn_norm", y)), y);
        y.IsOutput = true;
        var rows = builder.Norm(GetRows(y, builder.OutputRows()), builder.OutputWeight("output_norm.weight"), null, -1);
        var output = builder.OutputWeight("output.weight")
            ?? throw new GraphException("it takes its output from the model that it drafts for");
        builder.Expand(OfWholeVocabulary(builder, MulMat(output, rows))).IsOutput = true;
    }

    /// <summary>The logits of fewer tokens, at the places that those have in the other model's vocabulary.</summary>
    public static Tensor OfWholeVocabulary(GraphBuilder builder, Tensor logits)
    {
        if (builder.OutputWeight("d2t") is not { } places) return logits;
        var (all, drafted, rows) = (builder.Model.Vocabulary, logits.Ne.D0, logits.Ne.D1);
        var hidden = Fill(TensorType.F32, 1, all, rows);
        var set = SetRows(hidden, Reshape(logits, 1, drafted, rows), Reshape(places, drafted));
        return Reshape(set, all, rows);
    }

    private static void LayOut(TensorList list)
    {
        const int layer = 0;
        var model = list.Model;
        var (width, target, drafted) = (model.Embedding, list.Key(TargetWidth), list.Key(DraftVocabulary));
        var (heads, kvHeads) = (model.Heads(layer), model.KvHeads(layer));
        if (target != width) list.Add("token_embd.weight", width, model.Vocabulary);
        if (drafted > 0) list.Add("d2t", drafted);
        list.Add("fc.weight", TargetLayers * target, width);
        if (model.Has(Traits.RopeFactors)) list.Add("rope_freqs.weight", model.RotaryDimensions / 2);
        list.Add("output_norm.weight", width);
        list.Add("output.weight", width, drafted > 0 ? drafted : model.Vocabulary);
        list.Norm(layer, "attn_norm", width);
        list.Norm(layer, "attn_norm_2", width);
        list.Linear(layer, "attn_q", 2 * width, model.KeyLength * heads);
        list.Linear(layer, "attn_k", 2 * width, model.KeyLength * kvHeads);
        list.Linear(layer, "attn_v", 2 * width, model.ValueLength * kvHeads);
        list.Linear(layer, "attn_output", model.KeyLength * heads, width);
        list.Norm(layer, "ffn_norm", width);
        list.DenseFeedForward(layer, model.FeedForward(layer));
    }
}
