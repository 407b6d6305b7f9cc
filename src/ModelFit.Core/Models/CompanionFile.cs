namespace ModelFit;

/// <summary>What a file is to the language model that it is loaded with.</summary>
public enum CompanionKind
{
    /// <summary>The image or audio encoder of a multimodal model (<c>--mmproj</c>).</summary>
    Projector,

    /// <summary>A LoRA adapter (<c>--lora</c>).</summary>
    Adapter,
}

/// <summary>A file that is loaded beside a language model.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Path">Its path.</param>
/// <param name="Bytes">Bytes of its tensors, all of which are loaded; compute buffers are not counted.</param>
public sealed record CompanionFile(CompanionKind Kind, string Path, long Bytes);
