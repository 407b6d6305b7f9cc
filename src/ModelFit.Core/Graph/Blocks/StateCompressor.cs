using ModelFit.Graph.Backends;
using ModelFit.Models;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Graph.Blocks;

/// <summary>
/// The compressed cache of DeepSeek 4: every few tokens become one cell, the soft-max average of their projections;
/// what is not yet complete waits in a state (src/models/deepseek4.cpp; src/llama-kv-cache-dsv4.cpp).
/// </summary>
/// <param name="Kind">Names the cache, its states and its inputs.</param>
/// <param name="Weights">The beginning of the names of its weights.</param>
/// <param name="Ratio">Tokens a cell.</param>
/// <param name="Length">Length of a cell.</param>
/// <param name="Overlaps">Whether a cell averages the tokens of the cell before too.</param>
internal sealed record StateCompressor(string Kind, string Weights, long Ratio, long Length, bool Overlaps)
{
    private const int Granule = 256;

    private long Width => Overlaps ? 2 * Length : Length;

    private long StateRows => Overlaps ? 2 * Ratio : Ratio;

    /// <summary>Cells of one sequence.</summary>
    public long Cells(GraphSettings settings) =>
        BackendRules.Align(Math.Max(1, (settings.Cells + Ratio - 1) / Ratio), Granule);

    /// <summary>Compresses the tokens of the batch from the normed input and stores the cells and the rest.</summary>
    public void Store(GraphBuilder builder, int layer, Tensor x)
    {
        var settings = builder.Settings;
        var kv = MulMat(builder.Required(layer, Weights + "_kv"), x);
        var positions = builder.Input("state_pos_" + Kind, TensorType.I32, builder.Tokens);
        var score = Add(
            MulMat(builder.Required(layer, Weights + "_gate"), x),
            GetRows(builder.Required(layer, Weights + "_ape"), positions));
        var rows = StateRows * settings.Sequences;
        Tensor State(string name) => builder.Cache(
            Kind + name, layer, TensorType.F32, Width, StateRows, settings.Sequences);
        var (kvState, scoreState) = (State("_kv"), State("_score"));
        Tensor All(Tensor state) => View2(state, Width, rows, state.Nb.D1);
        Tensor Joined(Tensor state, Tensor current) => Concat(View2(All(state), Width, rows, state.Nb.D1), current, 1);

        var blocks = (builder.Tokens / Ratio) + settings.Sequences;
        var reads = builder.Input("state_read_" + Kind, TensorType.I32, (Overlaps ? 2 : 1) * Ratio * blocks);
        var values = Blocks(Joined(kvState, kv), reads, blocks);
        var scores = Blocks(Joined(scoreState, score), reads, blocks);
        var cells = Cont(Permute(SumRows(Mul(values, SoftMax(scores))), 1, 0, 2, 3));
        cells = builder.Norm(layer, Weights + "_norm", cells);
        cells = Rope(cells, builder.Input("state_write_pos_" + Kind, TensorType.I32, blocks));
        var ids = builder.Input("state_write_" + Kind, TensorType.I64, blocks);
        builder.StoreCells(layer, this, cells, ids);

        var kept = Math.Min(builder.Tokens, rows);
        var from = builder.Input("state_from_" + Kind, TensorType.I32, kept);
        var to = builder.Input("state_to_" + Kind, TensorType.I32, kept);
        builder.Expand(SetRows(All(kvState), GetRows(kv, from), to));
        builder.Expand(SetRows(All(scoreState), GetRows(score, from), to));
    }

    /// <summary>The tokens of each new cell, [tokens a cell, length, cells].</summary>
    private Tensor Blocks(Tensor source, Tensor reads, long blocks)
    {
        if (!Overlaps)
            return Cont(Permute(Reshape(GetRows(source, reads), Length, Ratio, blocks), 1, 0, 2, 3));
        var empty = Reshape(Scale(View1(source, Width)), Width, 1);
        var rows = GetRows(Concat(source, empty, 1), reads);
        var count = Ratio * blocks;
        Tensor Part(long offset) =>
            Reshape(Cont(View2(rows, Length, count, rows.Nb.D1, offset)), Length, Ratio, blocks);
        var both = Concat(Part(0), Part((count * rows.Nb.D1) + (Length * sizeof(float))), 1);
        return Cont(Permute(both, 1, 0, 2, 3));
    }
}
