using ModelFit.Models;

namespace ModelFit.Architectures;

/// <summary>What a <see cref="ModelSpec"/> says of a model, read off its metadata: one way for all sources.</summary>
internal static class ModelSpecs
{
    private static readonly string[] RecurrentKeys = { "ssm.", "wkv.", "kda." };

    /// <summary>
    /// The facts of a model that was read from a file. What the definition does not say (name, path, quantization,
    /// file size, licence, date) is taken from <paramref name="given"/>.
    /// </summary>
    public static ModelSpec FromDefinition(ModelDefinition definition, ModelSpec given) => From(
        new Hyperparameters(definition.Metadata, TraitsOf(definition)),
        given,
        definition.ParameterCount,
        ActiveParameters.Of(definition));

    /// <summary>The facts of a model by its hyperparameters; the same for a catalog entry.</summary>
    public static ModelSpec From(
        Hyperparameters model, ModelSpec given, long? parameterCount, long? activeCount) => new()
    {
        Name = given.Name,
        Family = given.Family,
        Kind = given.Kind ?? ModelKinds.Of(given.Name, ArchitectureList.KindOf(model.Architecture)).ToString(),
        Architecture = model.Architecture,
        ParameterCount = parameterCount,
        ActiveParameterCount = activeCount,
        LayerCount = Known(model.Layers - model.PredictionLayers),
        EmbeddingLength = Known(model.Embedding),
        FeedForwardLength = Known(FeedForwardLength(model)),
        HeadCount = Known(model.Metadata.Integer("attention.head_count", 0)),
        KvHeadCount = Known(KvHeadCount(model.Metadata)),
        KeyLength = Known(model.Metadata.Integer("attention.key_length_mla", model.KeyLength)),
        ValueLength = Known(model.Metadata.Integer("attention.value_length_mla", model.ValueLength)),
        VocabularySize = Known(model.Vocabulary),
        TrainedContextLength = Known(model.Metadata.Integer("context_length", 0)),
        ExpertCount = Known(model.Experts),
        ExpertUsedCount = Known(model.ExpertsUsed),
        SlidingWindow = Known(model.Metadata.Integer("attention.sliding_window", 0)),
        AttentionKind = AttentionKindOf(model),
        Quantization = given.Quantization,
        FileBytes = given.FileBytes,
        License = given.License,
        ReleaseDate = given.ReleaseDate,
        ModelPath = given.ModelPath,
        Source = given.Source,
        Layout = given.Layout,
    };

    private static long FeedForwardLength(Hyperparameters model) =>
        (model.Experts > 0 ? model.Metadata.Integer("expert_feed_forward_length") : null)
        ?? model.Metadata.Integer("feed_forward_length", 0);

    private static long KvHeadCount(ModelMetadata metadata) =>
        metadata.Integer("attention.head_count_kv") ?? metadata.Integer("attention.head_count", 0);

    private static int? Known(long value) => value > 0 && value <= int.MaxValue ? (int)value : null;

    private static Traits TraitsOf(ModelDefinition definition) =>
        definition.Tensor("output.weight") is null ? Traits.Tied : Traits.None;

    /// <summary>
    /// The kind of attention: <c>Recurrent</c> without any, <c>Hybrid</c> with some layers of each, <c>MLA</c> with
    /// latent keys and values, else <c>MQA</c>, <c>GQA</c> or <c>MHA</c> by the key/value heads. Null if the heads are
    /// not known.
    /// </summary>
    private static string? AttentionKindOf(Hyperparameters model)
    {
        var metadata = model.Metadata;
        var heads = metadata.Integer("attention.head_count", 0);
        if (IsRecurrent(metadata)) return heads == 0 ? "Recurrent" : "Hybrid";
        if (metadata.Has("attention.kv_lora_rank")) return "MLA";
        if (heads == 0) return null;
        var kvHeads = metadata.Integer("attention.head_count_kv", heads);
        return kvHeads == heads ? "MHA" : kvHeads == 1 ? "MQA" : "GQA";
    }

    private static bool IsRecurrent(ModelMetadata metadata) => metadata.Has("shortconv.l_cache")
        || metadata.Keys.Any(key => RecurrentKeys.Any(start => key.StartsWith(start, StringComparison.Ordinal)));
}
