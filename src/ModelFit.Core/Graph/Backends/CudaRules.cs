using ModelFit.Models;

namespace ModelFit.Graph.Backends;

/// <summary>
/// NVIDIA's backend, and AMD's, which is the same code compiled for ROCm (ggml/src/ggml-cuda/ggml-cuda.cu,
/// ggml_backend_cuda_device_supports_op, ggml_backend_cuda_buffer_type_get_alloc_size). Sizes are those of cards with
/// Turing's tensor cores or later; they are the same on all others for batches of more than two tokens.
/// </summary>
internal sealed class CudaRules(BufferType buffer) : BackendRules(buffer, 128)
{
    private const int RowPadding = 512;
    private const int WideRow = 256;

    public override bool HasOptimizer => true;

    public override bool HasAsyncEvents => true;

    public override bool Supports(Tensor op)
    {
        foreach (var source in op.Sources)
            if (source.Buffer is { IsHost: false } buffer && !ReferenceEquals(buffer, Buffer)) return false;
        return op.Op switch
        {
            Op.MulMatId when op.IsPrecise => false,
            Op.MulMat or Op.MulMatId => SupportsMulMat(op.Sources[0], op.Sources[1]),
            Op.GetRows => SupportsGetRows(op.Sources[0]),
            Op.SetRows => SupportsSetRows(op.Type, op.Sources[0].Type),
            Op.FlashAttention => CudaFlashAttention.IsSupported(op),
            Op.Copy => SupportsCopy(op.Sources[0], op.Sources[1]),
            Op.Unary => op.Sources[0].IsContiguous,
            Op.Glu => op.Sources[0].IsContiguousAbove(1),
            Op.Norm or Op.RmsNorm or Op.L2Norm or Op.Mean or Op.SumRows => op.Sources[0].HasContiguousRows,
            Op.Add or Op.Sub or Op.Mul or Op.Div => IsFloat(op.Sources[0].Type) && IsFloat(op.Sources[1].Type),
            Op.Repeat => IsFloat(op.Sources[0].Type),
            Op.Rope or Op.RopeBack => op.Sources[0].HasContiguousRows && op.Sources[0].IsContiguousAbove(2),
            Op.Concat when op.Type.IsQuantized() => op.Sources[0].IsContiguous
                && op.Sources[1].IsContiguous,
            Op.SsmConv => op.Sources[0].Ne.D1 % 128 == 0,
            Op.SsmScan => SupportsScan(op),
            Op.CumSum or Op.Triangle or Op.Diagonal or Op.SolveTriangle => true,
            Op.LightningIndexer => SupportsIndexer(op.Sources[0], op.Sources[1]),
            Op.Custom => false,
            _ => true,
        };
    }

    public override long AllocationSize(Tensor tensor)
    {
        var size = tensor.Op == Op.FlashAttention ? CudaFlashAttention.AllocationSize(tensor) : tensor.Bytes;
        return size + Padding(tensor.Type, tensor.Ne.D0);
    }

    public override long WeightSize(TensorInfo weight) => weight.Bytes + Padding(weight.Type, weight.N0);

    public override bool Holds(TensorInfo weight) => weight.Type.Has(TensorUses.CudaProduct);

    public override void Optimize(NodeList nodes, int start, int end) => CudaFusion.KeepAlive(nodes, start, end);

    // Matrix kernels read quantized rows in steps of 512 elements.
    private static long Padding(TensorType type, long columns) => type.IsQuantized() && columns % RowPadding != 0
        ? type.RowBytes(RowPadding - (columns % RowPadding))
        : 0;

    private static bool IsFloat(TensorType type) => type is TensorType.F32 or TensorType.F16;

    private static bool SupportsMulMat(Tensor weight, Tensor x) =>
        weight.HasContiguousRows && x.HasContiguousRows && !(x.Type == TensorType.F16 && weight.Type != TensorType.F16)
        && weight.Type.Has(TensorUses.CudaProduct);

    private static bool SupportsGetRows(Tensor table) => table.Type.Has(TensorUses.CudaRows)
        && (!table.Type.Has(TensorUses.CudaWideRows) || table.Ne.D0 % WideRow == 0);

    private static bool SupportsSetRows(TensorType target, TensorType rows) => target == TensorType.F16
        ? IsFloat(rows)
        : target.Has(TensorUses.Cache) && rows == TensorType.F32;

    private static bool SupportsCopy(Tensor from, Tensor to)
    {
        bool IsPlain(TensorType type) => type is TensorType.F32 or TensorType.F16 or TensorType.BF16;
        bool IsCommon(TensorType type) => type.IsQuantized() && type.Has(TensorUses.CudaAttention);
        return (IsPlain(from.Type) && IsPlain(to.Type))
            || (from.Type == TensorType.F32 && (IsCommon(to.Type) || to.Type is TensorType.IQ4_NL or TensorType.I32))
            || (to.Type == TensorType.F32 && (IsCommon(from.Type) || from.Type == TensorType.I32))
            || (from.Type == TensorType.I32 && to.Type == TensorType.I32)
            || (from.Type == to.Type && from.IsContiguous && to.IsContiguous);
    }

    // ggml-cuda/lightning-indexer.cu, ggml_cuda_lightning_indexer_supported.
    private static bool SupportsIndexer(Tensor q, Tensor k) => q.Ne.D0 == 128 && (q.Ne.D1 is 32 or 64)
        && k.Type.Has(TensorUses.CudaAttention);

    private static bool SupportsScan(Tensor op)
    {
        var state = op.Sources[0].Ne;
        return op.Sources[3].Ne.D0 == 1
            ? state.D0 is 128 or 256 && state.D1 % 16 == 0
            : state.D0 == 16 && state.D1 == 1 && state.D2 % 128 == 0 && op.Sources[4].Ne.D1 == 1;
    }
}
