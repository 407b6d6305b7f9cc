using ModelFit.Graph;
using ModelFit.Graph.Blocks;

namespace ModelFit.Architectures;

/// <summary>
/// Hybrids of gated delta nets and gated attention to the best blocks, between hyper connections, with embeddings of
/// n-grams in one layer (src/models/qwen4exp.cpp).
/// </summary>
internal static class Qwen4Exp
{
    private const int DefaultInterval = 4;

    public static Architecture[] All { get; } =
    {
        new("qwen4exp")
        {
            LayoutAccuracy = Accuracy.Modelled,
            NoLayout = "how its config.json names the rows of the n-gram table is not known",
            Classes = "Qwen4ExpForConditionalGeneration Qwen4ExpForCausalLM",
            RefusesTensorSplit = true,
            Configure = Configure,
            KeepsPredictionLayers = true,
            Shape = new()
            {
                PositionsPerToken = _ => 4,
                Experts = metadata => ExpertRules.Default with { ScalesWeights = ExpertRules.HasScale(metadata) },
                SharedExpertGate = true, SharesPredictionHead = true, Nodes = NodeBudget.Wide,
            },
            Compose = Compose,
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
            x = builder.KeepOutputs(layer, RecurrentLayers.Has(model.Metadata, layer, DefaultInterval)
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

    private static Tensor Attention(GraphBuilder builder, int layer, Tensor x)
    {
        var size = builder.Model.Metadata.Integers("attention.compress_ratios", builder.Model.AllLayers, 0)[layer];
        builder.ReservePooledIndexer(layer);
        var chosen = size > 0 ? builder.ChooseBlocks(layer, x, size) : null;
        return Qwen3Next.GatedAttention(builder, layer, x, isInterleaved: false, chosen);
    }

    /// <summary>The delta nets of Qwen 3.5, hyper connections, an indexer, tables of n-grams (qwen4exp.py).</summary>
    private static void Configure(ConfigDraft draft)
    {
        var config = draft.Config;
        Qwen3Next.Configure(draft);
        draft.Set("hyper_connection.count", config.Integer("hc_count"));
        draft.Set("hyper_connection.low_rank", config.Integer("hc_lowrank"));
        draft.Set("attention.indexer.head_count", config.Integer("indexer_n_heads"));
        draft.Set("attention.indexer.key_length", config.Integer("indexer_head_dim"));
        draft.Set("attention.indexer.top_k", config.Integer("indexer_budget"));
        var isFull = draft.OfType("full_attention");
        var ratio = config.Integer("indexer_compress_ratio") ?? 0;
        draft.SetEach("attention.compress_ratios", layer => isFull(layer) ? ratio : 0);
        if (config.Integers("ple_layer_ids") is not { Length: > 0 } layers) return;
        draft.Set("ple.layers", layers.Select(layer => layer - 1).ToArray());
        draft.Set("ple.ngram_size", config.Integer("ngram_size"));
        draft.Set("ple.heads_per_ngram", config.Integer("heads_per_ngram"));
        draft.Set("ple.conv_kernel", config.Integer("ple_conv_kernel_size"));
        var heads = (draft["ple.ngram_size"] - 1) * draft["ple.heads_per_ngram"];
        if (heads <= 0) return;
        draft.Default(
            "embedding_length_per_layer_input",
            config.Integer("ple_hidden_size", "ngram_hidden_size") ?? draft[Keys.Embedding] / heads);
    }
}
