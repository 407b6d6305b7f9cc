using System.Globalization;
using System.Text.RegularExpressions;
using ModelFit.Catalog;
using ModelFit.Fit;
using ModelFit.Runtimes;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Fit;

/// <summary>Accuracy is a promise: what is said of how the figures are known.</summary>
public sealed class KnowledgeTests
{
    [Fact]
    public void A_standard_quantization_that_was_asked_for_rests_on_nothing()
    {
        var answer = Test(Question("qwen3-8b", "RTX 3090") with { Quantization = "Q4_K_M" });
        Assert.Equal("Exact", answer.Accuracy);
        Assert.Null(answer.Assumptions);
    }

    [Fact]
    public void What_nobody_said_is_a_default_and_lowers_nothing()
    {
        var answer = Test(Question("qwen3-8b", "RTX 3090") with { IsContextSupposed = true });
        Assert.Equal("Exact", answer.Accuracy);
        Assert.Equal("default: quantization Q4_K_M; default: context of 8192 tokens", answer.Assumptions);
    }

    [Theory]
    [InlineData("deepseek-r1", "deepseek-ai/DeepSeek-R1-0528-Qwen3-8B")]
    [InlineData("mistral:latest", "mistralai/Mistral-7B-Instruct-v0.3")]
    [InlineData("qwen3-8b", null)]
    [InlineData("deepseek-r1:8b", null)]
    public void A_name_that_says_no_size_says_which_it_is_taken_for(string name, string? id)
    {
        var answer = Test(Question(name, "RTX 3090") with { Quantization = "Q4_K_M" });
        var supposed = $"default: Resolved '{name}' to '{id}', the default of that name";
        Assert.Equal(id is null ? null : supposed, answer.Assumptions);
    }

