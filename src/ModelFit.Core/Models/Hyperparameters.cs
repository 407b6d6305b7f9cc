namespace ModelFit.Models;

/// <summary>
/// The dimensions of a model as the layouts read them: metadata under GGUF's keys, and traits, which are what a GGUF
/// file says by its tensors only (<see cref="Traits"/>).
/// </summary>
internal sealed class Hyperparameters
{
    private readonly Traits _traits;

    /// <summary>
    /// More blocks than any model has; llama.cpp takes 512 (LLAMA_MAX_LAYERS, src/llama-hparams.h). What claims more is
    /// not laid out, so that nothing grows with what a file claims.
    /// </summary>
    public const int MostLayers = 4096;

    /// <summary>Reads the dimensions from metadata.</summary>
    public Hyperparameters(ModelMetadata metadata, Traits traits)
    {
        Metadata = metadata;
        _traits = traits;
        Layers = Count(metadata.Integer("block_count", 0));
        Embedding = metadata.Integer("embedding_length", 0);
        var headCount = metadata.Integer("attention.head_count", 0);
        var defaultLength = headCount > 0 ? Embedding / headCount : 0;
        KeyLength = metadata.Integer("attention.key_length", defaultLength);
        ValueLength = metadata.Integer("attention.value_length", defaultLength);
        RotaryDimensions = metadata.Integer("rope.dimension_count", KeyLength);
    }

    /// <summary>The metadata under GGUF's keys.</summary>
    public ModelMetadata Metadata { get; }

    /// <summary>The architecture as llama.cpp names it.</summary>
    public string Architecture => Metadata.Architecture;

    /// <summary>Blocks, those for multi-token prediction included.</summary>
    public int Layers { get; }

    /// <summary>Blocks at the end that predict further tokens.</summary>
    public int PredictionLayers => ModelFit.Models.PredictionLayers.Of(Metadata);

    /// <summary>Width of the residual stream.</summary>
    public long Embedding { get; }

    public long Vocabulary => Metadata.Integer("vocab_size") ?? Metadata.Integer("tokenizer.ggml.tokens.count", 0);

    /// <summary>Width of a key head.</summary>
    public long KeyLength { get; }

    /// <summary>Width of a value head.</summary>
    public long ValueLength { get; }

    /// <summary>Elements of a head that are rotated.</summary>
    public long RotaryDimensions { get; }

    /// <summary>Routed experts of a layer; 0 for dense models.</summary>
    public long Experts => Metadata.Integer("expert_count", 0);

    /// <summary>Routed experts used for a token.</summary>
    public long ExpertsUsed => Metadata.Integer("expert_used_count", 0);

    /// <summary>First layers without experts.</summary>
    public long LeadingDense => Metadata.Integer("leading_dense_block_count", 0);

    /// <summary>Query heads of a layer.</summary>
    public long Heads(int layer) => At("attention.head_count", layer);

    /// <summary>Key/value heads of a layer.</summary>
    public long KvHeads(int layer) =>
        Metadata.Has("attention.head_count_kv") ? At("attention.head_count_kv", layer) : Heads(layer);

    /// <summary>Whether a layer has a sliding window, as the list of them says.</summary>
    public bool IsWindow(int layer) =>
        Metadata.Flags("attention.sliding_window_pattern") is { } listed && layer < listed.Length && listed[layer];

    /// <summary>Width of the dense feed-forward of a layer.</summary>
    public long FeedForward(int layer) => At("feed_forward_length", layer);

    /// <summary>Width of one routed expert of a layer.</summary>
    public long ExpertFeedForward(int layer) =>
        Metadata.Has("expert_feed_forward_length") ? At("expert_feed_forward_length", layer) : FeedForward(layer);

    /// <summary>
    /// Width of all shared experts of a layer together (<c>expert_shared_feed_forward_length</c>, or the count of
    /// shared experts times the width of one); 0 if there are none.
    /// </summary>
    public long SharedFeedForward(int layer) =>
        Metadata.Integer("expert_shared_feed_forward_length")
        ?? (Metadata.Integer("expert_shared_count", 0) * ExpertFeedForward(layer));

    /// <summary>Whether blocks can be laid out: there are some, of some width, and not absurdly many.</summary>
    public bool HasBlocks => Layers is > 0 and <= MostLayers && Embedding > 0;

    /// <summary>Whether the model has a trait.</summary>
    public bool Has(Traits trait) => (_traits & trait) != 0;

    /// <summary>The same model without a trait.</summary>
    public Hyperparameters Without(Traits trait) => new(Metadata, _traits & ~trait);

    private static int Count(long value) => (int)Math.Max(0, Math.Min(int.MaxValue, value));

    /// <summary>The value of a layer: of an array its element, else the value of all layers; 0 without any.</summary>
    private long At(string key, int layer) =>
        Metadata[key] is long[] values
            ? layer < values.Length ? values[layer] : 0
            : Metadata.Integer(key, 0);
}
