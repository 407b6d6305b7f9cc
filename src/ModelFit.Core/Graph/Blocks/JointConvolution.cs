using ModelFit.Models;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Graph.Blocks;

/// <summary>
/// Convolutions of queries, keys and values over the last tokens, their states side by side in one
/// (src/models/kimi-linear.cpp, causal_conv1d).
/// </summary>
internal sealed class JointConvolution
{
    private const int Size = sizeof(float);
    private static readonly string[] Kernels = { "ssm_conv1d_q", "ssm_conv1d_k", "ssm_conv1d_v" };

    private readonly GraphBuilder _builder;
    private readonly int _layer;
    private readonly long _width;
    private readonly string[] _projections;
    private readonly Tensor _stored;
    private readonly Tensor _read;

    /// <summary>Reads the states of a layer whose projections are <paramref name="width"/> wide.</summary>
    public JointConvolution(GraphBuilder builder, int layer, long width, params string[] projections)
    {
        (_builder, _layer, _width, _projections) = (builder, layer, width, projections);
        Taps = builder.Model.Size("ssm.conv_kernel") - 1;
        (_stored, _read) = builder.RecurrentState("r", layer, 3 * Taps * width);
    }

    private long Taps { get; }

    /// <summary>
    /// Projects the input with the weight of that index, stores its last columns and convolves: [width, tokens].
    /// </summary>
    public Tensor Apply(int index, Tensor x)
    {
        var (tokens, sequences) = (_builder.Settings.TokensPerSequence, _builder.Settings.Sequences);
        var (channel, all, at) = (Taps * Size, 3 * Taps * _width * Size, index * Taps * _width * Size);
        var old = View3(_read, Taps, _width, sequences, channel, all, at);
        var projected = MulMat(_builder.Required(_layer, _projections[index]), x);
        var joined = Concat(old, Transpose(Reshape(projected, _width, tokens, sequences)));
        var last = View3(joined, Taps, _width, sequences, joined.Nb.D1, joined.Nb.D2, tokens * joined.Nb.D0);
        _builder.Expand(Copy(last, View3(_stored, Taps, _width, sequences, channel, all, at)));
        var kernel = Reshape(_builder.Required(_layer, Kernels[index]), Taps + 1, _width);
        var shape = new Dims(_width, tokens, sequences);
        var y = new Tensor(Op.SsmConv, TensorType.F32, shape, joined, kernel);
        return Silu(Reshape(y, _width, _builder.Tokens));
    }
}
