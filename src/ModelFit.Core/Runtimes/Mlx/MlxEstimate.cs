using ModelFit.Architectures;
using ModelFit.Memory;
using ModelFit.Models;
using ModelFit.Runtimes.Serving;
using ModelFit.Runtimes.Vllm;

namespace ModelFit.Runtimes.Mlx;

/// <summary>
/// MLX's memory (mlx_lm/generate.py, models/cache.py): weights as stored, a cache that grows in steps of 256 tokens,
/// and the peak of a prompt's chunk: its stream and experts, the scores of attention where no kernel is fused, and the
/// logits of a chunk.
/// </summary>
internal sealed class MlxEstimate : ServedEstimate
{
    private const int Half = 2;
    private const int Single = 4;
    private const int Step = 256;
    private const int Chunk = 2048;

    /// <summary>Rows that are no multiple of the smallest group stay as they are.</summary>
    private const int GroupStep = 32;

    /// <summary>The widest head that Metal's fused attention of prompts takes (mlx: fast.cpp).</summary>
    private const long FusedHead = 128;

    private readonly ServedQuestion _question;
    private readonly IReadOnlyList<VllmLayer> _layers;
    private readonly long _weights;

    public MlxEstimate(ServedQuestion question)
    {
        _question = question;
        var number = new VllmNumber(question.Options.KeyCacheType);
        _layers = VllmCaches.Of(question.Model, Parallelism.One, number, ServingOptions.Default);
        _weights = Weights(question.Model, question.Quantization);
        BatchedTokens = question.Options.Serving.MaxBatchedTokens ?? Chunk;
    }

    public override int Sequences => Math.Max(1, _question.Options.ParallelSequences);

    public override int BatchedTokens { get; }

    public override long NeededBytes(int requests) =>
        _weights + (requests * CacheOf(_question.Options.ContextLength)) + PeakOf(_question.Options.ContextLength);

    public override ServedCapacity Capacity(long shareBytes)
    {
        var length = _question.Options.ContextLength;
        var left = Math.Max(0, shareBytes - _weights - PeakOf(length));
        var each = CacheOf(length);
        return new(left, 0, each > 0 ? (double)left / each : 0, 0);
    }

    public override int LongestContext(long shareBytes, int most, int requests)
    {
        var (low, high) = (0, most + 1);
        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            if (_weights + (requests * CacheOf(middle)) + PeakOf(middle) <= shareBytes) low = middle;
            else high = middle;
        }

        return low;
    }

    public override MemoryEstimate Memory(int requests, int cards)
    {
        var length = _question.Options.ContextLength;
        var devices = Enumerable.Range(0, cards)
            .Select(card => card == 0
                ? new DeviceMemory(false, 0, _weights, requests * CacheOf(length), PeakOf(length), 0)
                : new DeviceMemory(false, card, 0, 0, 0, 0))
            .Append(new DeviceMemory(true, -1, 0, 0, 0, 0));
        return new MemoryEstimate(devices.ToArray(), FlashAttention: true, Accuracy.Modelled);
    }

    /// <summary>Cache of a sequence: whole steps of tokens; a window turns round in its own length.</summary>
    private long CacheOf(int length) => _layers.Sum(layer => layer.Kind switch
    {
        CacheKind.State => layer.TokenBytes,
        CacheKind.Window =>
            layer.TokenBytes * Math.Min(Up(length), Up(layer.Window + BatchedTokens)),
        _ => layer.TokenBytes * Up(length),
    });

    private long PeakOf(int length)
    {
        var metadata = _question.Model.Metadata;
        var tokens = Math.Min(BatchedTokens, length);
        var width = metadata.Integer("embedding_length", 0);
        var used = metadata.Integer("expert_used_count", 0);
        var experts = used * (width + metadata.Integer("expert_feed_forward_length", 0));
        var vocabulary = metadata.Integer("vocab_size", 0);
        var logits = Half * vocabulary * tokens;
        var flow = (long)tokens * Half * ((2 * width) + experts);
        return flow + Math.Max(logits, ScoreBytes(metadata, tokens, length));
    }

    /// <summary>Scores of one layer where no kernel is fused: heads wider than 128, latent attention.</summary>
    private long ScoreBytes(ModelMetadata metadata, long tokens, long length)
    {
        var shape = ModelShapes.Of(_question.Model);
        long heads = 0;
        foreach (var count in shape.Heads) heads = Math.Max(heads, count);
        if (metadata.Has("attention.kv_lora_rank")) return Single * heads * tokens * length;
        return shape.KeyLength > FusedHead ? Half * heads * tokens * length : 0;
    }

    /// <summary>Every matrix in groups of 64 with a scale and a bias at 16 bit, embeddings and output too.</summary>
    private static long Weights(ModelDefinition model, string? quantization)
    {
        var bits = MlxFormats.BitsOf(quantization);
        long sum = 0;
        foreach (var tensor in model.Tensors)
        {
            var isNorm = tensor.Name.IndexOf("norm", StringComparison.Ordinal) >= 0;
            var isMatrix = tensor.N1 > 1 && tensor.N0 % GroupStep == 0 && !isNorm;
            sum += (long)(tensor.Elements * (isMatrix ? bits : 8 * Half) / 8);
        }

        return sum;
    }

    private static long Up(long tokens) => (tokens + Step - 1) / Step * Step;
}

/// <summary>
/// Bits of a number in MLX's own quantizations: groups of 64 with a scale and a bias of 16 bit each (mlx: quantize);
/// the floating-point ones have one scale of 8 bit.
/// </summary>
internal static class MlxFormats
{
    private static readonly Dictionary<string, double> Formats = new(StringComparer.OrdinalIgnoreCase)
    {
        ["MLX-2bit"] = 2.5, ["MLX-3bit"] = 3.5, ["MLX-4bit"] = 4.5, ["MLX-5bit"] = 5.5, ["MLX-6bit"] = 6.5,
        ["MLX-8bit"] = 8.5, ["MXFP4"] = 4.25, ["NVFP4"] = 4.5, ["MXFP8"] = 8.25, ["FP8"] = 8,
    };

    /// <summary>Bits of a number with its part of scale and bias; 16 for what is not quantized.</summary>
    public static double BitsOf(string? quantization) =>
        quantization is not null && Formats.TryGetValue(quantization, out var bits) ? bits : 16;
}
