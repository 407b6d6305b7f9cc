using ModelFit.Models;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Graph.Blocks;

/// <summary>The blocks that the indexer's heads choose for the tokens of a batch.</summary>
internal sealed class BlockChoice
{
    /// <summary>Positions that the graph is reserved for; it grows when the cache fills (get_n_pos).</summary>
    private const int ReservedPositions = 256;

    private readonly GraphBuilder _builder;
    private readonly Tensor _queries;
    private readonly Tensor _keys;
    private readonly long _size;
    private readonly long _positions;
    private readonly long _blocks;
    private readonly long _kept;

    public BlockChoice(GraphBuilder builder, Tensor queries, Tensor keys)
    {
        (_builder, _queries, _keys) = (builder, queries, keys);
        _size = Math.Max(1, builder.Model.Size("attention.indexer.block_size"));
        _positions = (ReservedPositions + _size - 1) / _size * _size;
        _blocks = _positions / _size;
        _kept = Math.Min(builder.Model.Size("attention.indexer.top_k"), _blocks);
    }

    private long Streams => _builder.Settings.Streams;

    private long Heads => _queries.Ne.D1;

    private Tensor Bias => _builder.Input("msa_bias", TensorType.F32, _blocks, _builder.Tokens);

    private Tensor PositionMask => _builder.Input("msa_pos_mask", TensorType.F32, _positions, _builder.Tokens);

    private Tensor Slots => _builder.Input("msa_pos_slot_i", TensorType.I32, _positions, Streams);

    /// <summary>The mask of one stream's tokens over its cells, [cells, tokens, 1, heads].</summary>
    public Tensor Mask(int stream, Tensor wideMask)
    {
        var (settings, length) = (_builder.Settings, _queries.Ne.D0);
        var (cells, tokens) = (settings.Cells, settings.TokensPerStream);
        var blockOfCell = _builder.Input("msa_cell_blk", TensorType.I32, cells, Streams);
        Tensor Own(Tensor all) => View3(
            all, all.Ne.D0, 1, tokens, all.Nb.D1, all.Nb.D1, stream * tokens * all.Nb.D1);
        var queries = View3(
            _queries, length, Heads, tokens, _queries.Nb.D1, _queries.Nb.D2, stream * tokens * _queries.Nb.D2);
        var keys = View2(_keys, length, cells, _keys.Nb.D2, stream * _keys.Nb.D3);
        keys = GetRows(keys, View1(Slots, _positions, stream * Slots.Nb.D1));
        var scores = MulMat(keys, Reshape(queries, length, Heads * tokens));
        scores = AddInPlace(Reshape(scores, _positions, Heads, tokens), Own(PositionMask));
        var bias = Own(Bias);
        var chosen = Best(Add(Pool(scores), bias));

        var hidden = Repeat(Cast(Scale(bias), TensorType.F16), _blocks, Heads, tokens);
        var zeros = Scale(Cast(chosen, TensorType.F32));
        var seen = SetRows(
            Reshape(hidden, 1, _blocks, Heads * tokens), Reshape(zeros, 1, _kept, Heads * tokens),
            Reshape(chosen, _kept, Heads * tokens));
        seen = Cont(SwapMiddle(Reshape(seen, _blocks, Heads, tokens)));
        var byCell = GetRows(
            Cont(Transpose(Reshape(seen, _blocks, tokens * Heads))),
            View1(blockOfCell, cells, stream * blockOfCell.Nb.D1));
        var own = View3(
            wideMask, cells, tokens, 1, wideMask.Nb.D1, wideMask.Nb.D3, stream * wideMask.Nb.D3);
        var mask = AddInPlace(Reshape(Cont(Transpose(byCell)), cells, tokens, Heads), own);
        return Cast(Reshape(mask, cells, tokens, 1, Heads), TensorType.F16);
    }

    /// <summary>For one token a stream: keys, values and mask of the chosen positions alone.</summary>
    public (Tensor Keys, Tensor Values, Tensor Mask) Gather(Tensor allKeys, Tensor allValues)
    {
        var (cells, length) = (_builder.Settings.Cells, _queries.Ne.D0);
        var slots = _builder.Input("msa_pos_slot_f", TensorType.F32, _positions, Streams);
        var keys = GetRows(View3(_keys, length, cells, Streams, _keys.Nb.D2, _keys.Nb.D3), Slots);
        var scores = MulMat(
            Reshape(keys, length, _positions, 1, Streams), Reshape(_queries, length, Heads, 1, Streams));
        scores = AddInPlace(scores, Reshape(PositionMask, _positions, 1, 1, Streams));
        var chosen = Best(Add(Pool(scores), Reshape(Bias, _blocks, 1, 1, Streams)));

        var (groups, count) = (allKeys.Ne.D1, _size * _kept * Heads);
        var first = Reshape(Scale(Cast(chosen, TensorType.F32)), 1, _kept, Heads, Streams);
        var positions = Add(Repeat(first, _size, _kept, Heads, Streams), Reshape(Range(_size), _size, 1, 1));
        var byPosition = Cast(Reshape(positions, count, Streams), TensorType.I32);
        var found = GetRows(Reshape(slots, 1, _positions, Streams), byPosition);
        found = Reshape(found, _size, _kept, Heads, Streams);
        var rows = Add(Scale(found), Reshape(Range(groups), 1, 1, Heads));
        var byRow = Cast(Reshape(rows, count, Streams), TensorType.I32);
        Tensor Chosen(Tensor all) => GetRows(
            View3(all, all.Ne.D0, groups * cells, Streams, all.Nb.D1, all.Nb.D3), byRow);
        var (gatheredKeys, gatheredValues) = (Chosen(allKeys), Chosen(allValues));
        var mask = GetRows(Reshape(PositionMask, 1, _positions, Streams), byPosition);
        return (
            Typed(Reshape(gatheredKeys, allKeys.Ne.D0, _size * _kept, 1, Heads * Streams), allKeys.Type),
            Typed(Reshape(gatheredValues, allValues.Ne.D0, _size * _kept, 1, Heads * Streams), allValues.Type),
            Cast(Reshape(mask, _size * _kept, 1, 1, Heads * Streams), TensorType.F16));
    }

    private static Tensor Typed(Tensor x, TensorType cache)
    {
        var type = cache.IsQuantized() ? TensorType.F16 : cache;
        return x.Type == type ? x : Cast(x, type);
    }

    private static Tensor Range(long count) => new(Op.Arange, TensorType.F32, new Dims(count));

    private Tensor Best(Tensor scores) => new(
        Op.TopK, TensorType.I32, new Dims(_kept, scores.Ne.D1, scores.Ne.D2, scores.Ne.D3), scores);

    private Tensor Pool(Tensor scores) => new(
        Op.Pool2D, TensorType.F32, new Dims(_blocks, scores.Ne.D1, scores.Ne.D2, scores.Ne.D3), scores);
}
