using ModelFit.Graph;

namespace ModelFit.Architectures;

/// <summary>Step 3.5 (src/models/step35.cpp): gated attention, other heads in the layers with a window.</summary>
internal static class Step35
{
    public static Architecture[] All { get; } =
    {
        new("step35")
        {
            Classes = "Step3p5ForCausalLM Step3p7ForConditionalGeneration",
            Types = "step3p5 step3p7",
            Configure = Configure,
            KeepsPredictionLayers = true,
            Shape = new()
            {
                Window = WindowRule.Standard(4), HasPlainWindowRope = true, ReadsGateLimits = true,
                RowsCut = OutputRowsCut.BeforeFinalNorm,
                Experts = metadata => ExpertRules.FromMetadata(metadata, ExpertGating.Sigmoid),
                KeptPredictionWeights = new[]
                {
                    "attn_q_norm", "attn_k_norm", "attn_gate", "ffn_gate", "ffn_up", "ffn_down", "exp_probs_b",
                    "nextn.embed_tokens", "nextn.shared_head", "rope_freqs", "rope_factors",
                },
                HeadNorms = QkNormKind.Head, RouterBias = ArchitectureShape.RouterBiasName,
                IsExpertLayer = DecoderTensors.IsNoPrediction,
            },
            BlockTensors = Afmoe.GateOfHeads,
        },
    };

    private static void Configure(ConfigDraft draft)
    {
        draft.WindowPattern();
        var isWindowed = draft.OfType("sliding_attention");
        var other = draft.Config.Section("attention_other_setting");
        var (heads, kvHeads) = (draft[Keys.Heads], draft[Keys.KvHeads]);
        var windowedHeads = other?.Integer("num_attention_heads") ?? heads;
        var windowedKvHeads = other?.Integer("num_attention_groups") ?? kvHeads;
        draft.SetEach(Keys.Heads, layer => isWindowed(layer) ? windowedHeads : heads);
        draft.SetEach(Keys.KvHeads, layer => isWindowed(layer) ? windowedKvHeads : kvHeads);
        var first = draft.Config.Text("moe_layers_enum")?.Split(',')[0].Trim();
        if (long.TryParse(first, out var leading)) draft.Set(Keys.LeadingDense, leading);
    }
}
