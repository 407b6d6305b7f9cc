using System;
using System.Collections.Generic;
using System.Globalization;
using ModelFit.Runtimes.LlamaCpp;

namespace ModelFit.Runtimes.Vllm;

/// <summary>vLLM's words that matter to memory (its engine arguments), of <c>vllm serve</c> and the module.</summary>
internal sealed class VllmDialect : LaunchDialect
{
    private VllmDialect()
        : base(ModelRuntime.Vllm, Words())
    {
    }

    /// <summary>The one instance.</summary>
    public static VllmDialect Instance { get; } = new();

    /// <inheritdoc/>
    protected override void ReadBare(LaunchLine line, string text, IMessageSink messages)
    {
        if (text is "serve" or "bench" or "chat" || text.StartsWith("vllm.", StringComparison.Ordinal)) return;
        line.SetModel(line.Model ?? text);
    }

    private static IEnumerable<LaunchWord> Words() => new LaunchWord[]
    {
        Value((line, value) => line.SetModel(value), "--model"),
        Value((line, value) => line.SequenceContext = Tokens(value), "--max-model-len"),
        Value((line, value) => line.TensorParallel = Count(value, 1), "--tensor-parallel-size", "-tp"),
        Value((line, value) => line.MemoryUtilization = Utilization(value), "--gpu-memory-utilization"),
        Value((line, value) => line.ParallelSequences = Count(value, 1), "--max-num-seqs"),
        Value((line, value) => SetBatch(line, Count(value, 1)), "--max-num-batched-tokens"),
        Value((line, value) => SetCache(line, value), "--kv-cache-dtype"),
        Value(SetQuantization, "--quantization", "-q"),
        new(Array.Empty<string>(), "CUDA_VISIBLE_DEVICES", true, LlamaCppDialect.SetDevices),
        new(new[] { "-m" }, null, false, (_, _) => { }),
        new(new[] { "--enforce-eager", "--trust-remote-code" }, null, false, (_, _) => { }),
    };

    private static LaunchWord Value(Action<LaunchLine, string> apply, params string[] names) =>
        new(names, null, true, apply);

    /// <summary>The methods that name a format; others read it from the files.</summary>
    private static void SetQuantization(LaunchLine line, string value) => line.Quantization = value switch
    {
        "awq" or "awq_marlin" => "AWQ",
        "gptq" or "gptq_marlin" => "GPTQ-Int4",
        "fp8" => "FP8",
        "mxfp4" => "MXFP4",
        "bitsandbytes" => "NF4",
        _ => null,
    };

    private static void SetBatch(LaunchLine line, int tokens) =>
        line.Changes.Add(options => options with { BatchSize = tokens, MicroBatchSize = tokens });

    /// <summary>vLLM's 8-bit floating-point caches take as many bytes as eight bits do.</summary>
    private static void SetCache(LaunchLine line, string value)
    {
        var type = value switch
        {
            "auto" or "float16" or "bfloat16" => KvCacheType.F16,
            _ when value.StartsWith("fp8", StringComparison.Ordinal) => KvCacheType.Q8_0,
            _ => throw new FormatException("auto, bfloat16, float16 or fp8"),
        };
        line.Changes.Add(options => options with { KeyCacheType = type, ValueCacheType = type });
    }

    /// <summary>Tokens, with vLLM's suffixes: k is 1000, K is 1024.</summary>
    private static long Tokens(string value)
    {
        var (digits, factor) = value.Length > 0 ? value[value.Length - 1] switch
        {
            'k' => (value.Substring(0, value.Length - 1), 1000),
            'K' => (value.Substring(0, value.Length - 1), 1024),
            _ => (value, 1),
        } : (value, 1);
        return Count(digits, 1) * (long)factor;
    }

    private static double Utilization(string value) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share)
            && share is > 0 and <= 1
            ? share
            : throw new FormatException("a share above 0 and up to 1");
}
