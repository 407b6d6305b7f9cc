using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using ModelFit.Models;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>
/// DeepSeek 4 (src/models/deepseek4.cpp): hyper-connections, keys that are their own values, a window of raw ones in
/// every layer, and in most a compressed cache besides, of which an indexer chooses where it is the finer one.
/// </summary>
internal static class Deepseek4
{
    private const int ChosenRatio = 4;

    private const int WholeRatio = 128;

    public static Architecture[] All { get; } =
    {
        new("deepseek4")
        {
            Classes = "DeepseekV4ForCausalLM",
            HasOneCache = true,
            NativeExperts = new(LeastBits: 4),
            PublishedCount = PublishedCount.WithPrediction,
            Types = "deepseekv4",
            Shape = new()
            {
                RemembersLayers = true,
                KeepsStreamsApart = true, Window = EveryLayer,
                Experts = metadata => ExpertRules.FromMetadata(metadata, ExpertGating.SqrtSoftplus),
                Nodes = NodeBudget.Wide,
            },
            LayOut = LayOut, Compose = Compose,
        },
    };

    private static WindowRule? EveryLayer(ModelMetadata metadata) =>
        WindowRule.Standard(0)(metadata) is { } rule ? rule with { IgnoresPattern = true } : null;

    private static void Compose(GraphBuilder builder)
    {
        var model = builder.Model;
        var connections = new ManifoldConnections(builder);
        var ratios = model.Metadata.Integers("attention.compress_ratios", model.AllLayers, 0);
        var hashed = model.Size("hash_layer_count", 0);
        var x = builder.EmbedTokens();
        builder.Expand(builder.CacheMask(0));
        var streams = builder.SplitStreams(x);
        for (var layer = 0; layer < model.Layers; layer++)
        {
            var (input, weights, matrix) = connections.Read(layer, "hc_attn", streams);
            var y = Attention(builder, layer, builder.Norm(layer, "attn_norm", input), ratios[layer]);
            streams = connections.Write(layer, y, streams, weights, matrix);
            (input, weights, matrix) = connections.Read(layer, "hc_ffn", streams);
            builder.Expand(streams);
            builder.Expand(weights);
            builder.Expand(matrix);
            y = Feed(builder, layer, builder.Norm(layer, "ffn_norm", input), layer < hashed);
            streams = connections.Write(layer, y, streams, weights, matrix);
            builder.Pinned.Add((streams, layer));
        }

        builder.Head(connections.Join(builder.KeepOutputStreams(streams)));
    }

    /// <summary>Experts, in the first layers chosen by the token itself, and a shared one.</summary>
    private static Tensor Feed(GraphBuilder builder, int layer, Tensor x, bool isHashed)
    {
        var ids = isHashed
            ? GetRows(
                builder.Required(layer, "ffn_gate_tid2eid"),
                builder.Input("inp_tokens", TensorType.I32, builder.Tokens))
            : null;
        var y = builder.Experts(layer, x, builder.Shape.Experts(builder.Model.Metadata), null, ids);
        return Add(y, builder.FeedForward(layer, x, "_shexp"));
    }

    private static Tensor Attention(GraphBuilder builder, int layer, Tensor x, long ratio)
    {
        var (model, tokens, positions) = (builder.Model, builder.Tokens, builder.Positions());
        var (heads, length) = (model.Heads[layer], model.KeyLength);
        var low = builder.Norm(layer, "attn_q_a_norm", MulMat(builder.Required(layer, "attn_q_a"), x));
        var q = Reshape(MulMat(builder.Required(layer, "attn_q_b"), low), length, heads, tokens);
        q = Rope(Map(Op.RmsNorm, q), positions);
        var kv = builder.Norm(layer, "attn_kv_a_norm", MulMat(builder.Required(layer, "attn_kv"), x));
        kv = Rope(Reshape(kv, length, 1, tokens), positions);

        var compressor = ratio switch
        {
            ChosenRatio => new StateCompressor("csa", "attn_compressor", ratio, length, true),
            WholeRatio => new StateCompressor("hca", "attn_compressor", ratio, length, false),
            0 => null,
            _ => throw new GraphException(FormattableString.Invariant($"compression ratio {ratio} is not known")),
        };
        compressor?.Store(builder, layer, x);
        Tensor? chosen = null;
        if (ratio == ChosenRatio)
        {
            var indexer = new StateCompressor(
                "lid", "indexer_compressor", ratio, model.Size("attention.indexer.key_length"), true);
            indexer.Store(builder, layer, x);
            chosen = SparseIndexer.Choose(builder, layer, x, low, indexer);
        }

        var y = builder.SharedAttention(layer, q, kv, compressor, chosen);
        y = RopeBack(Reshape(y, length, heads, tokens), positions);
        var groups = model.Size("attention.output_group_count");
        var rank = model.Size("attention.output_lora_rank");
        y = SwapMiddle(Reshape(y, heads / groups * length, groups, tokens));
        y = MulMat(builder.Required(layer, "attn_output_a", new Dims(y.Ne.D0, rank, groups)), y);
        return MulMat(builder.Required(layer, "attn_output_b"), Cont(SwapMiddle(y), rank * groups, tokens));
    }

