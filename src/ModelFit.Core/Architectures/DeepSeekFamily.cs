using System;
using System.Collections.Generic;
using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using ModelFit.Models;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>Multi-head latent attention and what follows DeepSeek V2 (src/models/deepseek2.cpp).</summary>
internal static class DeepSeekFamily
{
    private const int Size = sizeof(float);

    public static IEnumerable<Architecture> All { get; } = new Architecture[]
    {
        new("deepseek2")
        {
            Compose = Decoder.Composed(Layer), Experts = ExpertRules.FromMetadata, ReadsTemperature = true,
        },
        new("mistral4")
        {
            Compose = Decoder.Composed(Layer), Experts = ExpertRules.FromMetadata, ReadsTemperature = true,
            HasPreciseExperts = true,
        },
        new("deepseek32")
        {
            Compose = builder => ComposeSparse(builder, (_, _) => true), Experts = ExpertRules.FromMetadata,
        },
        new("glm-dsa")
        {
            Compose = builder => ComposeSparse(builder, ChoosesItself),
            Experts = metadata => ExpertRules.FromMetadata(metadata, ExpertGating.Sigmoid),
        },
        new("minicpm3")
        {
            Compose = ComposeScaled, ScalesEmbeddings = _ => true, LogitScaling = _ => LogitScale.BeforeOutput,
        },
    };

    /// <summary>A layer with latent attention.</summary>
    public static Tensor Layer(GraphBuilder builder, int layer, Tensor x) =>
        Feed(builder, layer, Attention(builder, layer, builder.Norm(layer, "attn_norm", x)), x);

    /// <summary>
    /// The same where each token attends only to the cells that an indexer chose, in this layer or in the last one that
    /// <paramref name="chooses"/> (src/models/deepseek32.cpp, glm-dsa.cpp).
    /// </summary>
    private static void ComposeSparse(GraphBuilder builder, Func<ModelMetadata, int, bool> chooses)
    {
        var x = builder.Embed();
        Tensor? chosen = null;
        for (var layer = 0; layer < builder.Model.Layers; layer++)
        {
            var normed = builder.Norm(layer, "attn_norm", x);
            var low = LowRankQueries(builder, layer, normed);
            if (chooses(builder.Model.Metadata, layer) || chosen is null)
                chosen = SparseIndexer.Choose(builder, layer, normed, low);
            var q = MulMat(builder.Required(layer, "attn_q_b"), low);
            x = Feed(builder, layer, Attention(builder, layer, normed, q, chosen), x);
        }

        builder.Head(x);
    }

    /// <summary>
    /// Whether a layer of GLM 5 has an indexer of its own: all had one until contexts of 2^20 tokens came, then two and
    /// every fourth, unless the file says which.
    /// </summary>
    private static bool ChoosesItself(ModelMetadata metadata, int layer)
    {
        const long longContext = 1 << 20;
        if (metadata.Flags("attention.indexer.types") is { } own && layer < own.Length) return own[layer];
        return metadata.Integer("context_length", 0) < longContext || layer < 2 || (layer - 2) % 4 == 0;
    }

    /// <summary>What follows attention in a layer: the residual, the norm and the feed-forward with its own.</summary>
    public static Tensor Feed(GraphBuilder builder, int layer, Tensor y, Tensor x)
    {
        var residual = Add(builder.KeepOutputs(layer, y), builder.KeepOutputs(layer, x));
        return Add(Decoder.FeedForward(builder, layer, builder.Norm(layer, "ffn_norm", residual)), residual);
    }

    /// <summary>The same with scaled residuals (src/models/minicpm3.cpp).</summary>
    private static void ComposeScaled(GraphBuilder builder)
    {
        var x = builder.Embed();
        for (var layer = 0; layer < builder.Model.Layers; layer++)
        {
            var y = builder.KeepOutputs(layer, Attention(builder, layer, builder.Norm(layer, "attn_norm", x)));
            var residual = Add(Scale(y), builder.KeepOutputs(layer, x));
            x = Add(Scale(builder.FeedForward(layer, builder.Norm(layer, "ffn_norm", residual))), residual);
        }

        builder.Head(x);
    }

    /// <summary>
    /// Latent attention over the normed input: with the cache compressed where the model says how long its heads are
    /// (<c>attention.key_length_mla</c>), else expanded to full heads as in older files.
    /// </summary>
    public static Tensor Attention(GraphBuilder builder, int layer, Tensor x)
    {
        var q = Reshape(
            Queries(builder, layer, x), KeyLength(builder, layer), builder.Model.Heads[layer], builder.Tokens);
        return Attention(builder, layer, x, q, null);
    }

