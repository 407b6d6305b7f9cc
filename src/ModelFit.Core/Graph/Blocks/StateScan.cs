using ModelFit.Models;

namespace ModelFit.Graph.Blocks;

/// <summary>The scan of a state space layer as llama.cpp probes a device with it.</summary>
internal static class StateScan
{
    private const int ProbeTokens = 512;
    private const int ProbeSequences = 3;

    /// <summary>
    /// A scan of the model's dimensions (src/llama-model-loader.cpp, weight_buft_supported): with one number a head in
    /// A it is Mamba 2.
    /// </summary>
    public static Tensor Probe(ModelShape model)
    {
        Tensor New(long n0, long n1 = 1, long n2 = 1, long n3 = 1) =>
            new(Op.None, TensorType.F32, new Dims(n0, n1, n2, n3));
        var matrix = model.Weights.All.FirstOrDefault(weight => weight.IsStateMatrix)?.Info;
        var shape = matrix is null ? default : new Dims(matrix.N0, matrix.N1);
        var state = shape.D0 == 1 ? model.Size("ssm.state_size", 0) : shape.D0;
        var heads = Math.Max(1, shape.D1);
        var length = model.Size("ssm.inner_size", 0) / heads;
        var groups = Math.Max(1, model.Size("ssm.group_count", 0));
        var ids = new Tensor(Op.None, TensorType.I32, new Dims(ProbeSequences));
        return new Tensor(
            Op.SsmScan, TensorType.F32, new Dims(1),
            New(state, length, heads, ProbeSequences), New(length, heads, ProbeTokens, ProbeSequences),
            New(heads, ProbeTokens, ProbeSequences), New(shape.D0, shape.D1),
            New(state, groups, ProbeTokens, ProbeSequences), New(state, groups, ProbeTokens, ProbeSequences), ids);
    }
}
