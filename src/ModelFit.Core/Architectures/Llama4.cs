using ModelFit.Graph;

namespace ModelFit.Architectures;

/// <summary>Llama 4 (src/models/llama4.cpp): chunked attention, rope in some layers, experts in some.</summary>
internal static class Llama4
{
    public static Architecture[] All { get; } =
    {
        new("llama4")
        {
            Classes = "Llama4ForConditionalGeneration Llama4ForCausalLM",
            Types = "llama4text",
            Served = ServedTraits.CachesChunksWhole,
            Configure = Configure,
            Shape = new()
            {
                Window = metadata => metadata.Integer("attention.sliding_window") == 0
                    ? null
                    : new WindowRule(8192, 4),
                HasRope = (model, layer) => (layer + 1) % (model.HasWindow ? 4 : model.Layers) != 0,
                NormsAfterRope = true,
                Experts = _ => new ExpertRules
                {
                    Gating = ExpertGating.Sigmoid, NormalizesWeights = false, WeightsBefore = true,
                },
                IsExpertLayer = DecoderTensors.IsStep,
            },
        },
    };

    /// <summary>A shared expert in each layer with experts, and chunked attention.</summary>
    private static void Configure(ConfigDraft draft)
    {
        const long chunk = 8192;
        ConfigDraft.ExpertsAsWideAsAll(draft);
        if (draft.Has("expert_count")) draft.Set("expert_shared_count", 1);
        var isFull = draft.Config.Texts("layer_types")?.All(type => type == "full_attention") == true;
        if (!isFull) draft.Set(Keys.Window, chunk);
    }
}
