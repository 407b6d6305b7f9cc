using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>MiMo 2 (src/models/mimo2.cpp).</summary>
internal static class Mimo2
{
    public static Architecture[] All { get; } =
    {
        new("mimo2")
        {
            Classes = "MiMoV2FlashForCausalLM MiMoV2ForCausalLM",
            UsualPredictionLayers = 3,
            PublishedCount = PublishedCount.WithPrediction,
            Configure = Configure,
            KeepsPredictionLayers = true,
            Shape = new()
            {
                Window = WindowRule.Standard(0),
                Experts = metadata => ExpertRules.Normalized(metadata) with { Gating = ExpertGating.Sigmoid },
                RouterBias = ArchitectureShape.RouterBiasName, IsExpertLayer = DecoderTensors.IsNoPrediction,
                PredictionNorm = "layer_output_norm",
            },
            BlockTensors = WindowSinks, Compose = Decoder.WithAttention(ScaledValues),
        },
    };

    /// <summary>Attention whose values are scaled after their projection.</summary>
    private static Tensor ScaledValues(GraphBuilder builder, int layer, Tensor x)
    {
        var y = Decoder.Attention(builder, layer, x);
        return builder.Model.Metadata.Number("attention.value_scale") is null or 0 or 1 ? y : Scale(y);
    }

    /// <summary>Attention sinks in the layers with a sliding window.</summary>
    private static void WindowSinks(TensorList list, int layer)
    {
        if (list.Model.IsWindow(layer)) list.Sinks(layer);
    }

    private static void Configure(ConfigDraft draft)
    {
        draft.LeadingDense();
        var isWindowed = ConfigDraft.At(draft.Config.Integers("hybrid_layer_pattern"), beyond: 1);
        var full = draft[Keys.KvHeads];
        var windowed = draft.Config.Integer("swa_num_key_value_heads") ?? full;
        draft.SetEach(Keys.KvHeads, layer => isWindowed(layer) == 1 ? windowed : full);
        draft.SetEach(Keys.WindowPattern, layer => isWindowed(layer) == 1);
    }
}
