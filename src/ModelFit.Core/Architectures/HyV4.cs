using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>
/// Gated latent attention, over the cells that an indexer of this layer or of an earlier one chose, between hyper
/// connections (src/models/hy-v4.cpp).
/// </summary>
internal static class HyV4
{
    public static Architecture[] All { get; } =
    {
        new("hy_v4")
        {
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "HYV4ForCausalLM",
            RefusesTensorSplit = true,
            Configure = Configure,
            Shape = new() { Experts = ExpertRules.FromMetadata, Nodes = NodeBudget.Wide },
            FrameTensors = HeadConnections, AttentionTensors = Attention, BlockTensors = Connections,
            Compose = Compose,
        },
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
            var low = Deepseek2.LowRankQueries(builder, layer, x);
            if (isSparse && (indexers is null || layer >= indexers.Length || indexers[layer]))
                chosen = SparseIndexer.Choose(builder, layer, x, low, isRotated: false);
            x = Attention(builder, layer, x, low, chosen);
            streams = HyperConnections.AddToStreams(streams, x, weights);
            (x, weights) = builder.MixStreams(layer, "hc_ffn", streams);
            x = Decoder.FeedForward(builder, layer, builder.Norm(layer, "ffn_norm", x));
            streams = HyperConnections.AddToStreams(streams, x, weights);
        }

        builder.Head(builder.JoinStreams(builder.KeepOutputStreams(streams)));
    }

    private static Tensor Attention(GraphBuilder builder, int layer, Tensor x, Tensor low, Tensor? chosen) =>
        Deepseek2.Attention(
            builder, layer, x, MulMat(builder.Required(layer, "attn_q_b"), low), chosen,
            y => builder.GatedValues(layer, y, x));

    public static void HeadConnections(TensorList list)
    {
        var streams = list.Key("hyper_connection.count");
        list.Add("output_hc_fn.weight", list.Model.Embedding * streams, streams);
        list.Add("output_hc_base.weight", streams);
        list.Add("output_hc_scale.weight", 1);
    }

    private static void Attention(TensorList list, int layer)
    {
        var model = list.Model;
        Deepseek2.Attention(list, layer);
        list.Sinks(layer);
        list.Gate(layer, model.Metadata.Integer("attention.value_length_mla", model.ValueLength) * model.Heads(layer));
        var indexers = model.Metadata.Flags("attention.indexer.types");
        if (indexers is null || layer >= indexers.Length || indexers[layer]) Deepseek32.Indexer(list, layer);
    }

    private static void Connections(TensorList list, int layer) =>
        Connections(list, layer, 2 * list.Key("hyper_connection.count"), scales: 2);

    /// <summary>What mixes the streams before attention and feed-forward, of so many numbers a token.</summary>
    public static void Connections(TensorList list, int layer, long mixes, long scales)
    {
        foreach (var name in new[] { "hc_attn", "hc_ffn" })
        {
            list.Linear(layer, name + "_fn", list.Model.Embedding * list.Key("hyper_connection.count"), mixes);
            list.Block(layer, name + "_base.weight", mixes);
            list.Block(layer, name + "_scale.weight", scales);
        }
    }

    private static void Configure(ConfigDraft draft)
    {
        if (draft.Config.Texts("indexer_types") is not null)
            draft.SetEach("attention.indexer.types", draft.OfType("full", "indexer_types"));
    }
}
