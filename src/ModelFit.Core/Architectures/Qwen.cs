using ModelFit.Graph;

namespace ModelFit.Architectures;

/// <summary>
/// Qwen 1 to 3 and what is built like them (src/models/qwen.cpp, qwen2.cpp, qwen3.cpp and the files of their names).
/// </summary>
internal static class Qwen
{
    public static Architecture[] All { get; } =
    {
        new("qwen")
        {
            Classes = "QWenLMHeadModel",
            Shape = new() { FusedQkv = true, QkvBias = true, FeedForwardDivisor = 2 },
        },
        new("qwen2")
        {
            Classes =
                "Qwen2Model Qwen2ForCausalLM Qwen2AudioForConditionalGeneration KORMoForCausalLM "
                + "AudioFlamingo3ForConditionalGeneration DotsOCRForCausalLM",
            Types = "mimo",
            IgnoresWindow = true,
            Shape = new() { QkvBias = true },
            Mix = new() { SeventyBillionLayers = 80 },
        },
        new("qwen2vl")
        {
            Kind = ModelKind.Vision,
            Classes =
                "Qwen2VLModel Qwen2VLForConditionalGeneration Qwen2_5_VLForConditionalGeneration "
                + "Qwen2_5OmniModel",
            Types = "qwen2vltext qwen25vl qwen25vltext",
            Served = ServedTraits.Sectioned | ServedTraits.TakesLargeImages,
            IgnoresWindow = true,
            Shape = new() { PositionsPerToken = _ => 4, QkvBias = true },
        },
        new("qwen3")
        {
            Classes = "Qwen3ForCausalLM Qwen3Model StepVLForConditionalGeneration",
            IgnoresWindow = true,
            Shape = new() { HeadNorms = QkNormKind.Head },
        },
        new("qwen3moe")
        {
            Classes = "Qwen3MoeForCausalLM",
            IgnoresWindow = true,
            Shape = new() { HeadNorms = QkNormKind.Head },
        },
        new("qwen3tts")
        {
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "Qwen3TTSForConditionalGeneration",
            RefusesTensorSplit = true,
            Shape = new() { PositionsPerToken = _ => 4, HeadNorms = QkNormKind.Head },
        },
        new("maincoder")
        {
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "MaincoderForCausalLM",
            Shape = new() { NormsHeadsAfterRope = true, HeadNorms = QkNormKind.Head },
        },
        new("mellum")
        {
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "MellumForCausalLM",
            Shape = new() { Window = WindowRule.Standard(4), HeadNorms = QkNormKind.Head },
        },
        new("maple")
        {
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "MapleForCausalLM",
            Shape = new()
            {
                Window = WindowRule.Standard(0), HasRope = (model, layer) => model.IsWindowLayer[layer],
                HeadNorms = QkNormKind.Head,
            },
        },
        new("paddleocr")
        {
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "PaddleOCRVLForConditionalGeneration",
            Shape = new() { PositionsPerToken = _ => 4, IsExpertLayer = (_, _) => false },
        },
    };
}