    private static void LayOut(TensorList list)
    {
        var (model, streams) = (list.Model, list.Key("hyper_connection.count"));
        list.Add("token_embd.weight", model.Embedding, model.Vocabulary);
        list.Add("output_norm.weight", model.Embedding);
        list.Add("output.weight", model.Embedding, model.Vocabulary);
        HyV4.HeadConnections(list);
        var ratios = model.Metadata.Integers("attention.compress_ratios", model.Layers, 0);
        for (var layer = 0; layer < model.Layers; layer++)
        {
            Attention(list, layer, ratios[layer]);
            HyV4.Connections(list, layer, (2 + streams) * streams, scales: 3);
            Experts(list, layer);
        }
    }

    private static void Attention(TensorList list, int layer, long ratio)
    {
        var (model, metadata) = (list.Model, list.Model.Metadata);
        var (width, heads, key) = (model.Embedding, model.Heads(layer), model.KeyLength);
        var rank = metadata.Integer("attention.q_lora_rank", 0);
        var groups = metadata.Integer("attention.output_group_count", 1);
        var outputRank = metadata.Integer("attention.output_lora_rank", 0);
        list.Norm(layer, "attn_norm", width);
        list.Norm(layer, "attn_sinks", heads);
        list.Linear(layer, "attn_q_a", width, rank);
        list.Norm(layer, "attn_q_a_norm", rank);
        list.Linear(layer, "attn_q_b", rank, heads * key);
        list.Linear(layer, "attn_kv", width, key);
        list.Norm(layer, "attn_kv_a_norm", key);
        var shared = list.Share(heads * key, "attention.output_group_count");
        list.Linear(layer, "attn_output_a", shared, outputRank * groups);
        list.Linear(layer, "attn_output_b", outputRank * groups, width);
        if (ratio == 0) return;
        Compressor(list, layer, "attn_compressor", ratio, key);
        if (ratio != ChosenRatio) return;
        var (indexHeads, length) = (
            metadata.Integer("attention.indexer.head_count", 0), metadata.Integer("attention.indexer.key_length", 0));
        list.Linear(layer, "indexer.proj", width, indexHeads);
        list.Linear(layer, "indexer.attn_q_b", rank, indexHeads * length);
        Compressor(list, layer, "indexer_compressor", ratio, length);
    }

    private static void Compressor(TensorList list, int layer, string name, long ratio, long length)
    {
        var all = ratio == ChosenRatio ? 2 * length : length;
        list.Linear(layer, name + "_kv", list.Model.Embedding, all);
        list.Linear(layer, name + "_gate", list.Model.Embedding, all);
        list.Block(layer, name + "_ape.weight", all, ratio);
        list.Norm(layer, name + "_norm", length);
    }

    private static void Experts(TensorList list, int layer)
    {
        var (model, experts) = (list.Model, list.Model.Experts);
        list.Linear(layer, "ffn_gate_inp", model.Embedding, experts);
        if (layer < list.Key("hash_layer_count"))
            list.Linear(layer, "ffn_gate_tid2eid", model.ExpertsUsed, model.Vocabulary);
        else list.Block(layer, ArchitectureShape.RouterBiasName, experts);
        list.Norm(layer, "ffn_norm", model.Embedding);
        list.ExpertMatrices(layer, model.Embedding);
        list.SharedExpert(layer);
    }
}
