using ModelFit.Models;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Graph.Blocks;

/// <summary>Attention itself, over keys and values wherever they lie (src/llama-graph.cpp, build_attn_mha).</summary>
internal static class MultiHeadAttention
{
    /// <summary>The mask with all but the chosen cells hidden too.</summary>
    public static Tensor MaskOf(Tensor mask, Tensor chosen, TensorType type)
    {
        var hidden = Map(Op.Fill, mask);
        hidden = View4(hidden, 1, mask.Ne.D0, mask.Ne.D1, mask.Ne.D3, mask.Nb.D0, mask.Nb.D1, mask.Nb.D2);
        var ids = View4(
            chosen, chosen.Ne.D0, chosen.Ne.D1, chosen.Ne.D3, 1,
            chosen.Nb.D1, chosen.Nb.D2, chosen.Ne.D3 * chosen.Nb.D3);
        var zeros = Fill(type, 1, ids.Ne.D0, ids.Ne.D1, ids.Ne.D2);
        var seen = SetRows(hidden, zeros, ids);
        return Add(
            View4(seen, seen.Ne.D1, seen.Ne.D2, 1, seen.Ne.D3, seen.Nb.D2, seen.Nb.D3, seen.Nb.D3), mask);
    }

    /// <summary>Queries, [length, heads, tokens], with the tokens of each stream apart.</summary>
    public static Tensor ByStream(Tensor q, long streams) => View4(
        q, q.Ne.D0, q.Ne.D1, q.Ne.D2 / streams, streams, q.Nb.D1, q.Nb.D2, q.Nb.D3 / streams);

    /// <summary>The attention itself (build_attn_mha): one node with flash attention, else its parts.</summary>
    public static Tensor Attend(
        this GraphBuilder builder, int layer, Tensor q, Tensor keys, Tensor values, Tensor mask,
        Tensor? sinks, Tensor? expand, Tensor? bias = null)
    {
        var streams = keys.Ne.D3;
        var isTransposed = values.Nb.D1 > values.Nb.D2;
        q = SwapMiddle(ByStream(q, streams));
        keys = SwapMiddle(keys);
        values = SwapMiddle(values);
        return builder.Settings.FlashAttention && bias is null
            ? builder.FlashAttend(layer, q, keys, isTransposed ? Transpose(values) : values, mask, sinks, expand)
            : builder.PlainAttend(q, keys, isTransposed ? values : Cont(Transpose(values)), mask, sinks, expand, bias);
    }

    private static Tensor FlashAttend(
        this GraphBuilder builder, int layer, Tensor q, Tensor k, Tensor v, Tensor mask, Tensor? sinks, Tensor? expand)
    {
        if (k.Type == TensorType.F32) k = Cast(k, TensorType.F16);
        if (v.Type == TensorType.F32) v = Cast(v, TensorType.F16);
        var shape = new Dims(v.Ne.D0, q.Ne.D2, q.Ne.D1, q.Ne.D3);
        var y = new Tensor(Op.FlashAttention, TensorType.F32, shape, Present(q, k, v, mask, sinks));
        builder.Fused(FusedOps.FlashAttention, layer, y);
        if (expand is not null) y = Cont(SwapMiddle(MulMat(expand, SwapMiddle(y))));
        return Reshape(y, y.Ne.D0 * y.Ne.D1, y.Ne.D2 * y.Ne.D3);
    }

    private static Tensor PlainAttend(
        this GraphBuilder builder, Tensor q, Tensor k, Tensor v, Tensor mask, Tensor? sinks,
        Tensor? expand, Tensor? bias)
    {
        var scores = MulMat(k, q);
        if (builder.Shape.CapsAttention(builder.Model.Metadata))
            scores = Scale(Apply(UnaryFunction.Tanh, Scale(scores)));
        if (bias is not null) scores = Add(scores, bias);
        scores = new Tensor(Op.SoftMax, TensorType.F32, scores.Ne, Present(scores, mask, sinks));
        var y = MulMat(v, scores);
        if (expand is not null) y = MulMat(expand, y);
        y = SwapMiddle(y);
        y = Cont(y, y.Ne.D0 * y.Ne.D1, y.Ne.D2 * y.Ne.D3);
        builder.HostAttention.Add(y);
        return y;
    }
}
