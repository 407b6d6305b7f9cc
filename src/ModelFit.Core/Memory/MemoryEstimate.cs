using ModelFit.Graph.Backends;

namespace ModelFit.Memory;

/// <summary>What one device holds, in bytes.</summary>
/// <param name="IsHost">Whether it is system memory.</param>
/// <param name="Index">Index of the GPU, from 0; -1 for the host.</param>
/// <param name="WeightBytes">Weights.</param>
/// <param name="KvCacheBytes">KV cache and recurrent state.</param>
/// <param name="ComputeBytes">Compute buffer of the graph.</param>
/// <param name="OutputBytes">Logits buffer (host only), outside llama.cpp's compute figure.</param>
public sealed record DeviceMemory(
    bool IsHost, int Index, long WeightBytes, long KvCacheBytes, long ComputeBytes, long OutputBytes)
{
    /// <summary>Weights, cache and state, in bytes.</summary>
    public long LoadedBytes => WeightBytes + KvCacheBytes;

    /// <summary>All of it, in bytes.</summary>
    public long TotalBytes => WeightBytes + KvCacheBytes + ComputeBytes + OutputBytes;
}

/// <summary>
/// What llama.cpp allocates for a model, options and a placement: one entry a GPU in order, the host last.
/// Overheads outside llama.cpp's own books are not in it (<see cref="RuntimeOverhead"/>).
/// </summary>
/// <param name="Devices">The GPUs in order, then the host.</param>
/// <param name="FlashAttention">Whether flash attention is used, "auto" resolved.</param>
/// <param name="Accuracy">How well weights, cache and compute are known together.</param>
public sealed record MemoryEstimate(IReadOnlyList<DeviceMemory> Devices, bool FlashAttention, Accuracy Accuracy)
{
    /// <summary>What was assumed because a rule was missing, as a sentence; null if nothing was.</summary>
    public string? Assumption { get; init; }

    /// <summary>Why the runtime would not start with this, as a sentence; null if it would.</summary>
    public string? Refusal { get; init; }

    /// <summary>The host.</summary>
    public DeviceMemory Host => Devices[Devices.Count - 1];

    /// <summary>The GPUs in order.</summary>
    public IEnumerable<DeviceMemory> Gpus => Devices.Take(Devices.Count - 1);
}
