using ModelFit.Models;

namespace ModelFit.Graph.Backends;

/// <summary>
/// Apple's backend as far as its source tells (ggml/src/ggml-metal/ggml-metal.cpp, ggml_backend_metal_buffer_type,
/// ggml-metal-device.m, ggml_metal_device_supports_op), for GPUs since the M1. Its reordering of nodes and the
/// Accelerate backend beside it are not followed, so figures are <see cref="Accuracy.Modelled"/>.
/// </summary>
internal sealed class MetalRules(BufferType buffer) : BackendRules(buffer, 32)
{
    private const int Block = 64;
    private const int QueriesPerBlock = 8;
    private const int Workgroups = 32;
    private const int ExpertScaleBytes = 8 + (256 * sizeof(float));

    public override bool HasAsyncEvents => true;

    public override bool Holds(TensorInfo weight) => IsMatrixType(weight.Type);

    public override bool CanOffload(Op op) => op is Op.MulMat or Op.MulMatId;

    public override bool Supports(Tensor op) => op.Op switch
    {
        Op.MulMat => IsMatrixType(op.Sources[0].Type) && (op.Sources[1].Type != TensorType.F16
            || op.Sources[0].Type == TensorType.F16),
        Op.MulMatId => IsMatrixType(op.Sources[0].Type) && op.Sources[1].Type != TensorType.F16,
        Op.GetRows => IsMatrixType(op.Sources[0].Type),
        Op.SetRows => SupportsSetRows(op.Type, op.Sources[0].Type),
        Op.FlashAttention => SupportsAttention(op.Sources[0], op.Sources[1], op.Sources[2]),
        Op.Cont or Op.Copy => SupportsCopy(op.Sources[0].Type, op.Type),
        Op.Glu => op.Sources[0].IsContiguousAbove(1),
        Op.Add or Op.Sub or Op.Mul or Op.Div or Op.AddId => op.Sources[0].HasContiguousRows
            && op.Sources[1].HasContiguousRows && op.Sources[0].Type == op.Sources[1].Type,
        Op.Scale or Op.Fill or Op.Clamp or Op.Sqr or Op.Sqrt or Op.Sin or Op.Cos or Op.Log or Op.Unary or Op.SumRows
            or Op.CumSum or Op.Mean or Op.SoftMax or Op.GroupNorm or Op.L2Norm or Op.Norm or Op.RmsNorm
            or Op.Triangle => op.Sources[0].HasContiguousRows,
        Op.GatedDeltaNet => op.Sources[2].Ne.D0 % 32 == 0,
        Op.SpreadStreams => op.Sources[1].Ne.D1 == 4,
        Op.GatedLinearAttention or Op.LightningIndexer or Op.Custom => false,
        _ => true,
    };

    public override long AllocationSize(Tensor tensor) => tensor.Op switch
    {
        Op.MulMatId => tensor.Bytes + ExpertBytes(tensor),
        Op.FlashAttention => tensor.Bytes + AttentionBytes(tensor),
        Op.CumSum or Op.ArgSort => tensor.Bytes * 2,
        Op.TopK => 2 * sizeof(int) * tensor.Sources[0].Elements,
        _ => tensor.Bytes,
    };

    /// <summary>Tokens an expert and their ids, and scales (ggml_metal_op_mul_mat_id_extra_*).</summary>
    private static long ExpertBytes(Tensor op)
    {
        var (experts, tokens) = (op.Sources[0].Ne.D2, op.Sources[2].Ne.D1);
        return (sizeof(int) * experts) + (sizeof(int) * experts * tokens) + ExpertScaleBytes;
    }

    /// <summary>
    /// Padding of the last block, which blocks are masked, partial results, and half-precision copies of K and V
    /// (ggml_metal_op_flash_attn_ext_extra_*).
    /// </summary>
    private static long AttentionBytes(Tensor op)
    {
        var (q, k, v) = (op.Sources[0], op.Sources[1], op.Sources[2]);
        var mask = op.Sources.Length > 3 ? op.Sources[3].Ne : default;
        const int half = 2;
        var padding = Block * ((k.Nb.D1 * k.Ne.D2 * k.Ne.D3) + (v.Nb.D1 * v.Ne.D2 * v.Ne.D3)
            + (half * mask.D1 * mask.D2 * mask.D3));
        var queryBlocks = (q.Ne.D1 + QueriesPerBlock - 1) / QueriesPerBlock;
        var blocks = Align((mask.D0 + Block - 1) / Block * queryBlocks * mask.D2 * mask.D3, 32);
        var partial = sizeof(float) * Math.Min(q.Ne.D1, 32) * q.Ne.D2 * q.Ne.D3 * Workgroups * (v.Ne.D0 + 2);
        var copies = Align(half * k.Elements, 16) + (v.Overlays(k) ? 0 : Align(half * v.Elements, 16));
        return padding + blocks + partial + copies;
    }

    private static bool SupportsAttention(Tensor q, Tensor k, Tensor v) => k.Type == v.Type && k.Ne.D0 >= v.Ne.D0
        && (k.Ne.D0 != 72 || v.Ne.D0 == 72)
        && q.Ne.D0 is 32 or 40 or 48 or 64 or 72 or 80 or 96 or 112 or 128 or 192 or 256 or 320 or 512 or 576
        && k.Type != TensorType.IQ4_NL;

    private static bool SupportsSetRows(TensorType target, TensorType rows) => rows == TensorType.F16
        ? target == TensorType.F16
        : rows == TensorType.F32;

    private static bool SupportsCopy(TensorType from, TensorType to) => from switch
    {
        TensorType.F32 => true,
        TensorType.BF16 => to is TensorType.F32 or TensorType.BF16,
        TensorType.I32 => to is TensorType.F32 or TensorType.I32,
        TensorType.IQ4_NL => false,
        _ => to is TensorType.F32 or TensorType.F16,
    };

    private static bool IsMatrixType(TensorType type) => type.Has(TensorUses.MetalProduct);
}
