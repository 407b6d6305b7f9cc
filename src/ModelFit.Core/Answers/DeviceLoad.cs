namespace ModelFit;

/// <summary>What one device of a plan carries, in bytes.</summary>
public sealed class DeviceLoad
{
    /// <summary>Name of the card, or <c>System memory</c>.</summary>
    public string Name { get; internal init; } = string.Empty;

    /// <summary><c>Gpu</c> or <c>Host</c>.</summary>
    public string Kind { get; internal init; } = "Gpu";

    /// <summary>The layers it carries as text, for example <c>12-31, output</c>; null if none.</summary>
    public string? Layers { get; internal init; }

    /// <summary>Bytes of weights.</summary>
    public long? WeightBytes { get; internal init; }

    /// <summary>Bytes of KV cache and recurrent state.</summary>
    public long? KvCacheBytes { get; internal init; }

    /// <summary>Bytes of compute buffers (logits included on the host).</summary>
    public long? ComputeBytes { get; internal init; }

    /// <summary>Bytes outside llama.cpp's books (context, driver) and of files beside the model.</summary>
    public long? OverheadBytes { get; internal init; }

    /// <summary>Bytes of all of it.</summary>
    public long? TotalBytes { get; internal init; }

    /// <summary>Bytes that the device has for it; null if unknown.</summary>
    public long? AvailableBytes { get; internal init; }

    /// <summary>Bytes left, negative if it does not fit.</summary>
    public long? HeadroomBytes { get; internal init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
