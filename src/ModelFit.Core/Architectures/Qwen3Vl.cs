using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>Qwen 3 that sees (src/models/qwen3vl.cpp, qwen3vlmoe.cpp).</summary>
internal static class Qwen3Vl
{
    public static Architecture[] All { get; } =
    {
        Seeing("qwen3vl", "Qwen3VLForConditionalGeneration Qwen3ASRForConditionalGeneration"),
        Seeing("qwen3vlmoe", "Qwen3VLMoeForConditionalGeneration Qwen3OmniMoeForConditionalGeneration"),
    };

    private static Architecture Seeing(string name, string classes) => new(name)
    {
        Kind = ModelKind.Vision,
        Classes = classes,
        Types = name + "text",
        Served = ServedTraits.Sectioned | ServedTraits.TakesLargeImages,
        Configure = Configure,
        IgnoresWindow = true,
        Shape = new() { PositionsPerToken = _ => 4, HeadNorms = QkNormKind.Head },
        Compose = Decoder.Composed(Deepstack),
    };

    /// <summary>Parts of the input embeddings, which images may fill, are added after the first layers.</summary>
    private static Tensor Deepstack(GraphBuilder builder, int layer, Tensor x)
    {
        x = Decoder.Layer(builder, layer, x);
        if (layer >= builder.Model.Size("n_deepstack_layers", 0) || builder.InputEmbeddings is not { } input) return x;
        var width = builder.Model.Embedding;
        return Add(x, View2(input, width, builder.Tokens, input.Nb.D1, (layer + 1) * width * sizeof(float)));
    }

    /// <summary>Features of the image encoder's inner layers are added to the first layers.</summary>
    private static void Configure(ConfigDraft draft) => draft.Set(
        "n_deepstack_layers", draft.Config.Section("vision_config")?.Count("deepstack_visual_indexes"));
}
