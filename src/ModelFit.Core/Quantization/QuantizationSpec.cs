namespace ModelFit;

/// <summary>A way to store weights: a GGUF file type of llama.cpp, or another runtime's format.</summary>
public sealed class QuantizationSpec
{
    /// <summary>Name as people write it, for example <c>Q4_K_M</c>.</summary>
    public string Name { get; internal init; } = string.Empty;

    /// <summary><c>GGUF</c> or <c>Safetensors</c>.</summary>
    public string Format { get; internal init; } = string.Empty;

    /// <summary>llama.cpp's file type id (llama_ftype); null for other formats.</summary>
    public int? FileTypeId { get; internal init; }

    /// <summary>The tensor type most weights have.</summary>
    public string? BaseType { get; internal init; }

    /// <summary>Bits a weight takes over a whole model of 8 billion parameters, scales included.</summary>
    public double? BitsPerWeight { get; internal init; }

    /// <summary>Increase of perplexity over F16 in percent, of Llama 3 8B (70B where 8B is not known).</summary>
    public double? QualityLoss { get; internal init; }

    /// <summary>Whether llama.cpp asks for an importance matrix to make it.</summary>
    public bool RequiresImportanceMatrix { get; internal init; }

    /// <summary>
    /// The runtimes that load it, of those that are followed, separated by spaces; empty if none does.
    /// </summary>
    public string Runtimes { get; internal init; } = string.Empty;

    /// <summary>Where the figures come from.</summary>
    public string? Source { get; internal init; }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>The same under another name.</summary>
    internal QuantizationSpec Named(string name) => new()
    {
        Name = name,
        Format = Format,
        FileTypeId = FileTypeId,
        BaseType = BaseType,
        BitsPerWeight = BitsPerWeight,
        QualityLoss = QualityLoss,
        RequiresImportanceMatrix = RequiresImportanceMatrix,
        Runtimes = Runtimes,
        Source = Source,
    };
}
