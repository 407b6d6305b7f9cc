using ModelFit.Models;

namespace ModelFit.Questions;

/// <summary>What the types of a cache are made of, and the words that runtimes have for them.</summary>
internal static class KvCacheTypes
{
    /// <summary>A scale of 32 bits belongs to each head of a token.</summary>
    public const int WithHeadScale = 1 << 16;

    /// <summary>Another type of the same numbers.</summary>
    public const int Other = 1 << 17;

    private const int HeadScaleBytes = 4;

    /// <summary>
    /// Words that are no names of types: vLLM's (vllm/config/cache.py, CacheDType), SGLang's (srt/server_args.py).
    /// </summary>
    private static readonly Dictionary<string, KvCacheType> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        ["auto"] = KvCacheType.F16, ["half"] = KvCacheType.F16, ["fp16"] = KvCacheType.F16,
        ["float16"] = KvCacheType.F16, ["bfloat16"] = KvCacheType.BF16, ["float32"] = KvCacheType.F32,
        ["fp8_e4m3"] = KvCacheType.FP8, ["fp8_e5m2"] = KvCacheType.FP8, ["fp8_inc"] = KvCacheType.FP8,
        ["fp8_ds_mla"] = KvCacheType.FP8, ["nvfp4_4over6"] = KvCacheType.NVFP4, ["fp4_e2m1"] = KvCacheType.NVFP4,
        ["int8"] = KvCacheType.INT8_PER_TOKEN_HEAD, ["int4"] = KvCacheType.INT4_PER_TOKEN_HEAD,
    };

    /// <summary>The tensor type of its numbers.</summary>
    public static TensorType Numbers(this KvCacheType type) => (TensorType)((int)type & ~(WithHeadScale | Other));

    /// <summary>Bytes of one head's key or value of a token.</summary>
    /// <param name="type">The type.</param>
    /// <param name="elements">Its numbers.</param>
    public static long HeadBytes(this KvCacheType type, long elements) =>
        (long)Math.Ceiling(elements * type.Numbers().BitsPerWeight() / 8)
            + (((int)type & WithHeadScale) != 0 ? HeadScaleBytes : 0);

    /// <summary>The type that a runtime's word means; null if it is no such word.</summary>
    public static KvCacheType? Named(string word) => Words.TryGetValue(word, out var type) ? type : null;
}
