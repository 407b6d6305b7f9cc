namespace ModelFit.Formats.Gguf;

/// <summary>What a GGUF file holds; only a language model can be asked for its memory.</summary>
internal enum GgufContent
{
    /// <summary>A language or embedding model that llama.cpp runs.</summary>
    LanguageModel,

    /// <summary>The image or audio encoder of a multimodal model (<c>mmproj</c>).</summary>
    Projector,

    /// <summary>A LoRA adapter.</summary>
    Adapter,

    /// <summary>A control vector.</summary>
    ControlVector,

    /// <summary>An importance matrix.</summary>
    ImportanceMatrix,

    /// <summary>A vocabulary without weights.</summary>
    Vocabulary,

    /// <summary>Something else: an image, video or speech model.</summary>
    Other,
}

/// <summary>Tells what a GGUF file holds, and says it in words.</summary>
internal static class GgufContents
{
    private const string Vocoder = "wavtokenizer-dec";

    /// <summary>
    /// Tells by <c>general.type</c>, by the architectures that are none (gguf-py/gguf/constants.py, GGUFType;
    /// tools/mtmd/clip.cpp; common/common.cpp, control vectors), and by whether there are layers and tensors.
    /// </summary>
    public static GgufContent Of(GgufParts parts)
    {
        var metadata = parts.Metadata;
        var type = metadata.Text("general.type");
        if (Is(type, "mmproj") || Is(metadata.Architecture, "clip")) return GgufContent.Projector;
        if (Is(type, "adapter") || metadata.Has("adapter.type")) return GgufContent.Adapter;
        if (Is(type, "imatrix")) return GgufContent.ImportanceMatrix;
        if (Is(metadata.Architecture, "controlvector")) return GgufContent.ControlVector;
        var hasTokens = metadata.Has("tokenizer.ggml.tokens.count") || metadata.Has("tokenizer.ggml.model");
        if (parts.Definition.Tensors.Count == 0 && hasTokens) return GgufContent.Vocabulary;
        if (Is(metadata.Architecture, Vocoder)) return GgufContent.Other;
        var hasLayers = metadata.Has("block_count") && metadata.Has("embedding_length");
        return hasLayers && parts.Definition.Tensors.Count > 0 ? GgufContent.LanguageModel : GgufContent.Other;
    }

    /// <summary>The content in words.</summary>
    public static string Describe(GgufContent content, string architecture) => content switch
    {
        GgufContent.Projector => "the image or audio projector of a multimodal model",
        GgufContent.Adapter => "a LoRA adapter for " + architecture,
        GgufContent.ControlVector => "a control vector",
        GgufContent.ImportanceMatrix => "an importance matrix",
        GgufContent.Vocabulary => "a vocabulary without weights",
        GgufContent.Other when architecture.Length > 0 => "a model of another kind (" + architecture + ")",
        GgufContent.Other => "a file that names no architecture",
        _ => "a language model",
    };

    private static bool Is(string? text, string value) => string.Equals(text, value, StringComparison.Ordinal);
}
