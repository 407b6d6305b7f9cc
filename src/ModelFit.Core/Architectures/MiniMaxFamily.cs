using System.Collections.Generic;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>
/// MiniMax 01, whose layers are lightning attention but for each eighth, and MiniMax M3, whose attention is sparse by
/// blocks (src/models/minimax-01.cpp, minimax-m3.cpp).
/// </summary>
internal static class MiniMaxFamily
{
    private const int DefaultInterval = 8;

    public static IEnumerable<Architecture> All { get; } = new Architecture[]
    {
        new("minimax-01")
        {
            Compose = ComposeLightning, ReservesOneSequence = true,
            Experts = metadata => ExpertRules.FromMetadata(metadata) with
            {
                Gating = ExpertGating.SoftMax, NormalizesWeights = true,
            },
        },
        new("minimax-m3") { Compose = ComposeSparse, Experts = ExpertRules.FromMetadata },
    };

    private static void ComposeLightning(GraphBuilder builder)
    {
        var model = builder.Model;
        var interval = (int)model.Metadata.Integer("full_attention_interval", DefaultInterval);
        var recurrent = model.Metadata.Flags("attention.recurrent_layers");
        var x = builder.Embed();
        for (var layer = 0; layer < model.Layers; layer++)
        {
            var normed = builder.Norm(layer, "attn_norm", x);
            var isRecurrent = recurrent is not null && layer < recurrent.Length
                ? recurrent[layer]
                : interval > 0 && (layer + 1) % interval != 0;
            var y = isRecurrent
                ? LightningAttention.Apply(builder, layer, normed)
                : Decoder.Attention(builder, layer, normed);
            y = builder.KeepOutputs(layer, y);
            y = Add(y, Scale(builder.KeepOutputs(layer, normed)));
            normed = builder.Norm(layer, "ffn_norm", y);
            x = Add(Decoder.FeedForward(builder, layer, normed), Scale(normed));
        }

        builder.Head(x);
    }

    private static void ComposeSparse(GraphBuilder builder)
    {
        var model = builder.Model;
        var dense = model.Size("leading_dense_block_count", 0);
        var isSparse = builder.Settings.FlashAttention
            && (builder.Settings.Sequences == 1 || !builder.Settings.IsUnified);
        var x = builder.Embed();
        for (var layer = 0; layer < model.Layers; layer++)
        {
            var normed = builder.Norm(layer, "attn_norm", x);
            var (q, k, v) = Decoder.Heads(builder, layer, normed);
            if (layer >= dense) builder.ReserveIndexer(layer);
            var y = isSparse && layer >= dense
                ? builder.BlockSparseAttention(layer, normed, q, k, v)
                : builder.Attention(layer, q, k, v);
            var residual = Add(builder.KeepOutputs(layer, y), builder.KeepOutputs(layer, x));
            x = Add(Decoder.FeedForward(builder, layer, builder.Norm(layer, "ffn_norm", residual)), residual);
        }

        builder.Head(x);
    }
}
