using ModelFit.Models;

namespace ModelFit.Graph.Backends;

/// <summary>
/// Which heads CUDA's flash attention takes, and the half-precision copies of K and V that lie behind its result
/// (ggml/src/ggml-cuda/fattn.cu, ggml_cuda_get_best_fattn_kernel, ggml_cuda_flash_attn_ext_get_alloc_size).
/// </summary>
internal static class CudaFlashAttention
{
    private const int Stride = 256;
    private const int CopyAlignment = 128;

    public static bool IsSupported(Tensor op)
    {
        var (q, k, v) = (op.Sources[0], op.Sources[1], op.Sources[2]);
        if (!k.Type.Has(TensorUses.CudaAttention) || !v.Type.Has(TensorUses.CudaAttention)) return false;
        var ratio = TensorOps.Each(q.Ne.D2, k.Ne.D2);
        return (k.Ne.D0, v.Ne.D0) switch
        {
            (40 or 64 or 72 or 80 or 96 or 112 or 128 or 256, var values) => values == k.Ne.D0,
            (192, 128) => GroupsQueries(op) && ratio % 8 == 0,
            (320, 256) => GroupsQueries(op) && ratio % 32 == 0,
            (512, 512) or (576, 512) => GroupsQueries(op),
            _ => false,
        };
    }

    /// <summary>The result, then K and V as F16 where the kernel needs them so, each aligned.</summary>
    public static long AllocationSize(Tensor op)
    {
        var (k, v) = (op.Sources[1], op.Sources[2]);
        var size = op.Bytes;
        if (!IsSupported(op)) return size;
        var copiesK = NeedsCopy(op, k);
        var copiesV = NeedsCopy(op, v);
        if (copiesK) size = BackendRules.Align(size, CopyAlignment) + (k.Elements * 2);
        if (copiesV && !(copiesK && v.Overlays(k))) size = BackendRules.Align(size, CopyAlignment) + (v.Elements * 2);
        return size;
    }

    private static bool NeedsCopy(Tensor op, Tensor cache) => cache.Type != TensorType.F16
        && (!UsesVectorKernel(op) || cache.Type == TensorType.F32 || !HasVectorKernel(op));

    /// <summary>Whether one kernel call serves all query heads of a key head.</summary>
    private static bool GroupsQueries(Tensor op)
    {
        var (q, k, v) = (op.Sources[0], op.Sources[1], op.Sources[2]);
        var mask = op.Sources.Length > 3 ? op.Sources[3] : null;
        return TensorOps.Each(q.Ne.D2, k.Ne.D2) >= 2 && mask is not null && k.Ne.D1 % Stride == 0
            && IsAligned(q) && IsAligned(k) && IsAligned(v) && IsAligned(mask);
    }

    private static bool IsAligned(Tensor tensor) => tensor.Type.IsQuantized()
        || (tensor.Nb.D1 % 16 == 0 && tensor.Nb.D2 % 16 == 0 && tensor.Nb.D3 % 16 == 0);

    /// <summary>The kernel for one query token, as cards with Turing's or Ampere's tensor cores choose it.</summary>
    private static bool UsesVectorKernel(Tensor op)
    {
        var (q, k, v) = (op.Sources[0], op.Sources[1], op.Sources[2]);
        if (q.Ne.D1 != 1 || q.Ne.D0 > 256 || q.Ne.D0 % 64 != 0 || q.Ne.D0 == 192 || k.Ne.D1 % Stride != 0) return false;
        return k.Type.IsQuantized() || v.Type.IsQuantized() || !GroupsQueries(op);
    }

    private static bool HasVectorKernel(Tensor op) => op.Sources[1].Type == op.Sources[2].Type
        && op.Sources[1].Type.Has(TensorUses.CudaVector);
}
