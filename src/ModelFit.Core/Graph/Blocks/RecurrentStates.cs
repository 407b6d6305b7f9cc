using ModelFit.Models;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Graph.Blocks;

/// <summary>Recurrent states (src/llama-graph.cpp, build_rs; src/llama-memory-recurrent.cpp).</summary>
internal static class RecurrentStates
{
    /// <summary>
    /// Reads the states of the batch's sequences and moves the others: clears the new one in place, gathers by the
    /// input of row numbers (or by <paramref name="read"/>, from states and rows), copies the rest. Returns the state
    /// tensor of the layer and what was read.
    /// </summary>
    public static (Tensor State, Tensor Read) RecurrentState(
        this GraphBuilder builder, string kind, int layer, long size, Func<Tensor, Tensor, Tensor>? read = null)
    {
        var (sequences, slots) = (builder.Settings.Sequences, builder.Settings.Slots);
        var stored = (long)slots * builder.Settings.Snapshots;
        var state = builder.Cache(kind, layer, TensorType.F32, size, stored);
        var rows = builder.Input("s_copy", TensorType.I32, slots);
        var own = builder.Once("s_copy_main", () => View1(rows, sequences));
        var others = builder.Once("s_copy_extra", () => View1(rows, slots - sequences, sequences * sizeof(int)));
        var states = Reshape(state, size, stored);
        var cleared = View1(states, size);
        builder.Expand(new Tensor(Op.Scale, TensorType.F32, cleared.Ne, cleared.Nb, new[] { cleared }, cleared));
        var result = builder.Expand((read ?? GetRows)(states, own));
        var rest = GetRows(states, others);
        builder.Expand(Copy(rest, View2(state, size, slots - sequences, state.Nb.D1, sequences * state.Nb.D1)));
        return (state, result);
    }

    /// <summary>
    /// The stored columns of that kind, [count, channels], and after them the new ones [channels, tokens, sequences];
    /// stores the last, from a copy of their own where the model has it so.
    /// </summary>
    public static Tensor JoinColumns(
        this GraphBuilder builder, string kind, int layer, Tensor columns, long count, bool copies)
    {
        var (tokens, sequences) = (builder.Settings.TokensPerSequence, builder.Settings.Sequences);
        var channels = columns.Ne.D0;
        var (state, read) = builder.RecurrentState(kind, layer, count * channels);
        var joined = Concat(Reshape(read, count, channels, sequences), Transpose(columns));
        var (snapshots, slots) = (builder.Settings.Snapshots, builder.Settings.Slots);
        for (var back = snapshots - 1; back >= 0; back--)
        {
            var first = Math.Max(0, tokens - back);
            var last = View3(joined, count, channels, sequences, joined.Nb.D1, joined.Nb.D2, first * joined.Nb.D0);
            if (copies) last = Cont(last);
            var offset = back * slots * state.Nb.D1;
            builder.Expand(Copy(last, View2(state, count * channels, sequences, state.Nb.D1, offset)));
        }

        return joined;
    }

    /// <summary>
    /// The convolution over the last tokens: reads its state [kernel - 1, channels], joins it with the new columns
    /// [channels, tokens, sequences], stores the last of them and convolves. Returns [channels, tokens, sequences]
    /// before bias and activation.
    /// </summary>
    public static Tensor Convolve(
        this GraphBuilder builder, int layer, Tensor columns, long kernel, bool copiesColumns = false,
        string weight = "ssm_conv1d")
    {
        var channels = columns.Ne.D0;
        var joined = builder.JoinColumns("r", layer, columns, kernel - 1, copiesColumns);
        var shape = new Dims(channels, joined.Ne.D0 - kernel + 1, joined.Ne.D2);
        return new Tensor(Op.SsmConv, TensorType.F32, shape, joined, builder.Required(layer, weight));
    }
}
