using ModelFit.Graph;

namespace ModelFit.Architectures;

/// <summary>EXAONE (src/models/exaone.cpp, exaone4.cpp, exaone-moe.cpp).</summary>
internal static class Exaone
{
    // Exaone 4 has windows in its 32 billion parameters only.
    private const int WindowedExaoneLayers = 64;

    public static Architecture[] All { get; } =
    {
        new("exaone")
        {
            Classes = "ExaoneForCausalLM",
        },
        new("exaone4")
        {
            Classes = "Exaone4ForCausalLM Exaone4_5_ForConditionalGeneration",
            Configure = draft => draft.WindowPattern(),
            KeepsPredictionLayers = true,
            Shape = new()
            {
                Window = metadata => metadata.Integer("block_count") == WindowedExaoneLayers
                    ? WindowRule.Standard(4, 4096)(metadata)
                    : null,
                HasRope = (model, layer) => !model.HasWindow || model.IsWindowLayer[layer],
                HeadNorms = QkNormKind.Head, BlockNorms = Norms.After,
            },
            Compose = Decoder.Composed(Olmo.NormsAfter),
        },
        new("exaone-moe")
        {
            Classes = "ExaoneMoEForCausalLM ExaoneMoeForCausalLM",
            Configure = draft => draft.WindowPattern(),
            KeepsPredictionLayers = true,
            Shape = new()
            {
                Window = WindowRule.Standard(4, 128), HasRope = (model, layer) => model.IsWindowLayer[layer],
                Experts = ExpertRules.FromMetadata, HeadNorms = QkNormKind.Head,
                RouterBias = ArchitectureShape.RouterBiasName, IsExpertLayer = DecoderTensors.IsNoPrediction,
            },
        },
    };
}