    /// <summary>The same with the queries given, [key length x heads, tokens] or with heads apart.</summary>
    public static Tensor Attention(
        GraphBuilder builder, int layer, Tensor x, Tensor q, Tensor? chosen, Func<Tensor, Tensor>? gate = null)
    {
        var model = builder.Model;
        var rank = builder.Required(layer, "attn_kv_a_norm").Ne.D0;
        var rope = model.Size("rope.dimension_count", model.KeyLength);
        var (keyLength, tokens) = (KeyLength(builder, layer), builder.Tokens);
        var both = MulMat(builder.Required(layer, "attn_kv_a_mqa"), x);
        var row = (rank + rope) * Size;
        var latent = View2(both, rank, tokens, row);
        var turned = View3(both, rope, 1, tokens, row, row, rank * Size);
        if (builder.Weight(layer, "attn_k_norm") is not null) turned = builder.Norm(layer, "attn_k_norm", turned);
        turned = Turn(builder, layer, turned, true);
        latent = builder.Norm(layer, "attn_kv_a_norm", latent);
        return IsCompressed(builder, layer)
            ? Compressed(builder, layer, q, latent, turned, keyLength, chosen, gate)
            : Expanded(builder, layer, q, latent, turned, keyLength);
    }

    private static bool IsCompressed(GraphBuilder builder, int layer) =>
        builder.Model.Metadata.Has("attention.key_length_mla") && builder.Weight(layer, "attn_k_b") is not null;

    /// <summary>Length of a key head when expanded.</summary>
    private static long KeyLength(GraphBuilder builder, int layer) => IsCompressed(builder, layer)
        ? builder.Model.Size(
            builder.Model.IsWindowLayer[layer] ? "attention.key_length_mla_swa" : "attention.key_length_mla")
        : builder.Model.KeyLength;

    public static Tensor Queries(GraphBuilder builder, int layer, Tensor x) =>
        builder.Weight(layer, "attn_q") is { } direct
            ? MulMat(direct, x)
            : MulMat(builder.Required(layer, "attn_q_b"), LowRankQueries(builder, layer, x));

    public static Tensor LowRankQueries(GraphBuilder builder, int layer, Tensor x) =>
        builder.Norm(layer, "attn_q_a_norm", MulMat(builder.Required(layer, "attn_q_a"), x));

    private static Tensor Turn(GraphBuilder builder, int layer, Tensor x, bool hasFactors) =>
        builder.Architecture.HasRope(builder.Model, layer)
            ? Rope(x, builder.Positions(), hasFactors ? builder.RopeFactors(layer) : null)
            : x;

    private static Tensor Compressed(
        GraphBuilder builder, int layer, Tensor q, Tensor latent, Tensor turned, long keyLength, Tensor? chosen,
        Func<Tensor, Tensor>? gate)
    {
        var (heads, tokens) = (builder.Model.Heads[layer], builder.Tokens);
        var (head, all) = (keyLength * Size, keyLength * Size * heads);
        var rope = turned.Ne.D0;
        var plain = keyLength - rope;
        var first = View3(q, plain, heads, tokens, head, all);
        var second = Turn(builder, layer, View3(q, rope, heads, tokens, head, all, plain * Size), false);
        var absorbed = SwapMiddle(MulMat(builder.Required(layer, "attn_k_b"), SwapMiddle(first)));
        var v = Reshape(latent, latent.Ne.D0, 1, tokens);
        var queries = builder.WarmQueries(Concat(absorbed, second));
        return builder.CompressedAttention(layer, queries, Concat(v, turned), v, chosen, gate);
    }

    private static Tensor Expanded(
        GraphBuilder builder, int layer, Tensor q, Tensor latent, Tensor turned, long keyLength)
    {
        var (heads, tokens) = (builder.Model.Heads[layer], builder.Tokens);
        var (rope, value) = (turned.Ne.D0, builder.Model.ValueLength);
        var plain = keyLength - rope;
        var both = MulMat(builder.Required(layer, "attn_kv_b"), latent);
        var row = (plain + value) * Size;
        var k = View3(both, plain, heads, tokens, row, row * heads);
        var v = Cont(View3(both, value, heads, tokens, row, row * heads, plain * Size));
        q = Rope(q, builder.Positions(), builder.RopeFactors(layer));
        return builder.Attention(layer, builder.WarmQueries(q), Concat(k, Repeat(turned, rope, heads, tokens)), v);
    }
}
