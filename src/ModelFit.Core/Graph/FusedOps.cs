namespace ModelFit.Graph;

/// <summary>
/// Operations that llama.cpp runs as one node unless a device refuses them, then as their parts, in the order in which
/// it asks the devices (src/llama-context.cpp, resolve_fused_ops).
/// </summary>
[Flags]
internal enum FusedOps
{
    None = 0,
    FlashAttention = 1,

    /// <summary>The weighted sum of the streams of hyper-connections.</summary>
    StreamSum = 2,

    /// <summary>The matrix that mixes the streams.</summary>
    StreamMatrix = 4,

    /// <summary>A result spread over the mixed streams.</summary>
    StreamSpread = 8,

    All = FlashAttention | StreamSum | StreamMatrix | StreamSpread,
}
