using ModelFit.Models;

namespace ModelFit.Graph;

/// <summary>
/// What the graph needs of a model, read once from its header: the dimensions (llama_hparams), which layers have a
/// window, and the weights.
/// </summary>
internal sealed class ModelShape
{
    public ModelShape(ModelDefinition model, ArchitectureShape shape)
    {
        Definition = model;
        Metadata = model.Metadata;
        Shape = shape;
        var blocks = Count("block_count", 0, WeightTable.MaxLayers);
        Layers = blocks - PredictionLayers.Of(Metadata);
        if (Layers < 1) throw new GraphException("it has no layers");
        AllLayers = blocks + (Shape.HasRouterLayer ? 1 : 0);
        Weights = new WeightTable(model, AllLayers, Shape);
        Embedding = Size("embedding_length", 0);
        Heads = PerLayer("attention.head_count", 0);
        KvHeads = PerLayer("attention.head_count_kv", -1);
        for (var i = 0; i < AllLayers; i++)
            if (KvHeads[i] < 0) KvHeads[i] = Heads[i];
        if (Shape.HasRouterLayer) Heads[Layers] = KvHeads[Layers] = 1;
        var heads = Heads.Max();
        KeyLength = Size("attention.key_length", heads > 0 ? Embedding / heads : 0);
        ValueLength = Size("attention.value_length", heads > 0 ? Embedding / heads : 0);
        WindowKeyLength = Size("attention.key_length_swa", KeyLength);
        WindowValueLength = Size("attention.value_length_swa", ValueLength);
        Experts = Count("expert_count", 0, MaxExperts);
        UsedExperts = Count("expert_used_count", 0, Math.Min(Experts, MaxUsedExperts));
        var window = Shape.Window?.Invoke(Metadata);
        Window = window?.Size ?? 0;
        HasWindow = window is not null;
        IsWindowLayer = window?.Layers(Metadata, Layers, AllLayers) ?? new bool[AllLayers];
        TrainedContext = Size("context_length", 0);
        ClampsHeads = Shape.ReadsClamp && Metadata.Number("attention.clamp_kqv") is > 0;
        Vocabulary = (model.Tensor("token_embd.weight") ?? model.Tensor("output.weight"))?.N1 ?? Size("vocab_size", 0);
        LargestValueWidth = Enumerable.Range(0, AllLayers).Max(layer => ValueLengthOf(layer) * KvHeads[layer]);
    }

    /// <summary>Most experts that llama.cpp accepts (src/llama-hparams.h, LLAMA_MAX_EXPERTS).</summary>
    public const int MaxExperts = 1024;

    /// <summary>Most experts a token that are believed: each is several nodes a layer.</summary>
    private const int MaxUsedExperts = 64;

    /// <summary>Largest dimension that is believed; keeps products of four inside a long.</summary>
    private const long MaxDimension = 1L << 31;

    /// <summary>A limit at or below it is none.</summary>
    private const double SmallestLimit = 1e-6;

    public ModelDefinition Definition { get; }

    public ModelMetadata Metadata { get; }

    /// <summary>What its blocks have and have not.</summary>
    public ArchitectureShape Shape { get; }

    public WeightTable Weights { get; }

    /// <summary>All layers, those for multi-token prediction included (n_layer_all).</summary>
    public int AllLayers { get; }

    /// <summary>First layers that have a cache of their own; the others attend over theirs.</summary>
    public int LayersWithCache =>
        Shape.LayersWithCache ?? AllLayers - Count("attention.shared_kv_layers", 0, AllLayers);

    /// <summary>Layers of the main model (n_layer).</summary>
    public int Layers { get; }

    public long Embedding { get; }

    public long[] Heads { get; }

    public long[] KvHeads { get; }

    public long KeyLength { get; }

    public long ValueLength { get; }

    /// <summary>Length of a key head of a layer with a window.</summary>
    public long WindowKeyLength { get; }

    /// <summary>Length of a value head of a layer with a window.</summary>
    public long WindowValueLength { get; }

    public int Experts { get; }

    public int UsedExperts { get; }

    /// <summary>Whether the model keeps a second cache for the layers with a window.</summary>
    public bool HasWindow { get; }

    /// <summary>Tokens that a layer with a window looks back.</summary>
    public long Window { get; }

    public bool[] IsWindowLayer { get; }

    public long TrainedContext { get; }

    /// <summary>Whether queries, keys and values are clamped.</summary>
    public bool ClampsHeads { get; }

    public long Vocabulary { get; }

    /// <summary>The widest row of V of any layer (n_embd_v_gqa_max).</summary>
    public long LargestValueWidth { get; }

    /// <summary>Length of a key head of a layer.</summary>
    public long KeyLengthOf(int layer) => IsWindowLayer[layer] ? WindowKeyLength : KeyLength;

    /// <summary>Length of a value head of a layer.</summary>
    public long ValueLengthOf(int layer) => IsWindowLayer[layer] ? WindowValueLength : ValueLength;

    /// <summary>Whether the header has a limit above zero for a layer, as one number for all or one each.</summary>
    public bool HasLimit(string key, int layer) => Metadata.NumberAt(key, layer) > SmallestLimit;

    /// <summary>The dimension at a key, or the fallback.</summary>
    /// <exception cref="GraphException">It is negative or absurd.</exception>
    public long Size(string key, long fallback)
    {
        var value = Metadata.Integer(key, fallback);
        return value is >= 0 and <= MaxDimension
            ? value
            : throw new GraphException(FormattableString.Invariant($"'{key}' is {value}"));
    }

    /// <summary>The dimension at a key, at least 1: others are divided by it.</summary>
    /// <exception cref="GraphException">It is missing, not above zero or absurd.</exception>
    public long Size(string key) => Size(key, 0) is > 0 and var size
        ? size
        : throw new GraphException($"'{key}' is {(Metadata.Integer(key) is null ? "missing" : "0")}");

    private int Count(string key, int fallback, int most)
    {
        var value = Size(key, fallback);
        return value <= most
            ? (int)value
            : throw new GraphException(FormattableString.Invariant($"'{key}' is {value}, at most {most} expected"));
    }

    private long[] PerLayer(string key, long fallback)
    {
        var values = Metadata.Integers(key, AllLayers, fallback);
        foreach (var value in values)
        {
            if (value is < -1 or > 1 << 20)
                throw new GraphException(FormattableString.Invariant($"'{key}' is {value}"));
        }

        return values;
    }
}
