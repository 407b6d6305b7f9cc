namespace ModelFit.Architectures;

/// <summary>What engines that serve transformers (vLLM) do with an architecture in a way of its own.</summary>
[Flags]
internal enum ServedTraits
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>No table of sines and cosines: positions are not rotated.</summary>
    Unrotated = 1,

    /// <summary>Positions by time, height and width, with as many tables (layers/rotary_embedding/mrope.py).</summary>
    Sectioned = 2,

    /// <summary>A table of their own for layers with a window.</summary>
    TurnsWindowsApart = 4,

    /// <summary>A table eightfold as long for layers with full attention, in long models.</summary>
    Stretches = 8,

    /// <summary>Layers for multi-token prediction that read the caches of others.</summary>
    DraftsWithoutCache = 16,

    /// <summary>
    /// Whole caches for layers of chunked attention, unless VLLM_ALLOW_CHUNKED_LOCAL_ATTN_WITH_HYBRID_KV_CACHE is set.
    /// </summary>
    CachesChunksWhole = 32,

    /// <summary>Kernels of four-bit experts, which have no workspace.</summary>
    ExpertsOfFourBits = 64,

    /// <summary>Encoders that take images of 16,384 tokens, in which their trial run is.</summary>
    TakesLargeImages = 128,
}

/// <summary>What the published numbers of parameters of an architecture's models have beyond the text model.</summary>
internal enum PublishedCount
{
    /// <summary>Encoders of images and sounds, where a model has them.</summary>
    WithEncoders,

    /// <summary>The layers for multi-token prediction.</summary>
    WithPrediction,

    /// <summary>Both.</summary>
    WithBoth,
}
