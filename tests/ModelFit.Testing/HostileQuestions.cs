using ModelFit.Catalog;
using ModelFit.Fit;
using ModelFit.Hardware;
using ModelFit.Questions;
using ModelFit.Runtimes;

namespace ModelFit.Testing;

/// <summary>
/// Questions of a seed, with values that nobody should type and launch lines that nobody should run; and what is wrong
/// with their answers.
/// </summary>
internal static class HostileQuestions
{
    private static readonly string[] Models =
    [
        "pythia-14m", "qwen3-8b", "qwen3-30b-a3b", "gpt-oss-20b", "gemma-3-4b-it", "mamba-130m", "deepseek-v3",
        "mixtral-8x22b", "hf.co/unsloth/Qwen3-8B-GGUF:UD-Q4_K_XL", "qwen", "*", "[", "", "..", "qwen3-8b-Q9",
        "a/b/c", "hf://", "\\\\host\\share", "\u202egguf.exe", "x.gguf", "http://[::1", "ollama://a:b:c",
        "qwen3-8b\n", "CON", "nul", "%s%n",
    ];

    private static readonly string[] Cards =
    [
        "RTX 3090", "2x RTX 3090", "3090 + 3060", "RTX 4070", "Apple M4 Max 64GB", "RX 7900 XTX", "B200", "GTX 970",
        "16x H100", "256x 3090", "257x 3090", "0x 3090", "999999999999x 3090", "x", "+", ",", "3090,", "(",
        "3090 (1 B)", "3090 (9999999 TiB)", "24GB", "-1GB", "1e30GB", "RTX 3090 x\u0663", "\u0000", "Arc A770",
        "Strix Halo", "2x 2x 3090", "3090 x2 x2",
    ];

    private static readonly object?[] Values =
    [
        null, "", " ", "0", "-1", "1", "8192", "32k", "1M", "2147483647", "2147483648", "9223372036854775807",
        "1e9", "1e400", "NaN", "Infinity", "0.5", "1,5", "\u0663\u0662", "24GB", "24 GiB", "5000PB", "64GB", "8GB",
        "1TB/s", "89.6GB/s", "9e99GB/s", "[N/A]", "true", "F16", "q8_0", "Q4_K_M", "IQ2_XXS", "MXFP4", "AWQ",
        "exl3", "*", "?", "[a", "q*", "llama.cpp", "vllm", "Ollama", "SGLang", "auto", "on", "off", "250W", "-5W",
        "b9400", "0.12.3", "99999999999999999999", new string('9', 400), 0, 1, -1, 512, 4096, 131072, int.MaxValue,
        int.MinValue, long.MaxValue, 0.1, double.NaN, double.PositiveInfinity, 1e300, decimal.MaxValue, true,
        new object(), new int[] { 1, 2 }, DateTime.MinValue, ulong.MaxValue, 'x',
    ];

    private static readonly string[] Words =
    [
        "llama-server", "llama-cli", "llama-bench", "vllm serve", "python -m sglang.launch_server", "ollama run",
        "lms load", "mlx_lm.generate", "docker run --gpus all", "-m", "-hf", "-c", "--ctx-size", "-ngl", "-np",
        "-ub", "-b", "-ctk", "-ctv", "-fa", "-ts", "-sm", "-mg", "-ot", "--n-cpu-moe", "--cpu-moe", "-kvu", "-md",
        "--rpc", "--spec-type", "-fitt", "-fit", "--max-model-len", "--gpu-memory-utilization", "--max-num-seqs",
        "-tp", "--tensor-parallel-size", "--dtype", "--quantization", "--kv-cache-dtype", "--context-length",
        "--mem-fraction-static", "qwen3-8b-Q4_K_M.gguf", "Qwen/Qwen3-8B", "8192", "0", "-1", "99", "auto", "1,2",
        "1,,2", "0.9", "1.5", "1e400", "q8_0", "layer", "row", "tensor", "none", "999999999999", "2147483647", "\"",
        "'", "\\", "\"unclosed", "$(x)", "`x`", "${A:-b}", "$A", "%PATH%", "&&", ";", "|", ">", "#", "--", "-", "=",
        "--x=", "LLAMA_ARG_CTX_SIZE=4096", "A=", "\u0000", "\u001b[2J", "\n", "\r\n", "blk\\.(.*)=CPU",
        "(a+)+$=CUDA0", "[=CPU", "\u0663", "PARAMETER num_ctx 4096", "FROM x", "services:",
        "  image: vllm/vllm-openai:v0.9.0", "    command: --max-model-len 4096",
    ];

