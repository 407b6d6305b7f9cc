using ModelFit.Models;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Graph.Blocks;

/// <summary>
/// Hyper connections: several residual streams side by side, [embedding, streams, tokens], mixed into one before each
/// block, to which its result is added with a weight each (src/models/hy-v4.cpp, qwen4exp.cpp).
/// </summary>
internal static class HyperConnections
{
    /// <summary>As many copies of the embedding as there are streams.</summary>
    public static Tensor SplitStreams(this GraphBuilder builder, Tensor x) =>
        Repeat(Reshape(x, x.Ne.D0, 1, builder.Tokens), x.Ne.D0, CountOf(builder), builder.Tokens);

    /// <summary>
    /// The input of a block, mixed by the weights of that name, and what its result will be multiplied by in each
    /// stream, [streams, tokens].
    /// </summary>
    public static (Tensor Input, Tensor Weights) MixStreams(
        this GraphBuilder builder, int layer, string name, Tensor streams)
    {
        var (scale, bias) = (builder.Required(layer, name + "_scale"), builder.Required(layer, name + "_base"));
        var mixes = StreamMixes(streams, builder.Required(layer, name + "_fn"));
        Tensor Half(int index)
        {
            var (count, at) = (CountOf(builder), index * sizeof(float));
            var half = View2(mixes, count, mixes.Ne.D1, mixes.Nb.D1, at * count);
            return Scale(Sigmoid(Add(Mul(half, View1(scale, 1, at)), View1(bias, count, at * count))));
        }

        return (SumStreams(streams, Half(0)), Scale(Half(1)));
    }

    /// <summary>The streams after a block: its result times their weights added to each.</summary>
    public static Tensor AddToStreams(Tensor streams, Tensor x, Tensor weights)
    {
        x = Cast(x, streams.Type);
        weights = Cast(weights, streams.Type);
        streams = Cast(streams, streams.Type);
        Tensor? all = null;
        for (var i = 0; i < streams.Ne.D1; i++)
        {
            var sum = Add(Stream(streams, i), Mul(x, StreamWeight(weights, i)));
            sum = Reshape(sum, x.Ne.D0, 1, x.Ne.D1);
            all = all is null ? sum : Concat(all, sum, 1);
        }

        return Cast(all!, streams.Type);
    }

    /// <summary>The streams of the rows whose logits are wanted.</summary>
    public static Tensor KeepOutputStreams(this GraphBuilder builder, Tensor streams)
    {
        var (embedding, count) = (streams.Ne.D0, streams.Ne.D1);
        var rows = GetRows(Reshape(streams, embedding * count, streams.Ne.D2), builder.OutputRows());
        return Reshape(rows, embedding, count, rows.Ne.D1);
    }

    /// <summary>The streams joined into one.</summary>
    public static Tensor JoinStreams(this GraphBuilder builder, Tensor streams) =>
        SumStreams(streams, builder.OutputWeights(streams));

    /// <summary>The weights with which the streams are joined, [streams, tokens].</summary>
    public static Tensor OutputWeights(this GraphBuilder builder, Tensor streams)
    {
        var mixes = Mul(StreamMixes(streams, builder.StreamOutput("fn")), builder.StreamOutput("scale"));
        return Scale(Sigmoid(Add(mixes, builder.StreamOutput("base"))));
    }

    /// <summary>
    /// The same with normed streams, gated by a projection of low rank: the mean, and what its result will be added
    /// with, [streams, tokens].
    /// </summary>
    public static (Tensor Input, Tensor Weights) MixGatedStreams(
        this GraphBuilder builder, int layer, string name, Tensor streams)
    {
        var (normed, gate) = GateStreams(
            streams, builder.Required(layer, name + "_norm"), builder.Required(layer, name + "_down"),
            builder.Required(layer, name + "_up"));
        var mixed = builder.Settings.Fuses(FusedOps.StreamSum)
            ? builder.FusedSum(layer, streams.Ne, Reshape(normed, streams.Ne), Reshape(gate, streams.Ne))
            : MeanOfStreams(normed, gate, streams.Ne);
        return (mixed, MulMat(builder.Required(layer, name + "_inject"), normed));
    }

