using ModelFit.Graph;

namespace ModelFit.Architectures;

/// <summary>Granite (src/models/granite.cpp, granite-moe.cpp, granite-swa.cpp).</summary>
internal static class Granite
{
    public static Architecture[] All { get; } =
    {
        new("granite")
        {
            Classes = "GraniteForCausalLM",
            Shape = new()
            {
                ScalesEmbeddings = ArchitectureShape.HasEmbeddingScale,
                ScalesResidual = ArchitectureShape.HasResidualScale, LogitScaling = ArchitectureShape.ScaledLogits,
            },
        },
        new("granitemoe")
        {
            Classes = "GraniteMoeForCausalLM GraniteMoeSharedForCausalLM",
            Configure = ConfigDraft.SharedExpert,
            Shape = new()
            {
                ScalesEmbeddings = ArchitectureShape.HasEmbeddingScale,
                ScalesResidual = ArchitectureShape.HasResidualScale, LogitScaling = ArchitectureShape.ScaledLogits,
            },
        },
        new("granite_swa")
        {
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "GraniteSWAForCausalLM GraniteMoeSWAForCausalLM",
            Configure = ConfigureWindow,
            Shape = new()
            {
                ScalesEmbeddings = ArchitectureShape.HasEmbeddingScale,
                ScalesResidual = ArchitectureShape.HasResidualScale, LogitScaling = ArchitectureShape.ScaledLogits,
                Window = WindowRule.Standard(0),
            },
            BlockTensors = (list, layer) => list.Block(layer, "attn_sinks.weight", list.Model.Heads(layer)),
        },
    };

    private static void ConfigureWindow(ConfigDraft draft)
    {
        ConfigDraft.SharedExpert(draft);
        draft.WindowPattern(everyFull: 4);
    }
}
