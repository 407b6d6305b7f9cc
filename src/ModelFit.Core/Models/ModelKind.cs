namespace ModelFit;

/// <summary>What a model is for.</summary>
public enum ModelKind
{
    /// <summary>Follows instructions, about text.</summary>
    Chat,

    /// <summary>Follows instructions, for code above all.</summary>
    Code,

    /// <summary>Follows instructions, about pictures too.</summary>
    Vision,

    /// <summary>Only continues text.</summary>
    Base,

    /// <summary>Makes vectors of texts.</summary>
    Embedding,

    /// <summary>Says how well a text answers a question.</summary>
    Reranker,

    /// <summary>Says whether a text is allowed.</summary>
    Guard,

    /// <summary>Reads text from pictures.</summary>
    Ocr,

    /// <summary>Hears or speaks.</summary>
    Speech,

    /// <summary>Makes pictures or films.</summary>
    Image,
}
