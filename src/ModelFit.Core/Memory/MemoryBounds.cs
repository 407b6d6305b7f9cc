using System.Globalization;
using ModelFit.Models;

namespace ModelFit.Memory;

/// <summary>
/// Whether the bytes of a question can be counted at all: what would need more memory than any machine has is said
/// before 64 bits overflow.
/// </summary>
internal static class MemoryBounds
{
    /// <summary>256 PiB: far from what 64 bits hold, and more than the largest clusters have together.</summary>
    private const double Most = (double)(1L << 58);

    private const int MostBytesAnElement = 4;

    private static readonly RuntimeOptions Usual = new();

    /// <summary>
    /// Throws <see cref="ErrorIds.InvalidArgument"/> for a cache or a batch beyond all machines. A header that is
    /// beyond them under the usual settings too is not the fault of these.
    /// </summary>
    public static void Check(ModelDefinition model, RuntimeOptions options)
    {
        if (Needed(model, options) < Most || Needed(model, Usual) >= Most) return;
        throw new ModelFitException(
            ErrorIds.InvalidArgument,
            string.Format(
                CultureInfo.InvariantCulture,
                "{0} tokens of context and batches of {1} need more memory than any machine has.",
                options.TotalTokens,
                options.MicroBatchSize),
            options.TotalTokens);
    }

    private static double Needed(ModelDefinition model, RuntimeOptions options)
    {
        var metadata = model.Metadata;
        double Whole(string key, double fallback) => metadata[key] is long[] list
            ? list.DefaultIfEmpty().Max()
            : metadata.Integer(key) ?? fallback;
        var layers = Whole("block_count", 1);
        var heads = Math.Max(1, Whole("attention.head_count", 1));
        var width = Whole("embedding_length", 1);
        var length = width / heads;
        var row = Whole("attention.head_count_kv", heads)
            * (Whole("attention.key_length", length) + Whole("attention.value_length", length));
        double tokens = options.TotalTokens;
        var batch = Math.Max(1.0, Math.Min(options.MicroBatchSize, options.BatchSize));
        var cache = tokens * layers * Math.Max(row, width) * MostBytesAnElement;
        var widest = Math.Max(Whole("vocab_size", 0), Math.Max(width, Whole("feed_forward_length", 0)));
        var compute = batch * ((tokens * heads) + (widest * Math.Max(1, Whole("expert_used_count", 1)) * 16))
            * MostBytesAnElement;
        return cache + compute + ((double)options.BatchSize * widest * MostBytesAnElement);
    }
}
