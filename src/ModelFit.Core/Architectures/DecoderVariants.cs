using System.Collections.Generic;
using ModelFit.Graph;
using ModelFit.Models;

namespace ModelFit.Architectures;

/// <summary>Further architectures that are the common decoder with flags, each after the file of its name.</summary>
internal static class DecoderVariants
{
    private static readonly ExpertRules PlainExperts = new() { NormalizesWeights = false };

    public static IEnumerable<Architecture> All { get; } = new Architecture[]
    {
        new("apertus") { Activation = UnaryFunction.Xielu },
        new("arcee") { Activation = UnaryFunction.Relu, SquaresActivation = true },
        new("bloom") { NormOp = Op.Norm, HasRope = NoRope, NormsEmbeddings = true },
        new("gpt2") { NormOp = Op.Norm, HasRope = NoRope },
        new("jais") { NormOp = Op.Norm, HasRope = NoRope },
        new("jais2") { NormOp = Op.Norm, Activation = UnaryFunction.Relu, SquaresActivation = true },
        new("mpt") { NormOp = Op.Norm, HasRope = NoRope, ReadsClamp = true },
        new("refact") { HasRope = NoRope, IgnoresExperts = true },
        new("orion") { NormOp = Op.Norm },
        new("xverse"),
        new("plamo3") { Window = WindowRule.Standard(8) },
        new("nanbeige"),
        new("pangu-embedded"),
        new("maincoder") { NormsHeadsAfterRope = true },
        new("mellum") { Window = WindowRule.Standard(4) },
        new("maple")
        {
            Window = WindowRule.Standard(0), HasRope = (model, layer) => model.IsWindowLayer[layer],
        },
        Granite("granite_swa") with { Window = WindowRule.Standard(0) },
        new("paddleocr") { PositionsPerToken = _ => 4 },
        new("qwen3tts") { PositionsPerToken = _ => 4 },
        new("hunyuan_vl") { NormsHeadsAfterRope = true, PositionsPerToken = Architecture.PositionsBySections },
        new("dream") { AttendsBatchOnly = true },
        new("llada") { AttendsBatchOnly = true },
        new("llada-moe") { AttendsBatchOnly = true, Experts = _ => PlainExperts },
        new("rnd1") { AttendsBatchOnly = true },
        new("bailingmoe")
        {
            Experts = metadata => ExpertRules.FromMetadata(metadata) with { Gating = ExpertGating.SoftMax },
        },
        new("bailingmoe2") { Experts = ExpertRules.FromMetadata },
        new("chatglm"),
        new("codeshell") { NormOp = Op.Norm },
        new("deepseek") { Experts = metadata => PlainExperts with { ScalesWeights = ScalesExperts(metadata) } },
        new("deepseek2-ocr") { Experts = ExpertRules.FromMetadata },
        new("dots1") { Experts = ExpertRules.FromMetadata },
        new("ernie4_5"),
        new("ernie4_5-moe"),
        new("exaone"),
        new("exaone-moe")
        {
            Window = WindowRule.Standard(4, 128), HasRope = (model, layer) => model.IsWindowLayer[layer],
            Experts = ExpertRules.FromMetadata,
        },
        new("gemma") { ScalesEmbeddings = _ => true, ScalesQueries = true },
        Granite("granite"),
        Granite("granitemoe"),
        new("hunyuan-dense") { NormsHeadsAfterRope = true },
        new("hunyuan-moe") { NormsHeadsAfterRope = true },
        new("hy_v3")
        {
            Experts = metadata => ExpertRules.FromMetadata(metadata, ExpertGating.Sigmoid),
            RowsCut = OutputRowsCut.AfterFinalNorm,
            KeptPredictionWeights = new[]
            {
                "ffn_gate", "ffn_up", "ffn_down", "exp_probs_b", "nextn.embed_tokens", "nextn.shared_head",
            },
        },
        new("internlm2"),
        Granite("minicpm") with { ScalesEmbeddings = _ => true, ScalesResidual = _ => true },
        new("minimax-m2")
        {
            Experts = metadata => ExpertRules.FromMetadata(metadata) with { NormalizesWeights = true },
        },
        new("mistral3") { ReadsTemperature = true },
        new("nemotron") { NormOp = Op.Norm, Activation = UnaryFunction.Relu, SquaresActivation = true },
        new("olmo") { NormOp = Op.Norm, ReadsClamp = true },
        new("olmoe") { Experts = _ => PlainExperts },
        new("phimoe") { ScalesQueries = true, AddsToResidual = true },
        new("qwen"),
        new("qwen2vl") { PositionsPerToken = _ => 4 },
        new("seed_oss"),
        new("smollm3") { HasRope = (_, layer) => (layer + 1) % 4 != 0 },
        new("starcoder") { NormOp = Op.Norm, HasRope = (_, _) => false },
        new("starcoder2") { NormOp = Op.Norm },
        new("baichuan") { HasRope = (model, _) => model.Layers == SevenBillionLayers },
    };

    // Baichuan's 13 billion parameters have attention biases by distance (ALiBi) instead of rope.
    private const int SevenBillionLayers = 32;

    private static bool NoRope(ModelShape model, int layer) => false;

    private static bool ScalesExperts(ModelMetadata metadata) =>
        metadata.Number("expert_weights_scale") is not (null or 0 or 1);

    private static Architecture Granite(string name) => new(name)
    {
        ScalesEmbeddings = Architecture.HasEmbeddingScale, ScalesResidual = Architecture.HasResidualScale,
        LogitScaling = Architecture.ScaledLogits,
    };
}
