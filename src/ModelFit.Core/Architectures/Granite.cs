using ModelFit.Graph;

namespace ModelFit.Architectures;

/// <summary>Granite (src/models/granite.cpp, granite-moe.cpp, granite-swa.cpp).</summary>
internal static class Granite
{
    /// <summary>Embeddings, residuals and logits are scaled where the header says so.</summary>
    public static ArchitectureShape Scaled { get; } = new()
    {
        ScalesEmbeddings = ArchitectureShape.HasEmbeddingScale,
        ScalesResidual = ArchitectureShape.HasResidualScale,
        LogitScaling = ArchitectureShape.ScaledLogits,
    };

    public static Architecture[] All { get; } =
    {
        new("granite")
        {
            Classes = "GraniteForCausalLM",
            Shape = Scaled,
        },
        new("granitemoe")
        {
            Classes = "GraniteMoeForCausalLM GraniteMoeSharedForCausalLM",
            Configure = ConfigDraft.SharedExpert,
            Shape = Scaled,
        },
        new("granite_swa")
        {
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "GraniteSWAForCausalLM GraniteMoeSWAForCausalLM",
            Configure = ConfigureWindow,
            Shape = Scaled with { Window = WindowRule.Standard(0) },
            BlockTensors = DecoderTensors.Sinks,
        },
    };

    private static void ConfigureWindow(ConfigDraft draft)
    {
        ConfigDraft.SharedExpert(draft);
        draft.WindowPattern(everyFull: 4);
    }
}
