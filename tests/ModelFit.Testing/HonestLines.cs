using System.Globalization;
using System.IO;
using ModelFit.Catalog;
using ModelFit.Fit;
using ModelFit.Runtimes;
using ModelFit.Runtimes.LlamaCpp;

namespace ModelFit.Testing;

/// <summary>
/// Lines of a seed with options from all that llama.cpp has, and what is wrong with their answers: Exact with a guess
/// or with something that is not counted, or a plan whose line does not read back to the same bytes.
/// </summary>
internal static class HonestLines
{
    private static readonly string[] Models =
    [
        "-m Qwen3-8B-Q4_K_M.gguf", "-m Qwen3-30B-A3B-Q4_K_M.gguf", "-m gemma-3-4b-it-Q8_0.gguf",
        "-m gpt-oss-20b-mxfp4.gguf", "-m Qwen3.6-27B-Q4_K_M.gguf", "-m Llama-3.2-3B-Instruct-Q6_K.gguf",
        "-hf unsloth/Qwen3.6-27B-GGUF:Q4_K_M", "-hf ggml-org/gpt-oss-20b-GGUF",
        "-hf unsloth/gemma-3-12b-it-GGUF:Q4_K_M", "-m Mixtral-8x7B-Instruct-v0.1-Q4_K_M.gguf",
        "-m granite-4.0-h-tiny-Q4_K_M.gguf", "-m Phi-4-mini-instruct-Q8_0.gguf",
    ];

    private static readonly string[] Cards =
    [
        "RTX 3090", "RTX 3060 12GB", "2x RTX 3090", "RTX 3060 12GB + RTX 3090", "H100 80GB", "RX 7900 XTX",
        "Apple M4 Max 64GB", "RTX 2080", "4x RTX 5060 Ti 16GB", "Arc A770 16GB",
    ];

    /// <summary>Values that options take; the others take a number.</summary>
    private static readonly Dictionary<string, string[]> Values = new(StringComparer.Ordinal)
    {
        ["-c"] = ["4096", "8192", "20000", "0"], ["-b"] = ["512", "2048", "4096"], ["-ub"] = ["128", "512", "1024"],
        ["-np"] = ["1", "2", "4", "-1"], ["-ngl"] = ["0", "10", "99", "auto", "all"], ["-ncmoe"] = ["0", "4", "99"],
        ["-ctk"] = ["f16", "q8_0", "q4_0"], ["-ctv"] = ["f16", "q8_0", "q4_0"], ["-fa"] = ["on", "off", "auto"],
        ["-sm"] = ["layer", "none", "tensor"], ["-ts"] = ["1", "1,1", "3,1"], ["-mg"] = ["0"], ["-dev"] = ["CUDA0"],
        ["-ot"] = ["blk\\.1\\.ffn=CPU", "exps=CPU"], ["-fit"] = ["on", "off"], ["-fitt"] = ["512", "2048"],
        ["-fitc"] = ["2048", "8192"], ["-lm"] = ["auto", "none", "mmap"], ["-lzm"] = ["auto", "on", "off"],
        ["--kv-unified-per-slot"] = ["4096"], ["--pooling"] = ["none", "mean"], ["--rope-scaling"] = ["yarn", "linear"],
        ["--rope-scale"] = ["2", "4"], ["--yarn-orig-ctx"] = ["0", "32768"], ["--rope-freq-scale"] = ["0.5"],
        ["--spec-type"] = ["ngram-mod", "draft-mtp", "ngram-simple", "draft-eagle3", "none"],
        ["--spec-draft-model"] = ["Qwen3-0.6B-Q8_0.gguf", "nobody-knows.gguf"], ["--rpc"] = ["192.0.2.7:50052"],
        ["--spec-draft-hf"] = ["ggml-org/Qwen3-0.6B-GGUF:Q8_0"], ["--spec-draft-type-k"] = ["q8_0"],
        ["--spec-draft-type-v"] = ["q8_0"], ["--spec-draft-device"] = ["none", "CUDA0"], ["-mmdev"] = ["none", "CUDA0"],
        ["-mm"] = ["mmproj-F16.gguf"], ["--lora"] = ["a.gguf"], ["--control-vector"] = ["v.gguf"],
        ["--override-kv"] = ["tokenizer.ggml.add_bos_token=bool:false", "qwen3.expert_used_count=int:4"],
        ["--attention"] = ["causal", "non-causal"],
    };

    /// <summary>What another model is named by: the line would be about that.</summary>
    private static readonly string[] Renaming = ["-m", "-mu", "-dr", "-hf", "-hff", "--models-dir", "--models-preset"];

