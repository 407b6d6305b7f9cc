using System.Collections.Generic;
using ModelFit.Graph;
using ModelFit.Graph.Blocks;

namespace ModelFit.Architectures;

/// <summary>
/// Hybrids of gated delta nets and gated attention to the best blocks, between hyper connections, with embeddings of
/// n-grams in one layer (src/models/qwen4exp.cpp).
/// </summary>
internal static class QwenSparseFamily
{
    private const int DefaultInterval = 4;

    public static IEnumerable<Architecture> All { get; } = new Architecture[]
    {
        new("qwen4exp")
        {
            Compose = Compose, PositionsPerToken = _ => 4,
            Experts = metadata => ExpertRules.Default with
            {
                ScalesWeights = metadata.Number("expert_weights_scale") is not (null or 0 or 1),
            },
        },
    };

    private static void Compose(GraphBuilder builder)
    {
        var model = builder.Model;
        var x = builder.Embed();
        var grams = NgramEmbedding.Find(builder);
        var gramLayer = grams is null ? -1 : ((long[])model.Metadata["ple.layers"]!)[0];
        var streams = builder.SplitStreams(x);
        for (var layer = 0; layer < model.Layers; layer++)
        {
            if (layer == gramLayer) streams = NgramEmbedding.Add(builder, layer, streams, grams!);
            var (input, weights) = builder.MixGatedStreams(layer, "hc_attn", streams);
            builder.Expand(input);
            x = builder.KeepOutputs(layer, IsRecurrent(model, layer)
                ? DeltaNet.Apply(builder, layer, input, UnaryFunction.Sigmoid, copiesColumns: true)
                : Attention(builder, layer, input));
            weights = builder.KeepOutputs(layer, weights);
            if (layer == model.Layers - 1) streams = builder.KeepOutputStreams(streams);
            streams = builder.SpreadToStreams(layer, streams, x, weights);
            (input, weights) = builder.MixGatedStreams(layer, "hc_ffn", streams);
            x = Decoder.FeedForward(builder, layer, input);
            streams = builder.SpreadToStreams(layer, streams, x, weights);
            builder.Pinned.Add((streams, layer));
        }

        builder.Logits(builder.JoinGatedStreams(streams));
    }

    private static bool IsRecurrent(ModelShape model, int layer)
    {
        if (model.Metadata.Flags("attention.recurrent_layers") is { } recurrent && layer < recurrent.Length)
            return recurrent[layer];
        var interval = model.Metadata.Integer("full_attention_interval", DefaultInterval);
        return interval > 0 && (layer + 1) % interval != 0;
    }

    private static Tensor Attention(GraphBuilder builder, int layer, Tensor x)
    {
        var size = builder.Model.Metadata.Integers("attention.compress_ratios", builder.Model.AllLayers, 0)[layer];
        builder.ReservePooledIndexer(layer);
        var chosen = size > 0 ? builder.ChooseBlocks(layer, x, size) : null;
        return DeltaNetFamily.GatedAttention(builder, layer, x, isInterleaved: false, chosen);
    }
}
