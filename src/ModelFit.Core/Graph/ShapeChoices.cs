namespace ModelFit.Graph;

/// <summary>What happens to the logits at last.</summary>
internal enum LogitScale
{
    None,
    Scale,
    SoftCap,

    /// <summary>Scaled, and capped unless the header has a cap of zero.</summary>
    ScaleAndSoftCap,

    /// <summary>The input of the output projection is scaled instead.</summary>
    BeforeOutput,

    /// <summary>Those of the tokens for images are overwritten (src/models/chameleon.cpp).</summary>
    WithoutImages,
}

/// <summary>Where the output projection comes from.</summary>
internal enum OutputSource
{
    /// <summary>A matrix of its own, or a copy of the token embedding on the output layer's device.</summary>
    OwnOrTied,

    /// <summary>A matrix of its own, or a copy of the token embedding, on the same device too.</summary>
    OwnOrCopied,

    /// <summary>The token embedding itself, where it lies.</summary>
    Embedding,

    /// <summary>There is none: the model gives embeddings.</summary>
    None,
}

/// <summary>Where the rows without wanted logits are dropped.</summary>
internal enum OutputRowsCut
{
    /// <summary>In the last layer, after attention.</summary>
    InLastLayer,

    /// <summary>After the last layer; its result is kept for multi-token prediction.</summary>
    BeforeFinalNorm,

    /// <summary>After the final norm; its result is kept for multi-token prediction.</summary>
    AfterFinalNorm,

    /// <summary>Nowhere: the logits of all tokens are computed.</summary>
    Never,
}

/// <summary>Which norms the query and key heads have.</summary>
internal enum QkNormKind
{
    /// <summary>None.</summary>
    None,

    /// <summary>One over a head, shared by the heads: [key length].</summary>
    Head,

    /// <summary>One over all heads together: [heads x key length].</summary>
    Row,

    /// <summary>One a head: [key length, heads].</summary>
    EachHead,
}

/// <summary>How the dense feed-forward is built.</summary>
internal enum FeedForwardKind
{
    /// <summary>Gate, up and down.</summary>
    Gated,

    /// <summary>Gate and up in one matrix <c>ffn_up</c> of twice the width, and down.</summary>
    Fused,

    /// <summary>Up and down only.</summary>
    Plain,

    /// <summary>There is none.</summary>
    None,
}
