using ModelFit.Questions;

namespace ModelFit.Runtimes.Vllm;

/// <summary>
/// A number of the cache (vllm/v1/kv_cache_interface.py, AttentionSpec): of the model's own precision where no type is
/// told.
/// </summary>
/// <param name="Type">Its type.</param>
internal readonly record struct VllmNumber(KvCacheType Type)
{
    /// <summary>Whether it has 8 bits or fewer.</summary>
    public bool IsSmall => Type is not (KvCacheType.F16 or KvCacheType.BF16 or KvCacheType.F32);

    /// <summary>The numbers of a configuration's cache.</summary>
    public static VllmNumber Of(RuntimeOptions options) => options.KeyCacheType switch
    {
        KvCacheType.F16 or KvCacheType.BF16 when options.Serving.FullPrecision => new(KvCacheType.F32),
        var type => new(type),
    };

    /// <summary>Bytes of a row: one head's key or value, or a latent vector.</summary>
    public long Row(long elements) => Type.HeadBytes(elements);
}
