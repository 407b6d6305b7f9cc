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
            AttentionTensors = TensorsOfAttention, Compose = Decoder.WithAttention(Attention),
        },
    };

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
        var isWindow = list.Model.IsWindow(layer);
        Deepseek2.Attention(list, layer, isWindow ? "_swa" : string.Empty);
        list.Norm(layer, "attn_k_norm", list.Model.RotaryDimensions);
        list.Gate(layer, list.Model.Heads(layer));
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
