using System.Text.RegularExpressions;
using ModelFit.Graph;

namespace ModelFit.Architectures;

/// <summary>gpt-oss (src/models/openai-moe.cpp).</summary>
internal static class OpenaiMoe
{
    private static readonly Regex AsPublished = new(
        @"/(?:openai[-_.])?gpt-oss-\d+b(?:[-_.](?:gguf|mxfp4|moe|hf|imatrix|[a-z]*q\d\w*|f16|f32))*(?:/|$)",
        RegexOptions.IgnoreCase);

    public static Architecture[] All { get; } =
    {
        new("gpt-oss")
        {
            Classes = "GptOssForCausalLM",
            Served = ServedTraits.ExpertsOfFourBits,
            // Rows of 2,880 fit no smaller type, so that every file has them (sizes on the hub, 2025-08 to 2026-04).
            NativeExperts = new(LeastBits: 0, AsPublished),
            Configure = ConfigDraft.ExpertsAsWideAsAll,
            Shape = new()
            {
                Window = WindowRule.Standard(2), RowsCut = OutputRowsCut.BeforeFinalNorm,
                Experts = _ => new ExpertRules
                {
                    Gating = ExpertGating.SoftMaxAfterChoice, NormalizesWeights = false,
                },
                BlockNorms = Norms.NamedAfter, QkvBias = true, AttentionOutputBias = true, ExpertBias = true,
            },
            BlockTensors = DecoderTensors.Sinks,
            Likeness = new(25, "attn_sinks.weight ffn_gate_exps.bias"),
        },
    };
}
