using System;
using System.Collections.Generic;
using System.Globalization;
using ModelFit.Runtimes.LlamaCpp;

namespace ModelFit.Runtimes.SGLang;

/// <summary>SGLang's words that matter to memory (srt/server_args.py).</summary>
internal sealed class SGLangDialect : LaunchDialect
{
    private SGLangDialect()
        : base(Words())
    {
    }

    /// <summary>The one instance.</summary>
    public static SGLangDialect Instance { get; } = new();

    /// <inheritdoc/>
    protected override void ReadBare(LaunchLine line, string text, IMessageSink messages)
    {
        if (text == "serve" || text.StartsWith("sglang.", StringComparison.Ordinal)) return;
        base.ReadBare(line, text, messages);
    }

    private static IEnumerable<LaunchWord> Words() => new LaunchWord[]
    {
        Value((line, value) => line.SetModel(value), "--model-path", "--model"),
        Value((line, value) => line.SequenceContext = Count(value, 1), "--context-length"),
        Value((line, value) => line.TensorParallel = Count(value, 1), "--tp-size", "--tp", "--tensor-parallel-size"),
        Value((line, value) => line.MemoryUtilization = Share(value), "--mem-fraction-static"),
        Value(SetCache, "--kv-cache-dtype"),
        Serving((told, value) => told with { MaxSequences = Count(value, 1) }, "--max-running-requests"),
        Serving((told, value) => told with { MaxBatchedTokens = (int)Integer(value) }, "--chunked-prefill-size"),
        Serving((told, value) => told with { PipelineParallel = Count(value, 1) }, "--pp-size", "--pp"),
        Serving((told, value) => told with { DataParallel = Count(value, 1) }, "--dp-size", "--dp"),
        new(new[] { "--disable-cuda-graph" }, null, false, (line, _) =>
            line.Serving = line.Serving with { Eager = true }),
        new(Array.Empty<string>(), "CUDA_VISIBLE_DEVICES", true, LlamaCppDialect.SetDevices),
        new(new[] { "-m" }, null, false, (_, _) => { }),
    };

    private static LaunchWord Value(Action<LaunchLine, string> apply, params string[] names) =>
        new(names, null, true, apply);

    private static LaunchWord Serving(Func<ServingOptions, string, ServingOptions> change, params string[] names) =>
        new(names, null, true, (line, value) => line.Serving = change(line.Serving, value));

    private static void SetCache(LaunchLine line, string value)
    {
        var type = value.StartsWith("fp8", StringComparison.Ordinal) ? KvCacheType.Q8_0 : KvCacheType.F16;
        line.Changes.Add(options => options with { KeyCacheType = type, ValueCacheType = type });
    }

    private static double Share(string value) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share)
            && share is > 0 and <= 1
            ? share
            : throw new FormatException("a share above 0 and up to 1");
}
