using System.Globalization;

namespace ModelFit.Speed.Benchmarks;

/// <summary>The fields of one record, by name, and the rows that they say.</summary>
internal static class BenchmarkRecord
{
    /// <summary>The rows of a record; none where it is no measurement of a known kind.</summary>
    public static IEnumerable<BenchmarkRow> Rows(IReadOnlyDictionary<string, string> fields)
    {
        if (fields.ContainsKey("avg_ts") && fields.ContainsKey("n_prompt")) return LlamaBench(fields);
        if (fields.ContainsKey("speed_tg") && fields.ContainsKey("pl")) return Batched(fields);
        if (fields.ContainsKey("predicted_per_second")) return Timings(fields);
        if (fields.ContainsKey("mean_tpot_ms") && fields.ContainsKey("mean_ttft_ms")) return Vllm(fields);
        if (fields.ContainsKey("gen_tps") && fields.ContainsKey("prompt_tps")) return LocalScore(fields);
        return Enumerable.Empty<BenchmarkRow>();
    }

    /// <summary>llama-bench <c>-o json</c>, <c>jsonl</c>, <c>csv</c> (tools/llama-bench, test::get_fields).</summary>
    private static IEnumerable<BenchmarkRow> LlamaBench(IReadOnlyDictionary<string, string> fields)
    {
        var prompt = Count(fields, "n_prompt");
        var written = Count(fields, "n_gen");
        if ((prompt > 0) == (written > 0)) yield break;
        yield return new BenchmarkRow
        {
            Model = Text(fields, "model_filename") ?? Text(fields, "model_type"),
            Gpu = Text(fields, "gpu_info")?.Replace(", ", " + "),
            Backend = Text(fields, "backends") ?? Text(fields, "backend"),
            IsDecode = written > 0,
            Tokens = Math.Max(prompt, written),
            Depth = Count(fields, "n_depth"),
            MicroBatch = fields.ContainsKey("n_ubatch") ? Count(fields, "n_ubatch") : null,
            FlashAttention = Text(fields, "flash_attn") switch
            {
                "1" or "true" or "True" => true,
                "0" or "false" or "False" => false,
                _ => null,
            },
            TokensPerSecond = Number(fields, "avg_ts"),
        };
    }

    /// <summary>llama-batched-bench <c>--output-format jsonl</c> and its table.</summary>
    private static IEnumerable<BenchmarkRow> Batched(IReadOnlyDictionary<string, string> fields)
    {
        var users = Math.Max(1, Count(fields, "pl"));
        var prompt = Count(fields, "pp");
        yield return new BenchmarkRow
        {
            IsDecode = true,
            Tokens = Count(fields, "tg"),
            Depth = prompt,
            Users = users,
            TokensPerSecond = Number(fields, "speed_tg") / users,
        };
        if (users == 1) yield return new BenchmarkRow { Tokens = prompt, TokensPerSecond = Number(fields, "speed_pp") };
    }

    /// <summary>The <c>timings</c> of llama-server's answers.</summary>
    private static IEnumerable<BenchmarkRow> Timings(IReadOnlyDictionary<string, string> fields)
    {
        var prompt = Count(fields, "prompt_n");
        var row = new BenchmarkRow { Model = Text(fields, "model"), Depth = Count(fields, "cache_n") };
        yield return row with
        {
            IsDecode = true,
            Tokens = Count(fields, "predicted_n"),
            Depth = prompt + row.Depth,
            TokensPerSecond = Number(fields, "predicted_per_second"),
        };
        if (prompt > 0)
            yield return row with { Tokens = prompt, TokensPerSecond = Number(fields, "prompt_per_second") };
    }

    /// <summary><c>vllm bench serve --save-result</c>.</summary>
    private static IEnumerable<BenchmarkRow> Vllm(IReadOnlyDictionary<string, string> fields)
    {
        var requests = Math.Max(1, Number(fields, "completed"));
        yield return new BenchmarkRow
        {
            Model = Text(fields, "model_id"),
            IsDecode = true,
            Program = "vllm",
            Tokens = (int)(Count(fields, "total_output_tokens") / requests),
            Depth = (int)(Count(fields, "total_input_tokens") / requests),
            Users = Math.Max(1, Count(fields, "max_concurrency")),
            TokensPerSecond = 1000 / Number(fields, "mean_tpot_ms"),
        };
    }

    /// <summary>A result of LocalScore (llamafile).</summary>
    private static IEnumerable<BenchmarkRow> LocalScore(IReadOnlyDictionary<string, string> fields)
    {
        var prompt = Count(fields, "n_prompt");
        var row = new BenchmarkRow
        {
            Model = Text(fields, "model"), Gpu = Text(fields, "gpu"), FlashAttention = false,
        };
        yield return row with
        {
            IsDecode = true,
            Tokens = Count(fields, "n_gen"),
            Depth = prompt,
            TokensPerSecond = Number(fields, "gen_tps"),
        };
        if (prompt > 0) yield return row with { Tokens = prompt, TokensPerSecond = Number(fields, "prompt_tps") };
    }

    private static string? Text(IReadOnlyDictionary<string, string> fields, string name) =>
        fields.TryGetValue(name, out var text) && text.Trim().Length > 0 ? text.Trim() : null;

    /// <summary>A count; 0 for what is none that a benchmark has.</summary>
    private static int Count(IReadOnlyDictionary<string, string> fields, string name) =>
        Number(fields, name) is >= 0 and <= 1 << 30 and var count ? (int)count : 0;

    private static double Number(IReadOnlyDictionary<string, string> fields, string name) =>
        Text(fields, name) is { } text
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : 0;
}
