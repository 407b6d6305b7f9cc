using ModelFit.Models;

namespace ModelFit.Graph.Backends;

/// <summary>
/// The Vulkan backend on a desktop GPU: storage buffers of at most 4 GiB - 1 and chunks of 1 GiB
/// (ggml/src/ggml-vulkan/ggml-vulkan.cpp, ggml_backend_vk_device_supports_op, suballocation_block_size).
/// </summary>
internal sealed class VulkanRules(BufferType buffer) : BackendRules(buffer, 16, ChunkSize)
{
    /// <summary>Largest buffer, on the device and pinned alike.</summary>
    public const long ChunkSize = 1L << 30;

    /// <summary>Alignment of pinned memory (minMemoryMapAlignment).</summary>
    public const int HostAlignment = 64;

    /// <summary>
    /// Bytes that a pinned buffer has beyond what it was asked for (ggml_backend_vk_host_buffer_type_alloc_buffer).
    /// </summary>
    public const long HostBufferOverhead = 32;

    private const long MaxTensor = uint.MaxValue;

    public override bool HasOptimizer => true;

    public override bool HasAsyncEvents => true;

    public override bool Holds(TensorInfo weight) => weight.Bytes <= MaxTensor;

    public override bool Supports(Tensor op)
    {
        foreach (var source in op.Sources)
            if (source.Bytes > MaxTensor) return false;
        if (op.Bytes > MaxTensor) return false;
        return op.Op switch
        {
            Op.MulMat => SupportsMulMat(op, op.Sources[0]),
            Op.MulMatId => !op.IsPrecise && SupportsMulMat(op, op.Sources[2]),
            Op.FlashAttention => SupportsAttention(op.Sources[1], op.Sources[2]),
            Op.SetRows => IsCopyType(op.Type),
            Op.Cont or Op.Copy => SupportsCopy(op, op.Sources[0].Type, op.Type),
            Op.Scale or Op.SoftMax or Op.ArgSort => op.Sources[0].IsContiguous,
            Op.SumRows or Op.Mean or Op.Rope or Op.RopeBack => op.Sources[0].HasContiguousRows,
            Op.SsmScan => op.Sources[3].Nb.D1 == sizeof(float) && op.Sources[0].Ne.D0 is 128 or 256
                && op.Sources[0].Ne.D1 % 16 == 0,
            Op.GatedDeltaNet => op.Sources[2].Ne.D0 is 16 or 32 or 64 or 128,
            Op.Add or Op.Sub or Op.Mul or Op.Div => IsFloat(op.Sources[0].Type) && IsFloat(op.Sources[1].Type),
            Op.GatedLinearAttention => op.Sources[0].Ne.D0 == 64,
            Op.LightningIndexer => op.Sources[0].Ne.D0 == 128 && IsCopyType(op.Sources[1].Type),
            Op.WeightedStreams => op.Sources[0].Ne.D1 == 4,
            Op.SpreadStreams => op.Sources[1].Ne.D1 == 4,
            Op.Custom => false,
            _ => true,
        };
    }

    public override void Optimize(NodeList nodes, int start, int end) =>
        new VulkanReordering(nodes, start, end).Run();

    private static bool SupportsMulMat(Tensor op, Tensor batched)
    {
        var (weight, x) = (op.Sources[0], op.Sources[1]);
        return batched.Ne.D3 == x.Ne.D3
            && (IsDense(weight) || weight.Type == TensorType.BF16 || IsFloat(weight.Type))
            && (IsDense(x) || IsFloat(x.Type))
            && !(weight.Type == TensorType.BF16 && x.Type == TensorType.F16);
    }

    // The two inner dimensions, and the two outer ones, follow each other (ggml_vk_dim01_contiguous).
    private static bool IsDense(Tensor tensor) => tensor.HasContiguousRows
        && tensor.Nb.D1 == tensor.Nb.D0 * (tensor.Ne.D0 / tensor.Type.BlockElements())
        && (tensor.Ne.D3 == 1 || tensor.Nb.D3 == tensor.Nb.D2 * tensor.Ne.D2);

    private static bool SupportsAttention(Tensor k, Tensor v) =>
        k.Ne.D0 % 8 == 0 && v.Ne.D0 % 8 == 0 && IsCopyType(k.Type) && IsCopyType(v.Type)
        && k.Type == TensorType.BF16 == (v.Type == TensorType.BF16);

    private static bool SupportsCopy(Tensor op, TensorType from, TensorType to) =>
        (from == to && (!from.IsQuantized() || (op.Sources[0].IsContiguous && op.IsContiguous)))
        || (from, to) is (TensorType.F32, TensorType.I32) or (TensorType.I32, TensorType.F32)
        || (from == TensorType.F32 && IsCopyType(to)) || (to == TensorType.F32 && IsCopyType(from));

    private static bool IsFloat(TensorType type) => type is TensorType.F32 or TensorType.F16;

    private static bool IsCopyType(TensorType type) => type.Has(TensorUses.Cache);
}
