using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>Gemma as an encoder (src/models/gemma-embedding.cpp).</summary>
internal static class GemmaEmbedding
{
    public static Architecture[] All { get; } =
    {
        new("gemma-embedding")
        {
            Kind = ModelKind.Embedding,
            Classes = "Gemma3TextModel",
            TiesByDefault = true,
            Shape = new()
            {
                ScalesEmbeddings = _ => true, ScalesQueries = true, Window = WindowRule.Standard(6),
                BlockNorms = Norms.Sandwich, AlwaysTied = true, HeadNorms = QkNormKind.Head,
            },
            Compose = ComposeGemma,
        },
    };

    private static void ComposeGemma(GraphBuilder builder)
    {
        var x = builder.Embed();
        for (var layer = 0; layer < builder.Model.Layers; layer++)
        {
            var (q, k, v) = Decoder.Heads(builder, layer, builder.Norm(layer, "attn_norm", x));
            var y = builder.KeepOutputs(layer, builder.BatchAttention(layer, q, k, v));
            var residual = Add(builder.Norm(layer, "post_attention_norm", y), builder.KeepOutputs(layer, x));
            y = builder.FeedForward(layer, builder.Norm(layer, "ffn_norm", residual));
            x = Add(builder.Norm(y, builder.Weight(layer, "post_ffw_norm"), null, -1), residual);
        }

        x = builder.Norm(x, builder.OutputWeight("output_norm.weight"), null, -1);
        builder.Expand(x).IsOutput = true;
    }
}
