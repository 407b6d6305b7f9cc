using ModelFit.Models;

namespace ModelFit.Architectures;

/// <summary>
/// Dimensions for a model of which nothing but its size is known: those of a plain decoder with as many parameters as
/// are active, and experts that hold the rest. Never more than <see cref="Accuracy.Approximate"/>.
/// </summary>
internal static class SupposedDimensions
{
    /// <summary>Its graph needs no dimensions but these.</summary>
    private const string PlainDecoder = "llama";

    private const long HeadLength = 128;
    private const long KvHeads = 8;
    private const long Vocabulary = 131_072;
    private const long UsedExperts = 8;
    private const long MostExperts = 512;
    private const long Granule = 256;

    /// <summary>
    /// Width and depth by the shape that decoders from 1 to 400 billion parameters keep to: about 12 squares of the
    /// width a layer, and a layer for each 128 of the width (Llama 3.1: 4096 x 32, 8192 x 80, 16384 x 126).
    /// </summary>
    public static Hyperparameters Of(Hyperparameters model, long? parameterCount, long? activeCount)
    {
        const double squares = 12;
        var all = Math.Max(1, parameterCount ?? activeCount ?? 1);
        var active = Math.Min(all, Math.Max(1, activeCount ?? all));
        var width = Nearest(Math.Pow(active * HeadLength / squares, 1.0 / 3), Granule);
        var layers = Math.Max(1, Math.Min(512, (long)Math.Round(active / (squares * width * width))));
        // As many heads for each key/value head: then engines can split them over as many cards too.
        var heads = width < KvHeads * HeadLength
            ? Math.Max(1, width / HeadLength) : Nearest((double)width / HeadLength, KvHeads);
        var values = new Dictionary<string, object>();
        foreach (var key in model.Metadata.Keys) values[key] = model.Metadata[key]!;
        void Suppose(string key, long value)
        {
            if (!values.TryGetValue(key, out var known) || known is 0L) values[key] = value;
        }

        Suppose("embedding_length", width);
        Suppose("block_count", layers);
        Suppose("attention.head_count", heads);
        Suppose("attention.head_count_kv", Math.Min(KvHeads, heads));
        Suppose("attention.key_length", HeadLength);
        Suppose("attention.value_length", HeadLength);
        Suppose("vocab_size", Math.Min(Vocabulary, Math.Max(1, all / (8 * width))));
        if (all > active * 3 / 2)
        {
            Suppose("expert_count", Math.Min(MostExperts, Nearest((double)UsedExperts * all / active, UsedExperts)));
            Suppose("expert_used_count", UsedExperts);
        }

        return new Hyperparameters(new ModelMetadata(PlainDecoder, values), Traits.None);
    }

    private static long Nearest(double value, long step) => Math.Max(1, (long)Math.Round(value / step)) * step;
}
