namespace ModelFit;

/// <summary>A file that somebody has published, as a list of its repository had it on a day.</summary>
public sealed class PublishedFile
{
    /// <summary>The catalog's id of the model.</summary>
    public string Model { get; internal init; } = string.Empty;

    /// <summary>The repository on the Hugging Face hub, <c>publisher/name</c>.</summary>
    public string Repository { get; internal init; } = string.Empty;

    /// <summary>The file in it; of several parts the first. Null where only its tag is known.</summary>
    public string? File { get; internal init; }

    /// <summary>The quantization as its publisher calls it.</summary>
    public string? Quantization { get; internal init; }

    /// <summary>Bytes of all parts; null where only the tag is known.</summary>
    public long? FileBytes { get; internal init; }

    /// <summary>Whether the bytes are the hub's own; false where a list had rounded them.</summary>
    public bool IsExactSize { get; internal init; }

    /// <summary>The day of the list, <c>yyyy-MM-dd</c> or less: publishers replace files under the same name.</summary>
    public string? FileDate { get; internal init; }

    /// <summary>
    /// <c>Model</c>; <c>Projector</c>, the encoder of images or sound; <c>Draft</c>, layers or a model that draft
    /// tokens.
    /// </summary>
    public string Kind { get; internal init; } = string.Empty;

    /// <inheritdoc/>
    public override string ToString() => Repository + (Quantization is null ? string.Empty : ":" + Quantization);
}
