using System.Collections.Generic;
using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>
/// Latent attention with a gate a head, in some layers over a sliding window and in the others over the cells that an
/// indexer chose (src/models/dots3note.cpp, src/llama-kv-cache-dsa-iswa.cpp).
/// </summary>
internal static class DotsNoteFamily
{
    public static IEnumerable<Architecture> All { get; } = new Architecture[]
    {
        new("dots3note")
        {
            Compose = Decoder.Composed(Layer), Experts = ExpertRules.FromMetadata, Window = WindowRule.Standard(0),
        },
    };

    private static Tensor Layer(GraphBuilder builder, int layer, Tensor x) =>
        DeepSeekFamily.Feed(builder, layer, Attention(builder, layer, builder.Norm(layer, "attn_norm", x)), x);

    private static Tensor Attention(GraphBuilder builder, int layer, Tensor x)
    {
        var low = DeepSeekFamily.LowRankQueries(builder, layer, x);
        var chosen = builder.Model.IsWindowLayer[layer] ? null : SparseIndexer.Choose(builder, layer, x, low);
        var q = MulMat(builder.Required(layer, "attn_q_b"), low);
        return DeepSeekFamily.Attention(
            builder, layer, x, q, chosen, y => builder.GatedValues(layer, y, x));
    }
}