    /// <summary>The streams after a block whose input was mixed so.</summary>
    public static Tensor SpreadToStreams(this GraphBuilder builder, int layer, Tensor streams, Tensor x, Tensor weights)
    {
        var (embedding, count, tokens) = (streams.Ne.D0, streams.Ne.D1, streams.Ne.D2);
        weights = Scale(Sigmoid(Scale(weights)));
        if (builder.Settings.Fuses(FusedOps.StreamSpread))
            return builder.Fused(FusedOps.StreamSpread, layer, new Tensor(
                Op.SpreadStreams, TensorType.F32, streams.Ne, x, streams, weights));
        weights = Reshape(weights, 1, count, tokens);
        x = Repeat(Reshape(x, embedding, 1, tokens), embedding, count, tokens);
        return Add(streams, Mul(x, weights));
    }

    /// <summary>The streams joined into one, which needs no norm after it.</summary>
    public static Tensor JoinGatedStreams(this GraphBuilder builder, Tensor streams)
    {
        var (normed, gate) = GateStreams(
            streams, builder.StreamOutput("norm"), builder.StreamOutput("down"), builder.StreamOutput("up"));
        return MeanOfStreams(normed, gate, streams.Ne);
    }

    private static (Tensor Normed, Tensor Gate) GateStreams(
        Tensor streams, Tensor norm, Tensor down, Tensor up)
    {
        var normed = Mul(Map(Op.RmsNorm, streams), norm);
        normed = Reshape(normed, streams.Ne.D0 * streams.Ne.D1, streams.Ne.D2);
        return (normed, MulMat(up, Silu(Scale(MulMat(down, normed)))));
    }

    private static Tensor MeanOfStreams(Tensor normed, Tensor gate, Dims shape)
    {
        var gated = Reshape(Mul(normed, Sigmoid(gate)), shape);
        var sum = Cont(Stream(gated, 0));
        for (var i = 1; i < shape.D1; i++) sum = Add(sum, Stream(gated, i));
        return Scale(sum);
    }

    private static long CountOf(GraphBuilder builder) => builder.Model.Size("hyper_connection.count");

    /// <summary>A weight with which the streams are joined at last.</summary>
    private static Tensor StreamOutput(this GraphBuilder builder, string part) =>
        builder.RequiredOutput("output_hc_" + part + ".weight");

    /// <summary>The numbers by which the streams are mixed, from all of them, normed.</summary>
    public static Tensor StreamMixes(Tensor streams, Tensor weight)
    {
        var flat = Reshape(streams, streams.Ne.D0 * streams.Ne.D1, streams.Ne.D2);
        return MulMat(weight, Map(Op.RmsNorm, flat));
    }

    /// <summary>The weighted sum of the streams; llama.cpp casts to single precision even what is.</summary>
    private static Tensor SumStreams(Tensor streams, Tensor weights) =>
        Cast(WeightedSum(Cast(streams, streams.Type), weights), streams.Type);

    /// <summary>The sum of the streams, each times its weights.</summary>
    public static Tensor WeightedSum(Tensor streams, Tensor weights)
    {
        var sum = Mul(Stream(streams, 0), StreamWeight(weights, 0));
        for (var i = 1; i < streams.Ne.D1; i++) sum = Add(sum, Mul(Stream(streams, i), StreamWeight(weights, i)));
        return sum;
    }

    /// <summary>The same in one node, streams of this shape.</summary>
    public static Tensor FusedSum(this GraphBuilder builder, int layer, Dims shape, Tensor streams, Tensor weights) =>
        builder.Fused(
        FusedOps.StreamSum, layer,
        new Tensor(Op.WeightedStreams, TensorType.F32, new Dims(shape.D0, shape.D2), streams, weights));

    /// <summary>One of the streams, [embedding, tokens].</summary>
    public static Tensor Stream(Tensor streams, int index) =>
        View2(streams, streams.Ne.D0, streams.Ne.D2, streams.Nb.D2, index * streams.Nb.D1);

    /// <summary>The weights of one stream, [1, tokens].</summary>
    public static Tensor StreamWeight(Tensor weights, int index) =>
        View2(weights, 1, weights.Ne.D1, weights.Nb.D1, index * weights.Nb.D0);
}
