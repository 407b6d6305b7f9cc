using System.Globalization;
using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using ModelFit.Models;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>
/// T5: attention scores with a bias by relative position, in a decoder that also attends to an encoder's result, or
/// in the encoder alone (src/models/t5.cpp, t5encoder.cpp). Of both together llama.cpp reserves the decoder's graph.
/// </summary>
internal static class T5
{
    private static readonly Architecture Encoder = new("t5encoder")
    {
        Kind = ModelKind.Base,
        LayoutAccuracy = Accuracy.Modelled,
        Classes = "T5EncoderModel",
        TiesByDefault = true,
        Configure = Configure,
        Shape = new()
        {
            LayerPrefix = "enc.blk.", OutputNorm = "enc.output_norm", HasRope = (_, _) => false,
            Activation = UnaryFunction.Relu, HasEncoder = true,
        },
        LayOut = LayOutEncoder, Compose = ComposeEncoder,
    };

    public static Architecture[] All { get; } =
    {
        Encoder with
        {
            Name = "t5",
            Classes =
                "T5WithLMHeadModel T5ForConditionalGeneration MT5ForConditionalGeneration "
                + "UMT5ForConditionalGeneration UMT5Model",
            RefusesTensorSplit = true,
            Shape = Encoder.Shape with { LayerPrefix = "dec.blk.", OutputNorm = "dec.output_norm" },
            LayOut = LayOut, Compose = ComposeDecoder,
        },
        Encoder,
    };

    private static void ComposeDecoder(GraphBuilder builder)
    {
        var model = builder.Model;
        var x = builder.Embed();
        var encoded = builder.Input("cross_embd", TensorType.F32, model.Embedding, model.TrainedContext);
        for (var layer = 0; layer < model.Layers; layer++)
        {
            var (q, k, v) = Decoder.Heads(builder, layer, builder.Norm(layer, "attn_norm", x));
            var bias = PositionBias(builder, layer, builder.CellsOf(layer));
            var y = builder.AttentionValues(layer, q, k, v, bias);
            x = Add(builder.Linear(layer, "attn_o", y), x);
            y = CrossAttention(builder, layer, builder.Norm(layer, "cross_attn_norm", x), encoded);
            x = Decoder.Feed(builder, layer, y, x);
        }

        builder.Head(x);
    }

    private static void ComposeEncoder(GraphBuilder builder)
    {
        var x = builder.Embed();
        for (var layer = 0; layer < builder.Model.Layers; layer++)
        {
            builder.ReserveCache(layer);
            var (q, k, v) = Decoder.Heads(builder, layer, builder.Norm(layer, "attn_norm", x));
            var bias = PositionBias(builder, layer, builder.Tokens);
            var y = builder.Linear(layer, "attn_o", builder.UncachedAttention(layer, q, k, v, "mask", bias));
            x = Decoder.Feed(builder, layer, y, x);
        }

        builder.EmbeddingHead(x);
    }

    /// <summary>Attention over the encoder's result, reserved as long as the model was trained with.</summary>
    private static Tensor CrossAttention(GraphBuilder builder, int layer, Tensor x, Tensor encoded)
    {
        var (length, heads, kvHeads) =
            (builder.Model.ValueLength, builder.Model.Heads[layer], builder.Model.KvHeads[layer]);
        var q = Reshape(MulMat(builder.Required(layer, "cross_attn_q"), x), length, heads, builder.Tokens);
        var k = Reshape(MulMat(builder.Required(layer, "cross_attn_k"), encoded), length, kvHeads, encoded.Ne.D1);
        var v = Reshape(MulMat(builder.Required(layer, "cross_attn_v"), encoded), length, kvHeads, encoded.Ne.D1);
        return builder.Linear(layer, "cross_attn_o", builder.UncachedAttention(layer, q, k, v, "cross_mask"));
    }

    /// <summary>
    /// A bias a head for each cell and token, [cells, tokens, heads], from the layer's table or the first layer's
    /// (build_pos_bias).
    /// </summary>
    private static Tensor PositionBias(GraphBuilder builder, int layer, long cells)
    {
        var buckets = builder.Input("pos_bucket", TensorType.I32, cells, builder.Tokens);
        var table = builder.Weight(layer, "attn_rel_b") ?? builder.Required(0, "attn_rel_b");
        var bias = GetRows(table, Reshape(buckets, cells * builder.Tokens));
        return Cont(Permute(Reshape(bias, bias.Ne.D0, cells, builder.Tokens), 2, 0, 1, 3));
    }

    private static void LayOut(TensorList list)
    {
        LayOutEncoder(list);
        list.Add("dec.output_norm.weight", list.Model.Embedding);
        for (var layer = 0; layer < Layers(list, "decoder_block_count"); layer++)
            Block(list, "dec.blk." + layer.ToString(CultureInfo.InvariantCulture) + ".", layer, crosses: true);
    }

    private static void LayOutEncoder(TensorList list)
    {
        list.Add("token_embd.weight", list.Model.Embedding, list.Model.Vocabulary);
        list.Add("enc.output_norm.weight", list.Model.Embedding);
        if (!list.Model.Has(Traits.Tied)) list.Add("output.weight", list.Model.Embedding, list.Model.Vocabulary);
        for (var layer = 0; layer < list.Model.Layers; layer++)
            Block(list, "enc.blk." + layer.ToString(CultureInfo.InvariantCulture) + ".", layer, crosses: false);
    }

    private static long Layers(TensorList list, string key) =>
        Math.Min(Hyperparameters.MostLayers, list.Model.Metadata.Integer(key, list.Model.Layers));

    private static void Block(TensorList list, string prefix, int layer, bool crosses)
    {
        var (model, width) = (list.Model, list.Model.Embedding);
        var (all, inner) = (model.KeyLength * model.Heads(layer), model.FeedForward(layer));
        void Attention(string name)
        {
            foreach (var part in new[] { "q", "k", "v" }) list.Add($"{prefix}{name}_{part}.weight", width, all);
            list.Add($"{prefix}{name}_o.weight", all, width);
            list.Add($"{prefix}{name}_norm.weight", width);
        }

        Attention("attn");
        if (layer == 0)
            list.Add(prefix + "attn_rel_b.weight", model.Heads(layer), list.Key("attention.relative_buckets_count"));
        if (crosses) Attention("cross_attn");
        list.Add(prefix + "ffn_norm.weight", width);
        if (model.Has(Traits.GatedFeedForward)) list.Add(prefix + "ffn_gate.weight", width, inner);
        list.Add(prefix + "ffn_up.weight", width, inner);
        list.Add(prefix + "ffn_down.weight", inner, width);
    }

    private static void Configure(ConfigDraft draft)
    {
        draft.Set(Keys.FeedForward, draft.Config.Integer("d_ff"));
        draft.Set(Keys.Heads, draft.Config.Integer("num_heads"));
        draft.Set(Keys.KvHeads, draft.Config.Integer("num_heads"));
        draft.Set("attention.key_length", draft.Config.Integer("d_kv"));
        draft.Set("attention.value_length", draft.Config.Integer("d_kv"));
        draft.Set("attention.relative_buckets_count", draft.Config.Integer("relative_attention_num_buckets") ?? 32);
        draft.Set("decoder_block_count", draft.Config.Integer("num_decoder_layers") ?? draft.Layers);
        draft.Default("context_length", 512);
    }
}
