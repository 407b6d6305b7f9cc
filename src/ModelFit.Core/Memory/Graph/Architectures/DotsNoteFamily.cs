using System.Collections.Generic;
using ModelFit.Memory.Graph.Blocks;
using static ModelFit.Memory.Graph.TensorOps;

namespace ModelFit.Memory.Graph.Architectures;

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
            Compose = Compose, Experts = ExpertRules.FromMetadata, Window = WindowRule.Standard(0),
        },
    };

    private static void Compose(GraphBuilder builder)
    {
        var x = builder.Embed();
        for (var layer = 0; layer < builder.Model.Layers; layer++)
            x = DeepSeekFamily.Feed(builder, layer, Attention(builder, layer, builder.Norm(layer, "attn_norm", x)), x);
        builder.Head(x);
    }

    private static Tensor Attention(GraphBuilder builder, int layer, Tensor x)
    {
        var (heads, tokens) = (builder.Model.Heads[layer], builder.Tokens);
        var low = DeepSeekFamily.LowRankQueries(builder, layer, x);
        var chosen = builder.Model.IsWindowLayer[layer] ? null : SparseIndexer.Choose(builder, layer, x, low);
        var q = MulMat(builder.Required(layer, "attn_q_b"), low);
        return DeepSeekFamily.Attention(builder, layer, x, q, chosen, Gated);

        Tensor Gated(Tensor y)
        {
            var gate = Reshape(Sigmoid(MulMat(builder.Required(layer, "attn_gate"), x)), 1, heads, tokens);
            return Reshape(Mul(Reshape(y, y.Ne.D0 / heads, heads, tokens), gate), y.Ne.D0, tokens);
        }
    }
}
