namespace ModelFit;

/// <summary>What a file is to the language model that it is loaded with.</summary>
public enum CompanionKind
{
    /// <summary>The image or audio encoder of a multimodal model (<c>--mmproj</c>).</summary>
    Projector,

    /// <summary>A LoRA adapter (<c>--lora</c>).</summary>
    Adapter,

    /// <summary>A control vector (<c>--control-vector</c>).</summary>
    ControlVector,

    /// <summary>What drafts tokens and whose graph is not followed.</summary>
    Draft,
}

/// <summary>A file that is loaded beside a language model.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Path">Its path, or its address on the hub (<c>hf://</c>).</param>
/// <param name="Bytes">Bytes of its tensors, all of which are loaded.</param>
public sealed record CompanionFile(CompanionKind Kind, string Path, long Bytes)
{
    /// <summary>Bytes of its compute buffer on its device; null if they are not known and not counted.</summary>
    public long? ComputeBytes { get; init; }

    /// <summary>Bytes of its buffers in system memory.</summary>
    public long HostBytes { get; init; }

    /// <summary>Whether it is kept in system memory (<c>--no-mmproj-offload</c>).</summary>
    public bool IsOnHost { get; init; }

    /// <summary>Bytes on the first card, or in system memory where there is none.</summary>
    internal long DeviceBytes => IsOnHost ? 0 : Bytes + (ComputeBytes ?? 0);

    /// <summary>All bytes in system memory beside a card.</summary>
    internal long BesideBytes => HostBytes + (IsOnHost ? Bytes + (ComputeBytes ?? 0) : 0);
}
