using System;
using System.Collections.Generic;
using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>
/// Hybrids of gated delta nets and gated attention (src/models/qwen3next.cpp, qwen35.cpp, qwen35moe.cpp).
/// </summary>
internal static class DeltaNetFamily
{
    private const int Size = sizeof(float);
    private const int DefaultInterval = 4;

    public static IEnumerable<Architecture> All { get; } = new Architecture[]
    {
        new("qwen3next")
        {
            Compose = Composed(isInterleaved: true), RowsCut = OutputRowsCut.AfterFinalNorm,
        },
        new("qwen35")
        {
            Compose = Composed(isInterleaved: false), RowsCut = OutputRowsCut.AfterFinalNorm,
            PositionsPerToken = _ => 4,
            RollsBackStates = true, ComposeDraft = ComposeDraft, IsDraftCompared = true,
        },
        new("qwen35moe")
        {
            Compose = Composed(isInterleaved: false), RowsCut = OutputRowsCut.AfterFinalNorm,
            PositionsPerToken = _ => 4,
            RollsBackStates = true, ComposeDraft = ComposeDraft, IsDraftCompared = true,
        },
    };

    private static Action<GraphBuilder> Composed(bool isInterleaved) =>
        Decoder.Composed((builder, layer, x) => Layer(builder, layer, x, isInterleaved));

    private static void ComposeDraft(GraphBuilder builder) => Decoder.ComposeDraft(builder, (_, layer, x) =>
    {
        var y = GatedAttention(builder, layer, builder.Norm(layer, "attn_norm", x), isInterleaved: false);
        var residual = Add(y, x);
        y = builder.Norm(layer, "post_attention_norm", residual);
        return Add(Decoder.FeedForward(builder, layer, y), residual);
    });

    private static Tensor Layer(GraphBuilder builder, int layer, Tensor x, bool isInterleaved)
    {
        var interval = builder.Model.Metadata.Integer("full_attention_interval", DefaultInterval);
        var y = builder.Expand(builder.Norm(layer, "attn_norm", x));
        y = interval > 0 && (layer + 1) % interval == 0
            ? GatedAttention(builder, layer, y, isInterleaved)
            : DeltaNet.Apply(builder, layer, y);
        var residual = Add(y, x);
        y = builder.Norm(layer, "post_attention_norm", residual);
        return Add(Decoder.FeedForward(builder, layer, y), residual);
    }

    /// <summary>Attention whose result is gated by half of the query projection.</summary>
    public static Tensor GatedAttention(
        GraphBuilder builder, int layer, Tensor x, bool isInterleaved, Tensor? chosen = null)
    {
        var model = builder.Model;
        var (length, heads, kvHeads, tokens) =
            (model.ValueLength, model.Heads[layer], model.KvHeads[layer], builder.Tokens);
        var both = builder.Linear(layer, "attn_q", x);
        var k = builder.Linear(layer, "attn_k", x);
        var v = builder.Linear(layer, "attn_v", x);
        if (isInterleaved) both = Reshape(both, length * 2, heads, tokens);
        var (row, plane) = (length * 2 * Size, length * 2 * Size * heads);
        var q = View3(both, length, heads, tokens, row, plane);
        var half = View3(both, length, heads, tokens, row, plane, length * Size);
        k = Reshape(k, length, kvHeads, tokens);
        v = Reshape(v, length, kvHeads, tokens);
        q = Rope(builder.Norm(layer, "attn_q_norm", q), builder.Positions());
        k = Rope(builder.Norm(layer, "attn_k_norm", k), builder.Positions());
        var y = builder.AttentionValues(layer, q, k, v, chosen: chosen);
        var gate = Cont(half, length * heads, tokens);
        return builder.Linear(layer, "attn_output", Mul(y, Sigmoid(gate)));
    }
}
