using ModelFit.Models;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Graph.Blocks;

/// <summary>State space layers (src/models/mamba-base.cpp): Mamba 1 and Mamba 2.</summary>
internal static class StateSpace
{
    private const int Size = sizeof(float);

    /// <summary>Mamba 1: one number a head, B and C projected from the convolved input.</summary>
    public static Tensor Mamba1(GraphBuilder builder, int layer, Tensor x)
    {
        var sizes = new Sizes(builder.Model);
        var (tokens, sequences) = (builder.Settings.TokensPerSequence, builder.Settings.Sequences);
        var (inner, state, rank) = (sizes.Inner, sizes.State, sizes.Rank);
        var both = MulMat(builder.Required(layer, "ssm_in"), Reshape(x, x.Ne.D0, tokens, sequences));
        var columns = View3(both, inner, tokens, sequences, both.Nb.D1, both.Nb.D2);
        var gate = View3(both, inner, tokens, sequences, both.Nb.D1, both.Nb.D2, inner * Size);
        var convolved = ConvolveWithBias(builder, layer, columns, sizes.Kernel);

        var projected = MulMat(builder.Required(layer, "ssm_x"), convolved);
        var step = View3(projected, rank, tokens, sequences, projected.Nb.D1, projected.Nb.D2);
        var heads = Reshape(convolved, 1, inner, tokens, sequences);
        var b = Part(projected, state, 1, tokens, sequences, rank);
        var c = Part(projected, state, 1, tokens, sequences, rank + state);
        if (NormsParts(builder, layer))
        {
            step = builder.Norm(step, builder.Weight(layer, "ssm_dt_norm"), null, layer);
            b = builder.Norm(b, builder.Weight(layer, "ssm_b_norm"), null, layer);
            c = builder.Norm(c, builder.Weight(layer, "ssm_c_norm"), null, layer);
        }
        else
        {
            step = Cont(step);
        }

        step = builder.Linear(layer, "ssm_dt", step);
        var (stored, y) = Scan(builder, layer, heads, step, b, c, state * inner);
        var length = state * inner * sequences;
        builder.Expand(Copy(View1(y, length, heads.Nb.D3 * heads.Ne.D3), View1(stored, length)));
        y = View3(y, inner, tokens, sequences, heads.Nb.D2, heads.Nb.D3);
        y = Add(y, Mul(convolved, builder.Required(layer, "ssm_d")));
        y = MulMat(builder.Required(layer, "ssm_out"), Glu(Cont(gate), y));
        return Reshape(y, y.Ne.D0, tokens * sequences);
    }

    /// <summary>Mamba 2: heads, and B and C a group beside the input.</summary>
    public static Tensor Mamba2(GraphBuilder builder, int layer, Tensor x)
    {
        var sizes = new Sizes(builder.Model);
        var (tokens, sequences) = (builder.Settings.TokensPerSequence, builder.Settings.Sequences);
        var (inner, state, heads, groups) = (sizes.Inner, sizes.State, sizes.Rank, sizes.Groups);
        var length = inner / heads;
        var both = (groups * state * 2) + inner;
        var all = MulMat(builder.Required(layer, "ssm_in"), x);
        all = Reshape(all, all.Ne.D0, tokens, sequences);
        var gate = Part(all, length, heads, tokens, sequences, 0);
        var columns = View3(all, both, tokens, sequences, all.Nb.D1, all.Nb.D2, inner * Size);
        var step = View3(all, heads, tokens, sequences, all.Nb.D1, all.Nb.D2, (inner + both) * Size);
        var convolved = ConvolveWithBias(builder, layer, columns, sizes.Kernel);

        var input = Part(convolved, length, heads, tokens, sequences, 0);
        step = Cont(step);
        if (builder.Bias(layer, "ssm_dt") is { } bias) step = Add(step, bias);
        var (stored, y) = Scan(
            builder, layer, input, step, Part(convolved, state, groups, tokens, sequences, inner),
            Part(convolved, state, groups, tokens, sequences, inner + (groups * state)), state * inner);
        var size = state * inner;
        builder.Expand(Copy(
            View3(y, size, sequences, 1, size * Size, size * Size * sequences, input.Elements * Size),
            View3(stored, size, sequences, 1, stored.Nb.D1, sequences * size * Size)));
        var row = input.Nb.D1;
        y = View4(y, length, heads, tokens, sequences, row, heads * row, tokens * heads * row);
        y = Add(y, Mul(input, builder.Required(layer, "ssm_d")));
        y = Glu(Cont(gate), y);
        if (builder.Weight(layer, "ssm_norm") is { } norm)
            y = builder.Norm(Reshape(y, Each(inner, groups), groups, tokens, sequences), norm, null, layer);
        return builder.Linear(layer, "ssm_out", Reshape(y, inner, tokens * sequences));
    }

