using ModelFit.Models;
using static ModelFit.Graph.Blocks.HyperConnections;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Graph.Blocks;

/// <summary>
/// Manifold-constrained hyper-connections: the residual is several streams, [embedding, streams, tokens], of which each
/// block reads a weighted sum, and over which its result is spread while they are mixed by a doubly stochastic matrix
/// (src/models/deepseek4.cpp, build_hc_pre, build_hc_post).
/// </summary>
internal sealed class ManifoldConnections(GraphBuilder builder)
{
    private const int Size = sizeof(float);

    private readonly GraphBuilder _builder = builder;
    private readonly long _streams = builder.Model.Size("hyper_connection.count");
    private readonly long _iterations = builder.Model.Size("hyper_connection.sinkhorn_iterations");

    /// <summary>
    /// What a block reads, [embedding, tokens], the weights with which its result is spread, [streams, tokens], and the
    /// matrix that mixes the streams, [streams, streams, tokens].
    /// </summary>
    public (Tensor Input, Tensor Weights, Tensor Matrix) Read(int layer, string name, Tensor streams)
    {
        var (scale, bias) = (_builder.Required(layer, name + "_scale"), _builder.Required(layer, name + "_base"));
        var mixes = StreamMixes(streams, _builder.Required(layer, name + "_fn"));
        Tensor Part(int index, long from, long count) => Add(
            Mul(View2(mixes, count, mixes.Ne.D1, mixes.Nb.D1, from * Size), View1(scale, 1, index * Size)),
            View1(bias, count, from * Size));
        var reading = Scale(Sigmoid(Part(0, 0, _streams)));
        var weights = Scale(Sigmoid(Part(1, _streams, _streams)));
        var matrix = _builder.Settings.Fuses(FusedOps.StreamMatrix)
            ? _builder.Fused(FusedOps.StreamMatrix, layer, new Tensor(
                Op.StreamMatrix, TensorType.F32, new Dims(_streams, _streams, mixes.Ne.D1), mixes, scale, bias))
            : Normalize(Reshape(
                Part(2, 2 * _streams, _streams * _streams), _streams, _streams, mixes.Ne.D1));
        return (Sum(layer, streams, reading), weights, matrix);
    }

    /// <summary>The streams after a block: mixed, and its result added to each.</summary>
    public Tensor Write(int layer, Tensor y, Tensor streams, Tensor weights, Tensor matrix)
    {
        if (_builder.Settings.Fuses(FusedOps.StreamSpread))
            return _builder.Fused(FusedOps.StreamSpread, layer, new Tensor(
                Op.SpreadStreams, TensorType.F32, streams.Ne, y, streams, weights, matrix));
        var (embedding, tokens) = (y.Ne.D0, y.Ne.D1);
        Tensor? result = null;
        for (var to = 0; to < _streams; to++)
        {
            var stream = Mul(y, StreamWeight(weights, to));
            for (var from = 0; from < _streams; from++)
            {
                var factor = View2(
                    matrix, 1, tokens, matrix.Nb.D2, (to * matrix.Nb.D0) + (from * matrix.Nb.D1));
                stream = Add(stream, Mul(Stream(streams, from), factor));
            }

            stream = Reshape(stream, embedding, 1, tokens);
            result = result is null ? stream : Concat(result, stream, 1);
        }

        return result!;
    }

    /// <summary>The streams joined into one.</summary>
    public Tensor Join(Tensor streams) => WeightedSum(streams, _builder.OutputWeights(streams));

    private Tensor Sum(int layer, Tensor streams, Tensor weights) => _builder.Settings.Fuses(FusedOps.StreamSum)
        ? _builder.FusedSum(layer, streams.Ne, streams, weights)
        : WeightedSum(streams, weights);

    /// <summary>Rows and columns are normalized in turn until the matrix is doubly stochastic (Sinkhorn).</summary>
    private Tensor Normalize(Tensor matrix)
    {
        var epsilon = Fill(TensorType.F32, 1);
        matrix = Add(SoftMax(matrix), epsilon);
        for (var i = 0; i < System.Math.Max(1, _iterations); i++)
        {
            if (i > 0) matrix = Div(matrix, Add(SumRows(matrix), epsilon));
            var columns = Add(SumRows(Cont(Permute(matrix, 1, 0, 2, 3))), epsilon);
            matrix = Div(matrix, Permute(columns, 1, 0, 2, 3));
        }

        return matrix;
    }
}
