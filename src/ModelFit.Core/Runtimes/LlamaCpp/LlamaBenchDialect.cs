namespace ModelFit.Runtimes.LlamaCpp;

/// <summary>
/// The words of llama-bench (tools/llama-bench/llama-bench.cpp), which are not those of the other programs: most take
/// lists, and switches take 0 or 1. Of a list the test that takes most counts.
/// </summary>
internal sealed class LlamaBenchDialect : LaunchDialect
{
    private LlamaBenchDialect()
        : base("LlamaBench", Words())
    {
    }

    public static LlamaBenchDialect Instance { get; } = new();

    protected override string[] OwnPrefixes => UncountedWords.Prefixes;

    private static IEnumerable<LaunchWord> Words() => new[]
    {
        Value((line, value) => line.Tests.Prompts = BenchTests.Numbers(value), "-p", "--n-prompt"),
        Value((line, value) => line.Tests.Answers = BenchTests.Numbers(value), "-n", "--n-gen"),
        Value((line, value) => line.Tests.Both.Add(BenchTests.Numbers(value).Sum()), "-pg"),
        Value((line, value) => line.Tests.Depths = BenchTests.Numbers(value), "-d", "--n-depth"),
        Value((line, value) => line.IsFit = Count(value, 0) > 0 || line.IsFit == true, "-fitt", "--fit-target"),
        Most((options, most) => options with { BatchSize = most }, "-b", "--batch-size"),
        Most((options, most) => options with { MicroBatchSize = most }, "-ub", "--ubatch-size"),
        Value((line, value) => line.GpuLayers = Layers(value), "-ngl", "--n-gpu-layers"),
        As("-ncmoe", "-ncmoe", "--n-cpu-moe"),
        As("-m", "-m", "--model"),
        As("-hf", "-hf", "-hfr", "--hf-repo"),
        As("-hff", "-hff", "--hf-file"),
        As("-ctk", "-ctk", "--cache-type-k"),
        As("-ctv", "-ctv", "--cache-type-v"),
        As("-fa", "-fa", "--flash-attn"),
        As("-ts", "-ts", "--tensor-split"),
        As("-sm", "-sm", "--split-mode"),
        As("-mg", "-mg", "--main-gpu"),
        As("-dev", "-dev", "--device"),
        As("-ot", "-ot", "--override-tensor"),
        Switch((options, on) => options with { MemoryMap = on }, "-mmp", "--mmap"),
        Switch((options, on) => options with { OffloadKv = !on }, "-nkvo", "--no-kv-offload"),
        Switch((options, on) => options with { OffloadOperations = !on }, "-nopo", "--no-op-offload"),
        Switch((options, _) => options, "-embd", "--embeddings"),
        Shown(ModelRuntime.LlamaCpp),
    };

    private static LaunchWord Value(Action<LaunchLine, string> apply, params string[] names) =>
        new(names, null, true, apply);

    /// <summary>A word that means what the other programs' word means; of a list the first counts.</summary>
    private static LaunchWord As(string word, params string[] names)
    {
        var meaning = LlamaCppDialect.Instance.Meaning(word);
        var isList = word is not ("-ts" or "-dev" or "-ot" or "-m" or "-hf" or "-hff");
        return Value((line, value) => meaning(line, isList ? value.Split(',')[0] : value.Replace(';', ',')), names);
    }

    private static LaunchWord Most(Func<RuntimeOptions, int, RuntimeOptions> change, params string[] names) =>
        Value((line, value) =>
        {
            var most = BenchTests.Numbers(value).Max();
            line.Change(options => change(options, most));
        }, names);

    private static LaunchWord Switch(Func<RuntimeOptions, bool, RuntimeOptions> change, params string[] names) =>
        Value((line, value) =>
        {
            var on = Flag(value.Split(',')[0]);
            line.Change(options => change(options, on));
        }, names);

    private static int Layers(string value) =>
        value.Split(',').Select(text => Integer(text)).Select(layers => layers < 0 ? int.MaxValue : (int)layers).Max();
}
