namespace ModelFit.Models;

/// <summary>The kind of attention, as <see cref="ModelSpec.AttentionKind"/> names it.</summary>
internal static class AttentionKinds
{
    /// <summary>
    /// <c>Recurrent</c> without any attention, <c>Hybrid</c> with some layers of each, <c>MLA</c> with latent keys and
    /// values, else <c>MQA</c>, <c>GQA</c> or <c>MHA</c> by the key/value heads. Null if the heads are not known.
    /// </summary>
    public static string? Of(Hyperparameters model)
    {
        var metadata = model.Metadata;
        var heads = metadata.Integer("attention.head_count", 0);
        if (IsRecurrent(metadata)) return heads == 0 ? "Recurrent" : "Hybrid";
        if (metadata.Has("attention.kv_lora_rank")) return "MLA";
        if (heads == 0) return null;
        var kvHeads = metadata.Integer("attention.head_count_kv", heads);
        return kvHeads == heads ? "MHA" : kvHeads == 1 ? "MQA" : "GQA";
    }

    private static bool IsRecurrent(ModelMetadata metadata) =>
        metadata.Keys.Any(key =>
            key.StartsWith("ssm.", System.StringComparison.Ordinal)
            || key.StartsWith("wkv.", System.StringComparison.Ordinal)
            || key.StartsWith("kda.", System.StringComparison.Ordinal))
        || metadata.Has("shortconv.l_cache");
}