    [Theory]
    [InlineData("RX 7900 XTX", ModelRuntime.LlamaCpp)]
    [InlineData("Apple M4 Max 64GB", ModelRuntime.LlamaCpp)]
    [InlineData("RTX 3090", ModelRuntime.Ollama)]
    [InlineData("RTX 3090", ModelRuntime.Vllm)]
    public void What_was_not_compared_is_a_guess(string gpu, ModelRuntime runtime)
    {
        var answer = Test(Question("qwen3-8b", gpu) with { Options = new RuntimeOptions { Runtime = runtime } });
        Assert.NotEqual("Exact", answer.Accuracy);
        Assert.Contains("guess: ", answer.Assumptions, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_beside_the_model_is_a_guess()
    {
        var file = new CompanionFile(CompanionKind.Projector, "mmproj.gguf", 1 << 30);
        var question = Question("qwen3-8b", "RTX 3090");
        var answer = Test(question with { Companions = new EquatableArray<CompanionFile>([file]) });
        Assert.Equal("Approximate", answer.Accuracy);
        Assert.Contains("guess: the compute memory of the projector", answer.Assumptions, StringComparison.Ordinal);
    }

    [Fact]
    public void Drafting_by_layers_that_a_model_has_not_is_a_guess()
    {
        var question = Question("qwen3-8b", "RTX 3090");
        var answer = Test(question with { Options = question.Options with { Speculation = new Speculation() } });
        Assert.Equal("Approximate", answer.Accuracy);
        Assert.Contains("guess: this model has no known layers for drafting", answer.Assumptions,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("llama-server -m qwen3-8b-q4_k_m.gguf -c 8192 -np 1 --rpc host:50052")]
    [InlineData("llama-server -m qwen3-8b-q4_k_m.gguf -c 8192 -np 1 --lora-scaled a.gguf")]
    public void What_a_line_loads_and_is_not_counted_ends_Exact(string line)
    {
        var read = LaunchReader.Parse(line, NullSink.Instance).ApplyTo(Question("qwen3-8b", "RTX 3090"));
        foreach (var (accuracy, assumptions) in Known(read))
        {
            Assert.Equal("Approximate", accuracy);
            Assert.Contains("is not counted", assumptions, StringComparison.Ordinal);
        }
    }

    /// <summary>Questions over models, cards, runtimes, settings, files and lines, of a fixed seed.</summary>
    [Fact]
    public void No_answer_is_Exact_with_a_guess_or_something_uncounted()
    {
        var random = new Random(20261130);
        T Any<T>(params T[] values) => values[random.Next(values.Length)];
        var models = ModelCatalog.All.Where(model => model.Layout is not null).ToArray();
        for (var i = 0; i < 60; i++)
        {
            var question = new FitQuestion
            {
                Model = Any(models),
                Quantization = Any(null, "Q4_K_M", "Q8_0", "IQ4_XS", "UD-Q4_K_XL", "BF16"),
                Machine = Machines.Of(
                    Any("RTX 3090", "2x RTX 3090", "RX 7900 XTX", "Apple M4 Max 64GB", "Arc A770 16GB"), 64),
                Options = new RuntimeOptions
                {
                    ContextLength = 512, Runtime = Any(ModelRuntime.LlamaCpp, ModelRuntime.Ollama),
                },
                IsContextSupposed = Any(true, false),
                Uncounted = Any(null, null, new EquatableArray<string>(["--rpc"])),
            };
            foreach (var (accuracy, assumptions) in Known(question)) Check(accuracy, assumptions, question);
        }
    }

    /// <summary>
    /// Lines over programs, files beside the model, drafters, workers, presets and words that nobody knows, of a fixed
    /// seed: what is loaded and not counted ends Exact, what does not load anything does not.
    /// </summary>
    [Fact]
    public void No_line_is_Exact_with_something_uncounted()
    {
        string[] loading =
        [
            "--lora a.gguf", "--lora-scaled a.gguf:0.5", "--mmproj p.gguf", "-mmu https://h/p.gguf",
            "--control-vector v.gguf", "--rpc h:50052", "--models-dir d", "--models-preset absent.ini",
            "-md nobody-knows.gguf", "-hfd a/b-GGUF", "--spec-type draft-eagle3", "--spec-type draft-dflash",
            "--spec-type draft-mtp", "--spec-type draft-unheard", "--an-option-of-2027 3", "-bs",
        ];
        string[] harmless =
        [
            "--port 8081", "--jinja", "-t 8", "--temp 0.7", "--spec-type ngram-mod", "-fa on", "-ub 256", "--no-mmproj",
            "-ctk q8_0", "--api-key secret", "-cb", "--mlock",
        ];
        var random = new Random(20261201);
        string Any(params string[] values) => values[random.Next(values.Length)];
        for (var i = 0; i < 120; i++)
        {
            var (isLoading, program) = (random.Next(2) == 0, Any("llama-server", "llama-cli", "llama serve"));
            var words = Enumerable.Range(0, random.Next(4)).Select(_ => Any(harmless)).ToList();
            if (isLoading) words.Insert(random.Next(words.Count + 1), Any(loading));
            var line = $"{program} -m qwen3-8b-q4_k_m.gguf -c 4096 -np 1 {string.Join(' ', words)}";
            var asked = Question("qwen3-8b", Any("RTX 3090", "2x RTX 3060 12GB")) with { Quantization = "Q4_K_M" };
            var read = LaunchReader.Parse(line, NullSink.Instance).ApplyTo(asked);
            foreach (var (accuracy, assumptions) in Known(read))
            {
                Check(accuracy, assumptions, read);
                Assert.Equal((line, isLoading), (line, accuracy != "Exact"));
            }
        }
    }

    /// <summary>The same of what is known beside a model: its bytes are counted, how well is said.</summary>
    [Theory]
    [InlineData(false, "RTX 3090")]
    [InlineData(true, "RTX 3090")]
    [InlineData(true, "2x RTX 3090")]
    [InlineData(true, "RX 7900 XTX")]
    public void What_is_counted_beside_a_model_is_no_guess_about_bytes(bool isDraft, string gpu)
    {
        var question = Question("gemma-3-27b-it", gpu) with { Quantization = "Q4_K_M" };
        var draft = new DraftModel(ModelCatalog.Resolve("gemma-3-1b-it", NullSink.Instance), "Q8_0");
        var projector = Projectors.Of("google/gemma-3-27b-it", null)!;
        question = isDraft
            ? question with { Draft = draft }
            : question with { Companions = new EquatableArray<CompanionFile>([projector]) };
        foreach (var (said, assumptions) in Known(question))
        {
            Assert.NotEqual("Approximate", said);
            Check(said, assumptions, question);
        }
    }

    [Theory]
    [InlineData("qwen3-8b", "RTX 3090", 8192, false)]
    [InlineData("qwen3-32b", "RTX 3060", 8192, false)]
    [InlineData("gemma-3-27b-it", "2x RTX 3090", 32768, false)]
    [InlineData("mixtral-8x22b", "RTX 3090", 4096, false)]
    [InlineData("qwen3-8b", "RTX 3090", 16384, true)]
    [InlineData("qwen3-0.6b", "RTX 3090", 1024, false)]
    public void Parts_that_are_shown_sum_up_to_the_total_that_is_shown(
        string model, string gpu, int context, bool onHost)
    {
        var question = Question(model, gpu) with
        {
            Options = new RuntimeOptions { ContextLength = context, OffloadKv = !onHost },
        };
        var answer = Test(question);
        Assert.Equal(
            answer.RequiredBytes,
            answer.WeightBytes + answer.KvCacheBytes + answer.ComputeBytes + answer.OverheadBytes
                - answer.HostWeightBytes);
        var shown = Regex.Match(answer.Reason, @"needs ([\d.]+) GiB of GPU memory \(([^)]*)\)");
        var parts = Regex.Matches(shown.Groups[2].Value, @"([\d.]+) GiB").Select(part => Number(part.Groups[1]));
        Assert.Equal(Number(shown.Groups[1]), parts.Sum());
    }

    private static decimal Number(Group text) => decimal.Parse(text.Value, CultureInfo.InvariantCulture);

    private static void Check(string accuracy, string? assumptions, FitQuestion question)
    {
        var parts = assumptions?.Split("; ") ?? [];
        Assert.All(parts, part => Assert.Matches("^(default|guess): [^;]+$", part));
        Assert.Equal(accuracy != "Exact", parts.Any(part => part.StartsWith("guess: ", StringComparison.Ordinal)));
        if (question.Uncounted is not null || question.Companions is not null) Assert.NotEqual("Exact", accuracy);
    }

    private static (string Accuracy, string? Assumptions)[] Known(FitQuestion question)
    {
        var (result, plan) = (Test(question), FitEngine.Plan(question, NullSink.Instance));
        var footprint = FitEngine.Measure(question, NullSink.Instance);
        return
        [
            (result.Accuracy, result.Assumptions), (plan.Accuracy, plan.Assumptions),
            (footprint.Accuracy, footprint.Assumptions),
        ];
    }

    private static ModelFitResult Test(FitQuestion question) => FitEngine.Test(question, NullSink.Instance);

    private static FitQuestion Question(string model, string gpu) => new()
    {
        Model = ModelCatalog.Resolve(model, NullSink.Instance), Machine = Machines.Of(gpu, 64),
    };
}
