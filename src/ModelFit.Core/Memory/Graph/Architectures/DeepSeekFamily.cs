using System.Collections.Generic;
using ModelFit.Memory.Graph.Blocks;
using static ModelFit.Memory.Graph.TensorOps;

namespace ModelFit.Memory.Graph.Architectures;

/// <summary>Multi-head latent attention and what follows DeepSeek V2 (src/models/deepseek2.cpp).</summary>
internal static class DeepSeekFamily
{
    private const int Size = sizeof(float);

    public static IEnumerable<Architecture> All { get; } = new Architecture[]
    {
        new("deepseek2") { Compose = Compose, Experts = ExpertRules.FromMetadata },
        new("mistral4") { Compose = Compose, Experts = ExpertRules.FromMetadata, Accuracy = Accuracy.Modelled },
        new("minicpm3")
        {
            Compose = ComposeScaled, ScalesEmbeddings = _ => true, LogitScaling = _ => LogitScale.BeforeOutput,
        },
    };

    /// <summary>The decoder with latent attention.</summary>
    public static void Compose(GraphBuilder builder)
    {
        var x = builder.Embed();
        for (var layer = 0; layer < builder.Model.Layers; layer++)
        {
            var y = Attention(builder, layer, builder.Norm(layer, "attn_norm", x));
            var residual = Add(builder.KeepOutputs(layer, y), builder.KeepOutputs(layer, x));
            x = Add(Decoder.FeedForward(builder, layer, builder.Norm(layer, "ffn_norm", residual)), residual);
        }

        builder.Head(x);
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
        var model = builder.Model;
        var isCompressed = model.Metadata.Has("attention.key_length_mla");
        var (rank, rope) = (model.Size("attention.kv_lora_rank"), model.Size("rope.dimension_count"));
        var keyLength = model.Size("attention.key_length_mla", model.KeyLength);
        var (heads, tokens) = (model.Heads[layer], builder.Tokens);
        var q = Reshape(Queries(builder, layer, x), keyLength, heads, tokens);
        var both = MulMat(builder.Required(layer, "attn_kv_a_mqa"), x);
        var row = (rank + rope) * Size;
        var latent = View2(both, rank, tokens, row);
        var turned = Rope(View3(both, rope, 1, tokens, row, row, rank * Size), builder.Positions(),
            builder.RopeFactors(layer));
        latent = builder.Norm(layer, "attn_kv_a_norm", latent);
        return isCompressed
            ? Compressed(builder, layer, q, latent, turned, keyLength - rope)
            : Expanded(builder, layer, q, latent, turned, keyLength - rope);
    }

    private static Tensor Queries(GraphBuilder builder, int layer, Tensor x) =>
        builder.Weight(layer, "attn_q") is { } direct
            ? MulMat(direct, x)
            : MulMat(
                builder.Required(layer, "attn_q_b"),
                builder.Norm(layer, "attn_q_a_norm", MulMat(builder.Required(layer, "attn_q_a"), x)));

    private static Tensor Compressed(
        GraphBuilder builder, int layer, Tensor q, Tensor latent, Tensor turned, long plain)
    {
        var (heads, tokens) = (q.Ne.D1, q.Ne.D2);
        var rope = q.Ne.D0 - plain;
        var first = View3(q, plain, heads, tokens, q.Nb.D1, q.Nb.D2);
        var second = Rope(View3(q, rope, heads, tokens, q.Nb.D1, q.Nb.D2, plain * Size), builder.Positions());
        var absorbed = SwapMiddle(MulMat(builder.Required(layer, "attn_k_b"), SwapMiddle(first)));
        var v = Reshape(latent, latent.Ne.D0, 1, tokens);
        return builder.CompressedAttention(layer, Concat(absorbed, second), Concat(v, turned), v);
    }

    private static Tensor Expanded(
        GraphBuilder builder, int layer, Tensor q, Tensor latent, Tensor turned, long plain)
    {
        var (heads, tokens) = (q.Ne.D1, q.Ne.D2);
        var (rope, value) = (q.Ne.D0 - plain, builder.Model.ValueLength);
        var both = MulMat(builder.Required(layer, "attn_kv_b"), latent);
        var row = (plain + value) * Size;
        var k = View3(both, plain, heads, tokens, row, row * heads);
        var v = Cont(View3(both, value, heads, tokens, row, row * heads, plain * Size));
        q = Rope(q, builder.Positions(), builder.RopeFactors(layer));
        return builder.Attention(layer, q, Concat(k, Repeat(turned, rope, heads, tokens)), v);
    }
}
