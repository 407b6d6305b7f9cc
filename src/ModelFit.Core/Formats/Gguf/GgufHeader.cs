using ModelFit.Models;

namespace ModelFit.Formats.Gguf;

/// <summary>What the header of one GGUF file says, and how long the file is.</summary>
internal sealed class GgufHeader
{
    /// <summary>Path or URI of the file.</summary>
    public required string File { get; init; }

    /// <summary>Version of the format, 1 to 3.</summary>
    public required int Version { get; init; }

    /// <summary>Whether the file was made for machines with the most significant byte first.</summary>
    public required bool IsBigEndian { get; init; }

    /// <summary>
    /// The metadata and the tensors in the order of the file; all parts of a split file but the first may lack an
    /// architecture.
    /// </summary>
    public required ModelDefinition Definition { get; init; }

    public ModelMetadata Metadata => Definition.Metadata;

    public IReadOnlyList<TensorInfo> Tensors => Definition.Tensors;

    /// <summary>Length of the file in bytes; what the header demands where a server does not tell it.</summary>
    public required long FileBytes { get; init; }
}
