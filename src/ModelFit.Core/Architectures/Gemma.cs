using ModelFit.Graph;

namespace ModelFit.Architectures;

/// <summary>Gemma 1 to 3 (src/models/gemma.cpp, gemma2.cpp, gemma3.cpp).</summary>
internal static class Gemma
{
    public static Architecture[] All { get; } =
    {
        new("gemma")
        {
            Classes = "GemmaForCausalLM",
            TiesByDefault = true,
            Shape = new() { ScalesEmbeddings = _ => true, ScalesQueries = true, AlwaysTied = true },
        },
        new("gemma2")
        {
            Classes = "Gemma2ForCausalLM",
            TiesByDefault = true,
            Shape = new()
            {
                Window = WindowRule.Standard(2, 4096), ScalesEmbeddings = _ => true, ScalesQueries = true,
                CapsAttention = _ => true, LogitScaling = _ => LogitScale.SoftCap, AlwaysTied = true,
                BlockNorms = Norms.Sandwich,
            },
            Likeness = new(26, "post_ffw_norm.weight attn_norm.weight attn_logit_softcapping"),
        },
        new("gemma3")
        {
            Classes = "Gemma3ForCausalLM Gemma3ForConditionalGeneration",
            Types = "gemma3text",
            TiesByDefault = true, Served = ServedTraits.TurnsWindowsApart | ServedTraits.Stretches,
            Configure = Configure,
            Shape = new()
            {
                Window = WindowRule.Standard(6), ScalesEmbeddings = _ => true, ScalesQueries = true,
                LogitScaling = Gemma4.Capped, HeadNorms = QkNormKind.Head, BlockNorms = Norms.Sandwich,
            },
            Likeness = new(27, "post_ffw_norm.weight attn_norm.weight attn_q_norm.weight !ffn_gate_exps.weight"),
        },
    };

    /// <summary>Multimodal ones leave out what is transformers' default (Gemma3TextConfig).</summary>
    public static void Configure(ConfigDraft draft)
    {
        draft.Default("vocab_size", 262144);
        draft.Default("context_length", 131072);
        draft.Default(Keys.Heads, 8);
        if (!draft.Config.Has("num_key_value_heads")) draft.Set(Keys.KvHeads, 4);
        draft.Default("attention.key_length", 256);
        draft.Default("attention.value_length", 256);
        if (draft.Config.Integer("sliding_window_pattern") == 1) draft.Remove(Keys.Window);
    }
}
