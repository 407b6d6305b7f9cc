using ModelFit.Models;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Graph.Blocks;

/// <summary>
/// Linear attention that decays with distance, over a state a head; inside the batch it is computed with a matrix of
/// decays, tokens x tokens a head (src/models/minimax-01.cpp).
/// </summary>
internal static class LightningAttention
{
    /// <summary>A layer over the normed input, projected.</summary>
    public static Tensor Apply(GraphBuilder builder, int layer, Tensor x)
    {
        var model = builder.Model;
        var (tokens, sequences) = (builder.Settings.TokensPerSequence, (long)builder.Settings.Sequences);
        var (heads, length) = (model.Heads[layer], model.KeyLength);
        builder.RecurrentState("r", layer, 0);
        var slopes = Scale(builder.Input("slopes", TensorType.F32, heads));
        x = Reshape(x, x.Ne.D0, tokens, 1, sequences);
        var all = Silu(MulMat(builder.Required(layer, "attn_qkv"), x));
        all = Reshape(all, length * 3, heads, tokens, sequences);
        Tensor Part(int index) => View4(
            all, length, heads, tokens, sequences, all.Nb.D1, all.Nb.D2, all.Nb.D3, index * length * sizeof(float));
        var (q, k, v) = (Part(0), Part(1), Part(2));
        var (stored, read) = builder.RecurrentState("s", layer, length * length * heads);
        var state = Reshape(read, length, length, heads, sequences);

        Tensor Decay(string name, long n0, long n1, long n2) =>
            Exp(Scale(builder.Input(name, TensorType.F32, n0, n1, n2, sequences)));
        var decayQ = Decay("q_decay", 1, heads, tokens);
        var decayK = Decay("k_decay", 1, heads, tokens);
        var decay = Decay("diag_decay", tokens, tokens, heads);
        var before = MulMat(state, SwapMiddle(Mul(q, decayQ)));
        var within = Mul(MulMat(SwapMiddle(k), SwapMiddle(q)), decay);
        var values = Cont(Permute(v, 1, 2, 0, 3));
        var y = builder.Expand(Add(before, MulMat(values, within)));
        var kept = Mul(state, Reshape(Exp(Scale(slopes)), 1, 1, heads));
        var added = MulMat(Cont(Permute(Mul(k, decayK), 1, 2, 0, 3)), values);
        builder.Expand(Copy(Add(kept, added), View1(stored, stored.Ne.D0 * sequences)));

        y = Cont(SwapMiddle(y));
        y = Reshape(y, y.Ne.D0 * y.Ne.D1, y.Ne.D2, 1, y.Ne.D3);
        y = builder.Norm(layer, "attn_norm_2", y);
        y = Mul(Sigmoid(MulMat(builder.Required(layer, "attn_gate"), x)), y);
        y = MulMat(builder.Required(layer, "attn_output"), y);
        return Reshape(y, y.Ne.D0, builder.Tokens);
    }

    private static Tensor Exp(Tensor x) => TensorOps.Apply(UnaryFunction.Exp, x);
}
