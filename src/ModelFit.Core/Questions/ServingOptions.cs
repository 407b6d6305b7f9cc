namespace ModelFit;

/// <summary>Which recurrent states of a request an engine keeps.</summary>
public enum StateCaching
{
    /// <summary>The last.</summary>
    None,

    /// <summary>The last, and one at the end of a cached prefix.</summary>
    Align,

    /// <summary>One at the end of every block.</summary>
    All,
}

/// <summary>
/// What an engine with a paged cache (vLLM, SGLang) is told beside the options that all runtimes share. Null and the
/// defaults leave the choice to the engine.
/// </summary>
public sealed record ServingOptions
{
    /// <summary>Nothing is said.</summary>
    public static ServingOptions Default { get; } = new();

    /// <summary>Most sequences of a batch (<c>--max-num-seqs</c>); it limits the scheduler, never the start.</summary>
    public int? MaxSequences { get; init; }

    /// <summary>Most tokens of a batch (<c>--max-num-batched-tokens</c>, <c>--chunked-prefill-size</c>).</summary>
    public int? MaxBatchedTokens { get; init; }

    /// <summary>Groups of cards that have layers of their own (<c>--pipeline-parallel-size</c>).</summary>
    public int PipelineParallel { get; init; } = 1;

    /// <summary>Copies of the model (<c>--data-parallel-size</c>).</summary>
    public int DataParallel { get; init; } = 1;

    /// <summary>Cards of a group that share the tokens of a cache (<c>--decode-context-parallel-size</c>).</summary>
    public int ContextParallel { get; init; } = 1;

    /// <summary>Whether experts are spread whole over all cards (<c>--enable-expert-parallel</c>).</summary>
    public bool ExpertParallel { get; init; }

    /// <summary>No CUDA graphs (<c>--enforce-eager</c>).</summary>
    public bool Eager { get; init; }

    /// <summary>Bytes of the cache on each card, whatever the share (<c>--kv-cache-memory-bytes</c>).</summary>
    public long? CacheBytes { get; init; }

    /// <summary>Blocks of the cache, whatever the memory (<c>--num-gpu-blocks-override</c>).</summary>
    public int? BlockCount { get; init; }

    /// <summary>Tokens of a block (<c>--block-size</c>).</summary>
    public int? BlockSize { get; init; }

    /// <summary>Whether weights are loaded as 32-bit numbers (<c>--dtype float32</c>).</summary>
    public bool FullPrecision { get; init; }

    /// <summary>Whether bfloat16 was told to be computed in (<c>--dtype bfloat16</c>), which not every card can.</summary>
    public bool ComputesInBfloat16 { get; init; }

    /// <summary>Bytes of weights of each card that stay in system memory (<c>--cpu-offload-gb</c>).</summary>
    public long CpuOffloadBytes { get; init; }

    /// <summary>LoRA adapters that have a place on the card (<c>--max-loras</c>); 0 without.</summary>
    public int Adapters { get; init; }

    /// <summary>The greatest rank of an adapter (<c>--max-lora-rank</c>).</summary>
    public int AdapterRank { get; init; } = 16;

    /// <summary>How tokens are drafted (<c>mtp</c>, <c>eagle3</c>, <c>ngram</c>); null if they are not.</summary>
    public string? DraftMethod { get; init; }

    /// <summary>Tokens drafted at once.</summary>
    public int DraftTokens { get; init; }

    /// <summary>
    /// The model that drafts (<c>--speculative-config</c>, <c>model</c>); null if none of its own does.
    /// </summary>
    public string? DraftModel { get; init; }

    /// <summary>Bytes of a number of a recurrent state (<c>--mamba-ssm-cache-dtype</c>).</summary>
    public int StateBytes { get; init; } = 4;

    /// <summary>
    /// Which states of a request are kept (<c>--mamba-cache-mode</c>); null is the version's own choice.
    /// </summary>
    public StateCaching? StateCaching { get; init; }

    /// <summary>The largest batch of which a CUDA graph is made (<c>--max-cudagraph-capture-size</c>).</summary>
    public int? LargestGraph { get; init; }

    /// <summary>Every card has the encoders whole (<c>--mm-encoder-tp-mode data</c>).</summary>
    public bool WholeEncoder { get; init; }

    /// <summary>The encoders of images, sounds and video are left out (<c>--language-model-only</c>).</summary>
    public bool LanguageModelOnly { get; init; }

    /// <summary>The trial run leaves the encoders out (<c>--skip-mm-profiling</c>).</summary>
    public bool SkipEncoderProfiling { get; init; }

    /// <summary>Layers with a window are given whole caches (<c>--disable-hybrid-kv-cache-manager</c>).</summary>
    public bool WholeCaches { get; init; }

    /// <summary>
    /// Whether prefixes are cached (<c>--enable-prefix-caching</c>), which takes a second state of every request of a
    /// model with recurrent layers; null is the version's own choice.
    /// </summary>
    public bool? PrefixCaching { get; init; }

    /// <summary>Whether it is a launch line's: what it leaves open is the engine's own choice, not a plan's.</summary>
    public bool EngineChooses { get; init; }

    /// <summary>Contexts longer than the trained one are allowed (<c>VLLM_ALLOW_LONG_MAX_MODEL_LEN</c>).</summary>
    public bool AllowsLonger { get; init; }

    /// <summary>The longest context that there is room for (<c>--max-model-len auto</c>).</summary>
    public bool LongestContext { get; init; }
}
