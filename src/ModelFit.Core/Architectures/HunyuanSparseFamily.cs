using System.Collections.Generic;
using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>
/// Gated latent attention, over the cells that an indexer of this layer or of an earlier one chose, between hyper
/// connections (src/models/hy-v4.cpp).
/// </summary>
internal static class HunyuanSparseFamily
{
    public static IEnumerable<Architecture> All { get; } = new Architecture[]
    {
        new("hy_v4") { Compose = Compose, Experts = ExpertRules.FromMetadata },
    };

    private static void Compose(GraphBuilder builder)
    {
        var model = builder.Model;
        var isSparse = model.Size("attention.indexer.top_k", 0) > 0;
        var indexers = model.Metadata.Flags("attention.indexer.types");
        var streams = builder.SplitStreams(builder.Embed());
        Tensor? chosen = null;
        for (var layer = 0; layer < model.Layers; layer++)
        {
            var (x, weights) = builder.MixStreams(layer, "hc_attn", streams);
            x = builder.Norm(layer, "attn_norm", x);
            var low = DeepSeekFamily.LowRankQueries(builder, layer, x);
            if (isSparse && (indexers is null || layer >= indexers.Length || indexers[layer]))
                chosen = SparseIndexer.Choose(builder, layer, x, low, isRotated: false);
            x = Attention(builder, layer, x, low, chosen);
            streams = builder.AddToStreams(streams, x, weights);
            (x, weights) = builder.MixStreams(layer, "hc_ffn", streams);
            x = Decoder.FeedForward(builder, layer, builder.Norm(layer, "ffn_norm", x));
            streams = builder.AddToStreams(streams, x, weights);
        }

        builder.Head(builder.JoinStreams(builder.KeepOutputStreams(streams)));
    }

    private static Tensor Attention(GraphBuilder builder, int layer, Tensor x, Tensor low, Tensor? chosen) =>
        DeepSeekFamily.Attention(
            builder, layer, x, MulMat(builder.Required(layer, "attn_q_b"), low), chosen,
            y => builder.GatedValues(layer, y, x));
}
