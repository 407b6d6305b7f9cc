using ModelFit.Models;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Graph.Blocks;

/// <summary>
/// The gated delta net, a linear attention with a state a head (src/models/qwen3next.cpp, qwen35.cpp).
/// </summary>
internal static class DeltaNet
{
    private const int Size = sizeof(float);

    /// <summary>
    /// A layer over the normed input. With the tensor <c>ssm_ba</c> decay and learning rate are interleaved in one
    /// projection and keys are repeated for all value heads. The result is gated by a function of another projection.
    /// </summary>
    public static Tensor Apply(
        GraphBuilder builder, int layer, Tensor x, UnaryFunction gating = UnaryFunction.Silu,
        bool copiesColumns = false)
    {
        var model = builder.Model;
        var (tokens, sequences) = (builder.Settings.TokensPerSequence, (long)builder.Settings.Sequences);
        var (inner, keyLength) = (model.Size("ssm.inner_size"), model.Size("ssm.state_size"));
        var (keyHeads, heads) = (model.Size("ssm.group_count"), model.Size("ssm.time_step_rank"));
        var length = inner / heads;
        var mixed = MulMat(builder.Required(layer, "attn_qkv"), x);
        mixed = Reshape(mixed, mixed.Ne.D0, tokens, sequences);
        var z = MulMat(builder.Required(layer, "attn_gate"), x);
        var (beta, gate) = Rates(builder, layer, x, keyHeads, heads);
        var convolution = builder.Convolve(layer, mixed, model.Size("ssm.conv_kernel"), copiesColumns);
        var (stored, read) = builder.RecurrentState("s", layer, keyLength * inner);
        var state = Reshape(read, length, length, heads, sequences);
        var convolved = Silu(convolution);

        var row = ((keyLength * keyHeads * 2) + (length * heads)) * Size;
        Tensor Part(long size, long count, long offset) =>
            View4(convolved, size, count, tokens, sequences, size * Size, row, row * tokens, offset * Size);
        var q = Scale(Map(Op.RmsNorm, Part(keyLength, keyHeads, 0)));
        var k = Scale(Map(Op.RmsNorm, Part(keyLength, keyHeads, keyLength * keyHeads)));
        var v = Part(length, heads, 2 * keyLength * keyHeads);
        if (builder.Weight(layer, "ssm_ba") is not null && keyHeads != heads)
        {
            q = RepeatHeads(q, heads / keyHeads);
            k = RepeatHeads(k, heads / keyHeads);
        }

        var snapshots = builder.Settings.Snapshots;
        var (y, next) = Scan(q, k, v, gate, beta, state, snapshots);
        builder.Expand(snapshots == 1
            ? Copy(next, View2(stored, keyLength * inner, sequences, stored.Nb.D1))
            : Copy(
                Snapshots(next, keyLength * inner, sequences, Math.Min(tokens, snapshots)),
                View3(
                    stored, keyLength * inner, sequences, Math.Min(tokens, snapshots), stored.Nb.D1,
                    builder.Settings.Slots * stored.Nb.D1)));
        z = TensorOps.Apply(gating, Reshape(z, length, heads, tokens, sequences));
        y = Mul(builder.Norm(y, builder.Weight(layer, "ssm_norm"), null, layer), z);
        y = MulMat(builder.Required(layer, "ssm_out"), Reshape(y, length * heads, tokens, sequences));
        return Reshape(y, model.Embedding, tokens * sequences);
    }

    /// <summary>
    /// The recurrence in one node, and the views of its two parts: the result, as V is, and the new state, as the old.
    /// </summary>
    public static (Tensor Result, Tensor State) Scan(
        Tensor q, Tensor k, Tensor v, Tensor gate, Tensor beta, Tensor state, int snapshots = 1)
    {
        var (length, heads, tokens, sequences) = (v.Ne.D0, v.Ne.D1, v.Ne.D2, v.Ne.D3);
        var shape = new Dims(length * heads, (tokens * sequences) + (snapshots * length * sequences));
        var both = new Tensor(Op.GatedDeltaNet, TensorType.F32, shape, q, k, v, gate, beta, state);
        var width = length * heads * Size;
        return (
            View4(both, length, heads, tokens, sequences, length * Size, width, width * tokens),
            View4(
                both, length, length, heads, sequences, length * Size, length * length * Size,
                length * length * heads * Size, width * tokens * sequences));
    }

    /// <summary>The states after the last tokens, of all sequences, the oldest last.</summary>
    private static Tensor Snapshots(Tensor next, long size, long sequences, long count)
    {
        var both = next.Sources[0];
        return View3(both, size, sequences, count, size * Size, size * sequences * Size, next.Offset);
    }

    /// <summary>Learning rate and decay, each [1, heads, tokens, sequences].</summary>
    private static (Tensor Beta, Tensor Gate) Rates(
        GraphBuilder builder, int layer, Tensor x, long keyHeads, long heads)
    {
        var (tokens, sequences) = (builder.Settings.TokensPerSequence, builder.Settings.Sequences);
        Tensor beta, alpha;
        if (builder.Weight(layer, "ssm_ba") is { } interleaved)
        {
            var ratio = heads / keyHeads;
            var both = Reshape(MulMat(interleaved, x), 2 * ratio, keyHeads, tokens, sequences);
            Tensor Half(long offset) => View4(
                both, ratio, keyHeads, tokens, sequences, both.Nb.D1, both.Nb.D2, both.Nb.D3, offset * Size);
            beta = Reshape(Sigmoid(Cont(Half(0))), 1, heads, tokens, sequences);
            alpha = Cont(Half(ratio), heads, tokens, sequences);
        }
        else
        {
            beta = Sigmoid(Reshape(
                MulMat(builder.Required(layer, "ssm_beta"), x), 1, heads, tokens, sequences));
            alpha = Reshape(MulMat(builder.Required(layer, "ssm_alpha"), x), heads, tokens, sequences);
        }

        if (builder.Bias(layer, "ssm_dt") is { } bias) alpha = Add(alpha, bias);
        var gate = Mul(TensorOps.Apply(UnaryFunction.Softplus, alpha), builder.Required(layer, "ssm_a"));
        return (beta, Reshape(gate, 1, heads, tokens, sequences));
    }

    private static Tensor RepeatHeads(Tensor x, long times)
    {
        var (length, heads, tokens, sequences) = (x.Ne.D0, x.Ne.D1, x.Ne.D2, x.Ne.D3);
        var all = tokens * sequences;
        var repeated = Repeat(Reshape(x, length, 1, heads, all), length, times, heads, all);
        return Reshape(repeated, length, heads * times, tokens, sequences);
    }
}
