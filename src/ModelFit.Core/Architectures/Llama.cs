using ModelFit.Graph;

namespace ModelFit.Architectures;

/// <summary>Llama and what is built like it: the common decoder with few flags.</summary>
internal static class Llama
{
    // Baichuan's 13 billion parameters have attention biases by distance (ALiBi) instead of rope.
    private const int SevenBillionLayers = 32;

    public static Architecture[] All { get; } =
    {
        new("llama")
        {
            Classes =
                "InternLM3ForCausalLM JanusForConditionalGeneration LLaMAForCausalLM LlamaForCausalLM "
                + "MistralForCausalLM MixtralForCausalLM VLlama3ForCausalLM LlavaForConditionalGeneration "
                + "VoxtralForConditionalGeneration IQuestCoderForCausalLM LlamaModel Sarashina2VisionForCausalLM "
                + "UltravoxModel",
            Types = "mixtral mistral",
            OutputBiasAsAttention = true,
            Variant = config => Eagle3.IsDrafter(config) ? "eagle3" : "llama",
            IgnoresWindow = true,
            Mix = new() { SeventyBillionLayers = 80, SeventyBillionIsGrouped = true },
        },
        new("mistral3")
        {
            Classes = "Mistral3ForConditionalGeneration Ministral3ForCausalLM",
            IgnoresWindow = true,
            Shape = new() { ReadsTemperature = true },
        },
        new("smollm3")
        {
            Classes = "SmolLM3ForCausalLM",
            TiesByDefault = true,
            Shape = new() { HasRope = (_, layer) => (layer + 1) % 4 != 0 },
        },
        new("xverse")
        {
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "XverseForCausalLM",
        },
        new("orion")
        {
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "OrionForCausalLM",
            Shape = new() { NormOp = Op.Norm, NormBias = true },
        },
        new("nanbeige")
        {
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "NanbeigeForCausalLM",
            Shape = new() { Nodes = NodeBudget.Wide },
        },
        new("pangu-embedded")
        {
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "PanguEmbeddedForCausalLM",
            Shape = new() { AttentionOutputBias = true },
        },
        new("internlm2")
        {
            Classes = "InternLM2ForCausalLM",
        },
        new("seed_oss")
        {
            Classes = "SeedOssForCausalLM",
            Shape = new() { BlockNorms = Norms.NamedAfter, QkvBias = true },
        },
        new("baichuan")
        {
            Classes = "BaichuanForCausalLM BaiChuanForCausalLM",
            Shape = new() { HasRope = (model, _) => model.Layers == SevenBillionLayers },
        },
        new("refact")
        {
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "GPTRefactForCausalLM",
            Configure = ConfigureRefact,
            Shape = new() { HasRope = (_, _) => false, IgnoresExperts = true },
        },
    };

    /// <summary>One head of keys, and two thirds of four widths, rounded up (conversion/refact.py).</summary>
    private static void ConfigureRefact(ConfigDraft draft)
    {
        draft.Set(Keys.KvHeads, 1);
        draft.Default(Keys.FeedForward, ((8 * draft[Keys.Embedding] / 3) + 255) / 256 * 256);
    }
}
