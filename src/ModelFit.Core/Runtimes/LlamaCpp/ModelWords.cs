namespace ModelFit.Runtimes.LlamaCpp;

/// <summary>
/// Words that name a model with its settings (<c>--gpt-oss-20b-default</c>; common/arg.cpp, its last options).
/// </summary>
internal static class ModelWords
{
    private const int Fim = 1024;

    private static readonly Row[] Rows =
    {
        new("--embd-gemma-default", "ggml-org/embeddinggemma-300M-qat-q4_0-GGUF", Sequences: 32, Context: 32 * 2048,
            Batch: 2048, MicroBatch: 2048, Embeds: true),
        new("--fim-qwen-1.5b-default", "ggml-org/Qwen2.5-Coder-1.5B-Q8_0-GGUF", Batch: Fim, MicroBatch: Fim),
        new("--fim-qwen-3b-default", "ggml-org/Qwen2.5-Coder-3B-Q8_0-GGUF", Batch: Fim, MicroBatch: Fim),
        new("--fim-qwen-7b-default", "ggml-org/Qwen2.5-Coder-7B-Q8_0-GGUF", Batch: Fim, MicroBatch: Fim),
        new("--fim-qwen-7b-spec", "ggml-org/Qwen2.5-Coder-7B-Q8_0-GGUF", Batch: Fim, MicroBatch: Fim,
            Draft: "ggml-org/Qwen2.5-Coder-0.5B-Q8_0-GGUF"),
        new("--fim-qwen-14b-spec", "ggml-org/Qwen2.5-Coder-14B-Q8_0-GGUF", Batch: Fim, MicroBatch: Fim,
            Draft: "ggml-org/Qwen2.5-Coder-0.5B-Q8_0-GGUF"),
        new("--fim-qwen-30b-default", "ggml-org/Qwen3-Coder-30B-A3B-Instruct-Q8_0-GGUF", Batch: Fim, MicroBatch: Fim),
        new("--gpt-oss-20b-default", "ggml-org/gpt-oss-20b-GGUF", Sequences: 2, Context: 2 * 131_072,
            Batch: 32_768, MicroBatch: 2048),
        new("--gpt-oss-120b-default", "ggml-org/gpt-oss-120b-GGUF", Sequences: 2, Context: 2 * 131_072,
            Batch: 32_768, MicroBatch: 2048),
        new("--vision-gemma-4b-default", "ggml-org/gemma-3-4b-it-qat-GGUF"),
        new("--vision-gemma-12b-default", "ggml-org/gemma-3-12b-it-qat-GGUF"),
    };

    public static IEnumerable<LaunchWord> All => Rows.Select(row =>
        new LaunchWord(new[] { row.Word }, null, false, (line, _) => row.ApplyTo(line)));

    private sealed record Row(
        string Word,
        string Repository,
        int? Sequences = null,
        int? Context = null,
        int? Batch = null,
        int? MicroBatch = null,
        string? Draft = null,
        bool Embeds = false)
    {
        public void ApplyTo(LaunchLine line)
        {
            line.Model = Repository;
            line.ModelIsPath = false;
            line.IsFetched = true;
            line.ParallelSequences = Sequences ?? line.ParallelSequences;
            line.TotalContext = Context ?? line.TotalContext;
            line.Change(options => options with
            {
                BatchSize = Batch ?? options.BatchSize,
                MicroBatchSize = MicroBatch ?? options.MicroBatchSize,
                OutputCount = Embeds ? 0 : options.OutputCount,
                Embeds = Embeds || options.Embeds,
            });
            if (Draft is null) return;
            line.Draft.HasModel = true;
            line.DraftModel = Draft;
        }
    }
}