    /// <summary>How options end that name a model with its settings.</summary>
    private static readonly string[] Presets = ["-default", "-spec"];

    /// <summary>The options that common/arg.cpp of llama.cpp declares (28 September 2026), with what they do.</summary>
    public static readonly IReadOnlyList<string[]> Options = File
        .ReadLines(RepositoryFolder.Path("tests", "data", "launch", "llama-cpp-options.tsv"))
        .Skip(1).Select(line => line.Split('\t')).ToArray();

    /// <summary>What is wrong with the answers to the line of a seed; null if nothing is.</summary>
    public static string? Problem(int seed)
    {
        var random = new Random(seed);
        T Any<T>(IReadOnlyList<T> values) => values[random.Next(values.Count)];
        var words = new List<string> { Any(["llama-server", "llama-server", "llama-cli", "llama serve"]), Any(Models) };
        if (random.Next(2) == 0) words.AddRange(["-c", "4096", "-np", "1"]);
        var isUncounted = false;
        for (var i = random.Next(6); i > 0; i--)
        {
            var row = Any(Options);
            var name = row[0].Split(' ')[0];
            if (Renaming.Contains(name) || Presets.Any(end => name.EndsWith(end, StringComparison.Ordinal))) continue;
            var value = Values.TryGetValue(name, out var known) ? Any(known) : "1";
            isUncounted |= row[4] == "uncounted"
                && value is not ("auto" or "off") && !value.StartsWith("tokenizer.", StringComparison.Ordinal);
            if (row[3].Length > 0 && random.Next(4) == 0) words.Insert(0, $"{row[3]}={value}");
            else words.AddRange(Enumerable.Repeat(value, int.Parse(row[2], CultureInfo.InvariantCulture)).Prepend(
                Any((row[0] + " " + row[1]).Split(' ', StringSplitOptions.RemoveEmptyEntries))));
        }

        if (random.Next(12) == 0)
        {
            isUncounted = true;
            words.AddRange(Any([["--an-option-of-2028", "1"], new[] { "-zz9" }]));
        }

        var line = string.Join(' ', words);
        try
        {
            var problem = Problem(line, isUncounted, Machines.Of(Any(Cards), 96));
            return problem is null ? null : $"{line}\n  {problem}";
        }
        catch (ModelFitException)
        {
            return null;
        }
    }

    private static string? Problem(string line, bool isUncounted, MachineSpec machine)
    {
        var question = Read(line, machine);
        var result = FitEngine.Test(question, NullSink.Instance);
        var sink = new RecordingSink();
        var plan = FitEngine.Plan(question, sink);
        var footprint = FitEngine.Measure(question, NullSink.Instance);
        (string Accuracy, string? Assumptions)[] answers =
        [
            (result.Accuracy, result.Assumptions), (plan.Accuracy, plan.Assumptions),
            (footprint.Accuracy, footprint.Assumptions),
        ];
        foreach (var (accuracy, assumptions) in answers)
        {
            var hasGuess = (assumptions ?? string.Empty).Split("; ").Any(
                part => part.StartsWith("guess: ", StringComparison.Ordinal));
            if (hasGuess == (accuracy == "Exact")) return $"{accuracy} with: {assumptions}";
            if (accuracy == "Exact" && (isUncounted || question.Uncounted is not null))
                return "Exact, but not all is counted";
        }

        var isWhole = question.Uncounted is null && question.Workers is null && sink.Warnings.Count == 0;
        if (!isWhole || plan.CommandLine is null || plan.Verdict is "NoFit" or "Unknown") return null;
        if (LlamaCppProgram.Of(LaunchReader.Parse(line, NullSink.Instance)) != Server) return null;
        var again = FitEngine.Plan(Read($"{plan.Environment} {plan.CommandLine}", machine), NullSink.Instance);
        return Bytes(plan) == Bytes(again) ? null : $"{plan.CommandLine}: {Bytes(plan)} is {Bytes(again)}";
    }

    private static LlamaCppProgram Server => LlamaCppProgram.Of(LaunchReader.Parse("llama-server", NullSink.Instance));

    private static FitQuestion Read(string line, MachineSpec machine)
    {
        var read = LaunchReader.Parse(line, NullSink.Instance);
        return read.ApplyTo(new FitQuestion
        {
            Model = PublishedModels.Resolve(read.KnownFile ?? read.Model!, NullSink.Instance), Machine = machine,
        });
    }

    private static string Bytes(OffloadPlan plan) => string.Join(' ', plan.Devices.Select(
        device => FormattableString.Invariant($"{device.WeightBytes},{device.KvCacheBytes},{device.ComputeBytes}")));
}
