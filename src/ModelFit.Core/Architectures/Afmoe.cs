using ModelFit.Graph;

namespace ModelFit.Architectures;

/// <summary>
/// Decoders whose attention is gated by a projection of its input, a head or an element each, and may be normed after
/// it (src/models/afmoe.cpp, laguna.cpp, spark2-5.cpp, muse-glimmer.cpp).
/// </summary>
internal static class Afmoe
{
    public static Architecture[] All { get; } =
    {
        new("afmoe")
        {
            Classes = "AfmoeForCausalLM",
            Shape = new()
            {
                Window = WindowRule.Standard(4), ScalesEmbeddings = _ => true,
                HasRope = (_, layer) => (layer + 1) % 4 != 0, Experts = ExpertRules.FromMetadata, PinsLastNorm = true,
                HeadNorms = QkNormKind.Head, RouterBias = ArchitectureShape.RouterBiasName,
                BlockNorms = Norms.Sandwich, NormsBeforeCut = true,
            },
            BlockTensors = GateOfElements,
        },
        new("laguna")
        {
            Classes = "LagunaForCausalLM",
            Shape = new()
            {
                Window = WindowRule.Standard(4, globalFirst: true), AttentionGate = UnaryFunction.Softplus,
                Experts = ExpertRules.FromMetadata, HeadNorms = QkNormKind.Head,
                RouterBias = ArchitectureShape.RouterBiasName,
            },
            BlockTensors = GateOfHeads,
        },
        new("spark2_5")
        {
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "Spark2_5ForCausalLM",
            Configure = draft => draft.WindowPattern(),
            Shape = new() { Window = WindowRule.Standard(0) },
            BlockTensors = GateOfHeads,
        },
        new("muse-glimmer")
        {
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "MuseGlimmerForConditionalGeneration",
            Configure = draft => draft.WindowPattern(),
            Shape = new()
            {
                Window = WindowRule.Standard(4), NormsEmbeddings = true,
                HasRope = (model, layer) => model.IsWindowLayer[layer],
                LogitScaling = _ => LogitScale.ScaleAndSoftCap, HeadNorms = QkNormKind.Head,
                BlockNorms = Norms.Sandwich, NormsBeforeCut = true, PinsLastNorm = true,
            },
            BlockTensors = GateOfElements,
        },
    };

    public static void GateOfHeads(TensorList list, int layer) => list.Gate(layer, list.Model.Heads(layer));

    private static void GateOfElements(TensorList list, int layer) =>
        list.Gate(layer, list.Model.KeyLength * list.Model.Heads(layer));
}