    /// <summary>What is wrong with the answers to the question of a seed; null if nothing is.</summary>
    public static string? Problem(int seed)
    {
        var random = new Random(seed);
        T Any<T>(IReadOnlyList<T> values) => values[random.Next(values.Count)];
        return Answered(() =>
        {
            var question = Asked(PublishedModels.Resolve(Any(Models), NullSink.Instance), random);
            foreach (var part in QuestionParts.All.Where(part => part is { Read: not null, Set: not null }))
            {
                if (random.Next(6) == 0 && Read(part, Any(Values)) is { } value) question = part.Set!(question, value);
            }

            return question with
            {
                GpuLayers = random.Next(5) == 0 ? Any([0, 1, 20, 99, int.MaxValue]) : null,
                CpuMoeLayers = random.Next(5) == 0 ? Any([0, 3, 99, int.MaxValue]) : null,
                IgnoreUsage = random.Next(4) == 0,
            };
        });
    }

    /// <summary>What is wrong with the answers to the launch line of a seed; null if nothing is.</summary>
    public static string? ProblemOfLine(int seed)
    {
        var random = new Random(seed);
        var line = string.Join(
            random.Next(8) == 0 ? "\n" : " ",
            Enumerable.Range(0, random.Next(1, 14)).Select(_ => Words[random.Next(Words.Length)]));
        return Answered(() =>
        {
            var model = ModelCatalog.Resolve(random.Next(2) == 0 ? "qwen3-8b" : "qwen3-30b-a3b", NullSink.Instance);
            return LaunchReader.Parse(line, NullSink.Instance).ApplyTo(Asked(model, random));
        });
    }

    private static FitQuestion Asked(ModelSpec model, Random random)
    {
        var cards = GpuCatalog.ResolveMany(
            Cards[random.Next(Cards.Length)], random.Next(8) == 0
                ? 1L << random.Next(20, 51)
                : null, NullSink.Instance);
        long? memory = random.Next(3) switch { 0 => null, 1 => 64L << 30, _ => 1L << random.Next(20, 51) };
        return new FitQuestion
        {
            Model = model, Machine = MachineSpecs.Create(cards, memory, GpuCatalogLookup.Instance),
        };
    }

    private static object? Read(QuestionPart part, object? value)
    {
        try
        {
            return part.Read!(value);
        }
        catch (ModelFitException)
        {
            return null;
        }
    }

    private static string? Answered(Func<FitQuestion> ask)
    {
        try
        {
            var question = ask();
            var result = FitEngine.Test(question, NullSink.Instance);
            return Contradiction(question, result, FitEngine.Plan(question, NullSink.Instance));
        }
        catch (ModelFitException)
        {
            return null;
        }
        catch (Exception error)
        {
            return error.ToString();
        }
    }

    private static string? Contradiction(FitQuestion question, ModelFitResult result, OffloadPlan plan)
    {
        // What a driver takes of a card is known by an interval only: within it, what is pinned may run.
        var most = question.Machine!.Gpus.Max(card => card.MemoryBytes);
        bool IsOver(DeviceLoad device) => device.HeadroomBytes < 0
            && (device.Kind != "Gpu" || device.TotalBytes - device.OverheadBytes > most);
        var parts = new[]
        {
            result.WeightBytes, result.KvCacheBytes, result.ComputeBytes, result.OverheadBytes, result.HostWeightBytes,
            result.RequiredBytes,
        };
        var runs = plan.Verdict is not ("NoFit" or "Unknown");
        return parts.Any(bytes => bytes < 0) ? $"{result.Model}: negative bytes: {result.Reason}"
            : result.Assumptions?.Contains("guess: ", StringComparison.Ordinal) == true && result.Accuracy == "Exact"
                ? $"{result.Model}: Exact with a guess: {result.Assumptions}"
            : runs && plan.Devices.FirstOrDefault(IsOver) is { } over
                ? $"{result.Model}: {plan.Verdict} with {over.Name} over by {-over.HeadroomBytes}: {plan.Reason}"
            : result.RequiredBytes is { } all && result.WeightBytes is not null && all != Sum(result)
                ? $"{result.Model}: parts do not sum to {all}: {result.Reason}"
            : null;
    }

    private static long? Sum(ModelFitResult result) => result.WeightBytes + result.KvCacheBytes + result.ComputeBytes
        + result.OverheadBytes - (result.HostWeightBytes ?? 0);
}
