using ModelFit.Graph;

namespace ModelFit.Architectures;

/// <summary>gpt-oss (src/models/openai-moe.cpp).</summary>
internal static class OpenaiMoe
{
    public static Architecture[] All { get; } =
    {
        new("gpt-oss")
        {
            Classes = "GptOssForCausalLM",
            Served = ServedTraits.ExpertsOfFourBits,
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
            BlockTensors = (list, layer) => list.Block(layer, "attn_sinks.weight", list.Model.Heads(layer)),
            Likeness = new(25, "attn_sinks.weight ffn_gate_exps.bias"),
        },
    };
}
