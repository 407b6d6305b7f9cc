namespace ModelFit;

/// <summary>What a model takes when all of it is on one device, in bytes.</summary>
public sealed class MemoryFootprint
{
    /// <summary>Model.</summary>
    public string Model { get; internal init; } = string.Empty;

    /// <summary>Path of the model file, if there is one.</summary>
    public string? ModelPath { get; internal init; }

    /// <summary>Quantization.</summary>
    public string? Quantization { get; internal init; }

    /// <summary>Tokens each sequence can hold.</summary>
    public int? ContextLength { get; internal init; }

    /// <summary>Sequences served at once.</summary>
    public int? ParallelSequences { get; internal init; }

    /// <summary>Logical batch in tokens.</summary>
    public int? BatchSize { get; internal init; }

    /// <summary>Micro-batch in tokens.</summary>
    public int? MicroBatchSize { get; internal init; }

    /// <summary>Element type of the K cache.</summary>
    public string? KeyCacheType { get; internal init; }

    /// <summary>Element type of the V cache.</summary>
    public string? ValueCacheType { get; internal init; }

    /// <summary>Flash attention as asked: <c>Auto</c>, <c>On</c>, <c>Off</c>.</summary>
    public string? FlashAttention { get; internal init; }

    /// <summary>The runtime.</summary>
    public string? Runtime { get; internal init; }

    /// <summary>The backend.</summary>
    public string? Backend { get; internal init; }

    /// <summary>Bytes of the file or files; for a catalog model, of the file that would be made.</summary>
    public long? FileBytes { get; internal init; }

    /// <summary>Bytes of weights on the device (and, where llama.cpp keeps them there, on the host).</summary>
    public long? WeightBytes { get; internal init; }

    /// <summary>Bytes of KV cache and recurrent state.</summary>
    public long? KvCacheBytes { get; internal init; }

    /// <summary>Bytes of compute buffers.</summary>
    public long? ComputeBytes { get; internal init; }

    /// <summary>Bytes of the logits buffer.</summary>
    public long? OutputBytes { get; internal init; }

    /// <summary>Bytes outside llama.cpp's books (context, driver) and of files beside the model.</summary>
    public long? OverheadBytes { get; internal init; }

    /// <summary>Bytes of all of it.</summary>
    public long? TotalBytes { get; internal init; }

    /// <summary>
    /// How weights, caches and buffers are known, the worst of them; the overhead is always <c>Modelled</c>.
    /// </summary>
    public string Accuracy { get; internal init; } = string.Empty;

    /// <inheritdoc/>
    public override string ToString() => Model;
}
