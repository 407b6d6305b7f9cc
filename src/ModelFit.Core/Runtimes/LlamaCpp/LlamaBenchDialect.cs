using ModelFit.Models;
using ModelFit.Questions;

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
        As(values => values.OrderBy(value => Count(value, 0)).First(), "-ncmoe", "--n-cpu-moe"),
        As(null, "-m", "--model"),
        As(null, "-hf", "-hfr", "--hf-repo"),
        As(null, "-hff", "--hf-file"),
        As(Largest, "-ctk", "--cache-type-k"),
        As(Largest, "-ctv", "--cache-type-v"),
        As(values => values.FirstOrDefault(value => value is "0" or "off") ?? values[0], "-fa", "--flash-attn"),
        As(null, "-ts", "--tensor-split"),
        As(values => values[0], "-sm", "--split-mode"),
        As(values => values[0], "-mg", "--main-gpu"),
        As(null, "-dev", "--device"),
        As(null, "-ot", "--override-tensor"),
        Switch((options, on) => options with { MemoryMap = on }, "-mmp", "--mmap"),
        Switch((options, on) => options with { OffloadKv = !on }, "-nkvo", "--no-kv-offload"),
        Switch((options, on) => options with { OffloadOperations = !on }, "-nopo", "--no-op-offload"),
        Switch((options, _) => options, "-embd", "--embeddings"),
        Shown(ModelRuntime.LlamaCpp),
    };

    /// <summary>
    /// A word that means what the other programs' word means, for the one of a list that takes most; null where a comma
    /// makes no list.
    /// </summary>
    private static LaunchWord As(Func<string[], string>? most, string word, params string[] names)
    {
        var known = LlamaCppDialect.Instance.Renamed(word, names.Prepend(word).ToArray());
        return Value(
            (line, value) => known.Apply(line, most is null ? value.Replace(';', ',') : most(value.Split(','))),
            known.Names);
    }

    private static string Largest(string[] types) =>
        types.OrderByDescending(type => Named<KvCacheType>(type).Numbers().BitsPerWeight()).First();

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
