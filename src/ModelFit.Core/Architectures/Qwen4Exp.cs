using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using ModelFit.Models;

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
                Experts = metadata => ExpertRules.Default with
                {
                    ScalesWeights = metadata.Number("expert_weights_scale") is not (null or 0 or 1),
                },
                SharedExpertGate = true, SharesPredictionHead = true, Nodes = NodeBudget.Wide,
            },
            LayOut = LayOut, Compose = Compose,
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

    private static void LayOut(TensorList list)
    {
        var (model, width, streams) = (list.Model, list.Model.Embedding, list.Key("hyper_connection.count"));
        list.Add("token_embd.weight", width, model.Vocabulary);
        if (!model.Has(Traits.Tied)) list.Add("output.weight", width, model.Vocabulary);
        var rank = list.Key("hyper_connection.low_rank");
        list.Add("output_hc_norm.weight", width, streams);
        list.Add("output_hc_down.weight", width * streams, rank);
        list.Add("output_hc_up.weight", rank, width * streams);
        var grams = model.Metadata["ple.layers"] is long[] { Length: > 0 } layers ? layers : Array.Empty<long>();
        var row = list.Key("embedding_length_per_layer_input");
        if (grams.Length > 0) list.Add("per_layer_token_embd.weight", row, Rows(list));
        for (var layer = 0; layer < model.Layers; layer++)
        {
            Connections(list, layer, "hc_attn", rank, streams);
            Connections(list, layer, "hc_ffn", rank, streams);
            if (list.IsPrediction(layer) || !RecurrentLayers.Has(model.Metadata, layer, DefaultInterval))
                Attention(list, layer);
            else Qwen3Next.DeltaTensors(list, layer);
            if (grams.Contains(layer)) Grams(list, layer, row, streams);
            list.FeedForward(layer);
            if (list.IsPrediction(layer)) list.Prediction(layer);
        }
    }

    /// <summary>The rows of all tables of hashes together, the last of which ends behind its own.</summary>
    private static long Rows(TensorList list) => list.Model.Metadata["ple.head_vocab_sizes"] switch
    {
        long[] sizes => sizes.Sum(),
        long size => size,
        _ => 0,
    };

    private static void Connections(TensorList list, int layer, string name, long rank, long streams)
    {
        var width = list.Model.Embedding;
        list.Block(layer, name + "_norm.weight", width, streams);
        list.Linear(layer, name + "_down", width * streams, rank);
        list.Linear(layer, name + "_up", rank, width * streams);
        list.Linear(layer, name + "_inject", width * streams, streams);
    }

    private static void Attention(TensorList list, int layer)
    {
        var (width, heads, length) = (
            list.Model.Embedding, list.Key("attention.indexer.head_count"), list.Key("attention.indexer.key_length"));
        Qwen3Next.GatedAttention(list, layer);
        if (list.IsPrediction(layer)) return;
        list.Linear(layer, "indexer.q_proj", width, heads * length);
        list.Linear(layer, "indexer.k_proj", width, length);
        list.Norm(layer, "indexer.q_norm", length);
        list.Norm(layer, "indexer.k_norm", length);
    }

    private static void Grams(TensorList list, int layer, long row, long streams)
    {
        var width = list.Model.Embedding;
        var all = row * (list.Key("ple.ngram_size") - 1) * list.Key("ple.heads_per_ngram");
        list.Linear(layer, "ple_key", all, width * streams);
        list.Linear(layer, "ple_value", all, width);
        foreach (var norm in new[] { "ple_norm_key", "ple_norm_query", "ple_norm_conv" })
            list.Block(layer, norm + ".weight", width, streams);
        list.Linear(layer, "ple_conv1d", list.Key("ple.conv_kernel"), width * streams);
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
        var types = config.Texts("layer_types") ?? Array.Empty<string>();
        var ratio = config.Integer("indexer_compress_ratio") ?? 0;
        draft.SetEach("attention.compress_ratios", layer =>
            layer < types.Length && types[layer] == "full_attention" ? ratio : 0);
        if (config.Integers("ple_layer_ids") is not { Length: > 0 } layers) return;
        draft.Set("ple.layers", layers.Select(layer => layer - 1).ToArray());
        draft.Set("ple.ngram_size", config.Integer("ngram_size"));
        draft.Set("ple.heads_per_ngram", config.Integer("heads_per_ngram"));
        draft.Set("ple.conv_kernel", config.Integer("ple_conv_kernel_size"));
        Tables(draft);
    }

    /// <summary>
    /// The tables of hashes: as many rows of the base vocabulary as an n-gram has heads, and as many sizes; the width
    /// of a row is that of the model over all heads. The primes that the checkpoint has beside them are within 1e-5.
    /// </summary>
    private static void Tables(ConfigDraft draft)
    {
        var heads = (draft["ple.ngram_size"] - 1) * draft["ple.heads_per_ngram"];
        if (heads <= 0) return;
        var rows = draft.Config.Integer("ngram_vocab_size", "ple_vocab_size", "ngram_base_vocab_size") ?? 0;
        draft.Set("ple.head_vocab_sizes", Enumerable.Repeat(rows, (int)Math.Min(heads, 1024)).ToArray());
        draft.Default("embedding_length_per_layer_input",
            draft.Config.Integer("ple_hidden_size", "ngram_hidden_size") ?? draft[Keys.Embedding] / heads);
    }
}
