namespace ModelFit;

/// <summary>What a model takes when all of it is on one device, in bytes.</summary>
public sealed class MemoryFootprint : ModelAnswer
{
    internal MemoryFootprint(FitQuestion question)
        : base(question)
    {
    }

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

    /// <inheritdoc/>
    public override string ToString() => Model;
}
