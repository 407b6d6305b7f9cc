using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>
/// Latent attention with a gate a head, in some layers over a sliding window and in the others over the cells that an
/// indexer chose (src/models/dots3note.cpp, src/llama-kv-cache-dsa-iswa.cpp).
/// </summary>
internal static class Dots3Note
{
    public static Architecture[] All { get; } =
    {
        new("dots3note")
        {
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "Dots3NoteForCausalLM Dots3NoteForConditionalGeneration Dots3NoteTextForCausalLM",
            RefusesTensorSplit = true,
            Configure = Configure,
            Shape = new()
            {
                Experts = ExpertRules.FromMetadata, Window = WindowRule.Standard(0),
                RouterBias = ArchitectureShape.RouterBiasName,
            },
            AttentionTensors = TensorsOfAttention, Compose = Decoder.Composed(Layer),
        },
    };

    private static Tensor Layer(GraphBuilder builder, int layer, Tensor x) =>
        Decoder.Feed(builder, layer, Attention(builder, layer, builder.Norm(layer, "attn_norm", x)), x);

    private static Tensor Attention(GraphBuilder builder, int layer, Tensor x)
    {
        var low = Deepseek2.LowRankQueries(builder, layer, x);
        var chosen = builder.Model.IsWindowLayer[layer] ? null : SparseIndexer.Choose(builder, layer, x, low);
        var q = MulMat(builder.Required(layer, "attn_q_b"), low);
        return Deepseek2.Attention(
            builder, layer, x, q, chosen, y => builder.GatedValues(layer, y, x));
    }

    /// <summary>Latent attention of the lengths of the layer's kind, with a gate a head, and an indexer.</summary>
    private static void TensorsOfAttention(TensorList list, int layer)
    {
        var model = list.Model;
        var isWindow = model.Metadata.Flags(Keys.WindowPattern) is { } flags && layer < flags.Length && flags[layer];
        var (width, heads, rope) = (model.Embedding, model.Heads(layer), model.RotaryDimensions);
        long Of(string key) => isWindow && model.Metadata.Has(key + "_swa") ? list.Key(key + "_swa") : list.Key(key);
        var (latent, key, value) = (
            Of("attention.kv_lora_rank"), Of("attention.key_length_mla"), Of("attention.value_length_mla"));
        var rank = list.Key("attention.q_lora_rank");
        list.Linear(layer, "attn_q_a", width, rank);
        list.Norm(layer, "attn_q_a_norm", rank);
        list.Linear(layer, "attn_q_b", rank, heads * key);
        list.Linear(layer, "attn_kv_a_mqa", width, latent + rope);
        list.Norm(layer, "attn_kv_a_norm", latent);
        list.Norm(layer, "attn_k_norm", rope);
        list.Block(layer, "attn_k_b.weight", key - rope, latent, heads);
        list.Block(layer, "attn_v_b.weight", latent, value, heads);
        list.Gate(layer, heads);
        list.Linear(layer, "attn_output", heads * value, width);
        if (!isWindow) Deepseek32.Indexer(list, layer);
    }

    /// <summary>Other heads and lengths in the layers with a window.</summary>
    private static void Configure(ConfigDraft draft)
    {
        var config = draft.Config;
        draft.WindowPattern();
        var types = config.Texts("layer_types") ?? Array.Empty<string>();
        var (heads, windowed) = (draft[Keys.Heads], config.Integer("swa_num_attention_heads") ?? draft[Keys.Heads]);
        bool IsWindow(int layer) => layer >= types.Length || types[layer] == "sliding_attention";
        draft.SetEach(Keys.Heads, layer => IsWindow(layer) ? windowed : heads);
        var (latent, rope) = (config.Integer("swa_kv_lora_rank") ?? 0, config.Integer("swa_qk_rope_head_dim") ?? 0);
        draft.Set("attention.kv_lora_rank_swa", latent);
        draft.Set("attention.key_length_swa", latent + rope);
        draft.Set("attention.value_length_swa", latent);
        draft.Set("attention.key_length_mla_swa", (config.Integer("swa_qk_nope_head_dim") ?? 0) + rope);
        draft.Set("attention.value_length_mla_swa", config.Integer("swa_v_head_dim"));
    }
}