    /// <summary>
    /// Mamba 2 with B, C and step projected from the convolved input and normed (src/models/plamo2.cpp).
    /// </summary>
    public static Tensor NormedMamba2(GraphBuilder builder, int layer, Tensor x)
    {
        var sizes = new Sizes(builder.Model);
        var (tokens, sequences) = (builder.Settings.TokensPerSequence, builder.Settings.Sequences);
        var (inner, state, heads) = (sizes.Inner, sizes.State, sizes.Rank);
        var length = inner / heads;
        var both = MulMat(builder.Required(layer, "ssm_in"), Reshape(x, x.Ne.D0, tokens, sequences));
        both = Cont(SwapMiddle(both), length * 2, heads, tokens, sequences);
        Tensor Half(long offset) =>
            View4(both, length, heads, tokens, sequences, both.Nb.D1, both.Nb.D2, both.Nb.D3, offset * Size);
        var columns = Cont(Half(length), inner, tokens, sequences);
        var convolved = Silu(builder.Convolve(layer, columns, sizes.Kernel));

        var projected = MulMat(builder.Required(layer, "ssm_x"), convolved);
        var rank = builder.Required(layer, "ssm_dt").Ne.D0;
        Tensor Normed(string name, long width, long offset) => builder.Norm(
            View3(projected, width, tokens, sequences, projected.Nb.D1, projected.Nb.D2, offset * Size),
            builder.Weight(layer, name), null, layer);
        Tensor Single(Tensor part) =>
            View4(part, state, 1, tokens, sequences, state * Size, part.Nb.D1, part.Nb.D2);
        var (b, c) = (Normed("ssm_b_norm", state, 0), Normed("ssm_c_norm", state, state));
        var step = builder.Linear(layer, "ssm_dt", Normed("ssm_dt_norm", rank, 2 * state));
        var (row, all) = (length * Size, inner * Size);
        Tensor ByHead(Tensor y) => View4(y, length, heads, tokens, sequences, row, all, all * tokens);
        var input = ByHead(convolved);
        var (stored, y) = Scan(builder, layer, input, step, Single(b), Single(c), state * inner);
        var size = state * inner * sequences;
        builder.Expand(Copy(View1(y, size, input.Elements * Size), View1(stored, size)));
        y = Add(ByHead(y), Mul(input, Reshape(builder.Required(layer, "ssm_d"), 1, heads)));
        y = Glu(Cont(Half(0)), y);
        y = View3(y, inner, tokens, sequences, y.Nb.D2, y.Nb.D3);
        return Reshape(MulMat(builder.Required(layer, "ssm_out"), y), x.Ne.D0, tokens * sequences);
    }

    /// <summary>Whether step, B and C are normed, as in Jamba and Falcon Mamba.</summary>
    private static bool NormsParts(GraphBuilder builder, int layer) =>
        builder.Weight(layer, "ssm_dt_norm") is not null
        || builder.Model.Metadata.Flag("ssm.dt_b_c_rms") == true;

    private static Tensor ConvolveWithBias(GraphBuilder builder, int layer, Tensor columns, long kernel)
    {
        var convolved = builder.Convolve(layer, columns, kernel);
        return Silu(builder.Bias(layer, "ssm_conv1d") is { } bias ? Add(convolved, bias) : convolved);
    }

    private static (Tensor State, Tensor Result) Scan(
        GraphBuilder builder, int layer, Tensor x, Tensor step, Tensor b, Tensor c, long size)
    {
        var a = builder.Required(layer, "ssm_a");
        if (a.Ne.D0 == x.Ne.D1 && a.Ne.D1 == 1) a = Reshape(a, 1, a.Ne.D0);
        var (length, heads) = (x.Ne.D0, x.Ne.D1);
        return builder.RecurrentState("s", layer, size, (states, rows) => new Tensor(
            Op.SsmScan, TensorType.F32, new Dims(x.Elements + (b.Ne.D0 * length * heads * rows.Ne.D0)),
            Reshape(states, b.Ne.D0, length, heads, builder.Settings.Sequences), x, step, a, b, c, rows));
    }

    private static Tensor Part(
        Tensor x, long length, long count, long tokens, long sequences, long offset) =>
        View4(x, length, count, tokens, sequences, length * Size, x.Nb.D1, x.Nb.D2, offset * Size);

    private readonly struct Sizes(ModelShape model)
    {
        public long Kernel { get; } = model.Size("ssm.conv_kernel");

        public long Inner { get; } = model.Size("ssm.inner_size");

        public long State { get; } = model.Size("ssm.state_size");

        /// <summary>Rank of the step's projection; the number of heads in Mamba 2.</summary>
        public long Rank { get; } = model.Size("ssm.time_step_rank");

        public long Groups { get; } = model.Size("ssm.group_count", 0);
    }
}
