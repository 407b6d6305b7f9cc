using System.Globalization;
using ModelFit.Catalog;
using ModelFit.Fit;
using ModelFit.Models;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Fit;

/// <summary>The ranking is one that a person could have made: nothing old, untuned or slow at its top.</summary>
public sealed class FinderTests
{
    private const double ReadingSpeed = 5;

    [Theory]
    [InlineData("RTX 3090", null, 7)]
    [InlineData("H100 80GB", null, 27)]
    [InlineData(null, 32.0, 1.5)]
    public void The_first_ten_are_what_one_would_try(string? gpus, double? memory, double leastBillions)
    {
        var all = ModelCatalog.All.Where(model => ModelCatalog.IsFor(model, ModelKinds.Conversing));
        var found = Find(gpus, memory, models: all);
        var first = found.Take(10).ToArray();
        Assert.Equal(Enumerable.Range(1, found.Count), found.Select(answer => answer.Rank!.Value));
        Assert.Equal(first.Length, first.Select(answer => answer.Model).Distinct().Count());
        Assert.All(first, answer => Assert.False(ModelWorth.IsBase(ModelOf(answer)), answer.Model));
        Assert.All(first, answer => Assert.True(answer.DecodeTokensPerSecond is null or >= ReadingSpeed, answer.Model));
        Assert.All(first, answer => Assert.True(answer.ParameterCount >= leastBillions * 1e9, answer.Model));
        Assert.InRange(first.Count(answer => YearOf(answer) >= 2025), 4, 10);
    }

    /// <summary>Cards of 8 to 96 GB, a laptop and a server of two sockets, with and without system memory.</summary>
    [Theory]
    [InlineData("RTX 4060", null)]
    [InlineData("RTX 3060 12GB", null)]
    [InlineData("RTX 3060 12GB", 64.0)]
    [InlineData("RTX 5080", null)]
    [InlineData("RTX 3090", 64.0)]
    [InlineData("L40S", null)]
    [InlineData("RTX PRO 6000", null)]
    [InlineData("RTX 4070 Laptop GPU", 32.0)]
    [InlineData(null, 512.0)]
    public void A_ranking_is_led_by_what_answers_well_and_soon(string? gpus, double? memory)
    {
        var found = Find(gpus, memory);
        var first = found.Take(10).ToArray();
        Assert.All(first, answer =>
            Assert.True(answer.QualityLoss is null or < 30, $"{answer.Model} {answer.Quantization}"));
        Assert.All(first, answer => Assert.NotEqual("Approximate", answer.Accuracy));
        var tiny = found.FirstOrDefault(answer => answer.ParameterCount < 1e9)?.Rank ?? int.MaxValue;
        Assert.All(
            found.Where(answer => answer is { ParameterCount: > 20_000_000_000, DecodeTokensPerSecond: > 30 }
                && answer is { QualityLoss: < 10, Accuracy: not "Approximate" }
                && !ModelWorth.IsBase(ModelOf(answer)) && YearOf(answer) >= 2025),
            answer => Assert.True(answer.Rank < tiny, $"{answer.Model} is {answer.Rank}, behind {tiny}"));
    }

    /// <summary>Models that one would try first, and others that are old, untuned or for something else.</summary>
    private static readonly string[] Known =
    [
        "Qwen/Qwen3.5-9B", "Qwen/Qwen3.8-27B", "google/gemma-4-12B-it", "google/gemma-4-31B-it", "Qwen/Qwen3.6-35B-A3B",
        "Qwen/Qwen3.5-122B-A10B", "openai/gpt-oss-120b", "Qwen/Qwen3-4B", "meta-llama/Llama-3.1-8B-Instruct",
        "meta-llama/Llama-2-7b-chat-hf", "meta-llama/Llama-2-70b-chat-hf", "mistralai/Mistral-Large-Instruct-2407",
        "allenai/Olmo-3-1125-32B", "meta-llama/Llama-Guard-3-8B", "Qwen/Qwen3-Embedding-4B",
    ];

    [Theory]
    [InlineData("RTX 4060", null, "Qwen/Qwen3.5-9B google/gemma-4-12B-it")]
    [InlineData("RTX 3060 12GB", null, "google/gemma-4-12B-it Qwen/Qwen3.5-9B")]
    [InlineData("RTX 3060 12GB", 64.0, "Qwen/Qwen3.6-35B-A3B google/gemma-4-12B-it")]
    [InlineData("RTX 5080", null, "Qwen/Qwen3.8-27B")]
    [InlineData("RTX 3090", null, "Qwen/Qwen3.8-27B google/gemma-4-31B-it")]
    [InlineData("RTX 3090", 64.0, "Qwen/Qwen3.8-27B google/gemma-4-31B-it")]
    [InlineData("L40S", null, "Qwen/Qwen3.8-27B google/gemma-4-31B-it")]
    [InlineData("RTX PRO 6000", null, "Qwen/Qwen3.8-27B Qwen/Qwen3.5-122B-A10B")]
    [InlineData("RTX 4070 Laptop GPU", 32.0, "Qwen/Qwen3.6-35B-A3B")]
    [InlineData(null, 512.0, "Qwen/Qwen3.6-35B-A3B Qwen/Qwen3.5-122B-A10B openai/gpt-oss-120b")]
    public void What_one_would_try_is_on_top_and_what_nobody_would_is_not(string? gpus, double? memory, string top)
    {
        var models = Known.Select(name => ModelCatalog.Resolve(name, NullSink.Instance))
            .Where(model => ModelKinds.Conversing.Contains(ModelCatalog.KindOf(model)));
        var found = Find(gpus, memory, models: models);
        Assert.Contains(found[0].Model, top.Split(' '));
        Assert.DoesNotContain(found, answer => answer.Model is "allenai/Olmo-3-1125-32B"
            or "meta-llama/Llama-Guard-3-8B" or "Qwen/Qwen3-Embedding-4B");
        Assert.DoesNotContain(
            found.Take(3),
            answer => answer.Model!.Contains("Llama-2", StringComparison.Ordinal) || YearOf(answer) < 2024);
    }

    [Fact]
    public void Two_bits_of_a_large_model_are_no_better_than_four_of_a_small_one()
    {
        var large = ModelCatalog.Resolve("llama-3.3-70b", NullSink.Instance);
        var small = ModelCatalog.Resolve("qwen3-32b", NullSink.Instance);
        Assert.True(
            ModelWorth.EffectiveSize(large, QualityLosses.Of(large, "UD-IQ2_XXS"))
                < ModelWorth.EffectiveSize(small, QualityLosses.Of(small, "Q4_K_M")));
        Assert.True(QualityLosses.Of(small, "IQ3_M") < QualityLosses.Of(small, "Q3_K_S"));
    }

    /// <summary>Measured at 8B (llama.cpp, tools/perplexity) and at 70B (llama.cpp, pull request 6745).</summary>
    [Theory]
    [InlineData("meta-llama/Llama-3.1-8B-Instruct", "Q4_K_M", 2.428)]
    [InlineData("meta-llama/Llama-3.3-70B-Instruct", "Q4_K_M", 4.83)]
    [InlineData("meta-llama/Llama-3.3-70B-Instruct", "IQ1_S", 249)]
    [InlineData("meta-llama/Llama-3.3-70B-Instruct", "UD-IQ2_XXS", 136)]
    [InlineData("openai/gpt-oss-20b", "MXFP4", 0)]
    public void The_loss_of_a_quantization_depends_on_the_size_of_the_model(
        string model, string name, double percent) =>
        Assert.Equal(
            percent, QualityLosses.Of(ModelCatalog.Resolve(model, NullSink.Instance), name)!.Value, percent * 0.01);

    [Theory]
    [InlineData("Qwen/Qwen3-8B", ModelKind.Chat)]
    [InlineData("Qwen/Qwen3-Coder-30B-A3B-Instruct", ModelKind.Code)]
    [InlineData("bigcode/starcoder2-7b", ModelKind.Base)]
    [InlineData("mistralai/Devstral-Small-2507", ModelKind.Code)]
    [InlineData("Qwen/Qwen3-VL-8B-Instruct", ModelKind.Vision)]
    [InlineData("zai-org/GLM-4.6V", ModelKind.Vision)]
    [InlineData("Qwen/Qwen3-Embedding-4B", ModelKind.Embedding)]
    [InlineData("BAAI/bge-m3", ModelKind.Embedding)]
    [InlineData("google/embeddinggemma-300m", ModelKind.Embedding)]
    [InlineData("meta-llama/Llama-Guard-3-8B", ModelKind.Guard)]
    [InlineData("deepseek-ai/DeepSeek-OCR", ModelKind.Ocr)]
    [InlineData("zai-org/GLM-OCR", ModelKind.Ocr)]
    [InlineData("openai/whisper-large-v3", ModelKind.Speech)]
    [InlineData("Qwen/Qwen3.5-9B-Base", ModelKind.Base)]
    [InlineData("meta-llama/Meta-Llama-3-70B", ModelKind.Base)]
    [InlineData("openai/gpt-oss-20b", ModelKind.Chat)]
    [InlineData("allenai/Olmo-3-1125-32B", ModelKind.Base)]
    [InlineData("allenai/Olmo-3-7B-Think", ModelKind.Chat)]
    [InlineData("qwen3-reranker-4b", ModelKind.Reranker)]
    [InlineData("mistralai/Voxtral-4B-TTS-2603", ModelKind.Speech)]
    public void A_model_is_for_what_its_name_says(string model, ModelKind kind) =>
        Assert.Equal(kind.ToString(), ModelCatalog.Resolve(model, NullSink.Instance).Kind);

    [Fact]
    public void The_newest_are_one_a_family()
    {
        var all = Find("RTX 3090", null);
        var newest = Find("RTX 3090", null, isNewest: true);
        Assert.Equal(all.Select(answer => ModelOf(answer).Family).Distinct().Count(), newest.Count);
        Assert.Equal(newest.Count, newest.Select(answer => ModelOf(answer).Family).Distinct().Count());
        Assert.Equal(Enumerable.Range(1, newest.Count), newest.Select(answer => answer.Rank!.Value));
    }

    [Fact]
    public void A_context_that_was_asked_for_leaves_out_what_cannot_hold_it()
    {
        var found = Find("RTX 4090", null, 65536);
        Assert.NotEmpty(found);
        const int asked = 65536;
        Assert.All(found, answer => Assert.InRange(ModelOf(answer).TrainedContextLength ?? asked, asked, int.MaxValue));
        Assert.All(found, answer => Assert.Equal(asked, answer.ContextLength));
    }

    [Theory]
    [InlineData("Qwen/Qwen3.5-9B-Base", true)]
    [InlineData("swiss-ai/Apertus-8B-2509", true)]
    [InlineData("meta-llama/Meta-Llama-3-70B", true)]
    [InlineData("meta-llama/Meta-Llama-3-70B-Instruct", false)]
    [InlineData("Qwen/Qwen3-8B", false)]
    public void A_model_that_only_continues_text_is_known(string model, bool isBase) =>
        Assert.Equal(isBase, ModelWorth.IsBase(ModelCatalog.Resolve(model, NullSink.Instance)));

    private static IReadOnlyList<ModelFitResult> Find(
        string? gpus,
        double? memory,
        int? context = null,
        bool isNewest = false,
        IEnumerable<ModelSpec>? models = null) =>
        FitEngine.Find(
            new FitQuestion
            {
                Model = ModelCatalog.All[0],
                Machine = Machines.Of(gpus, memory),
                Options = new RuntimeOptions { ContextLength = context ?? new RuntimeOptions().ContextLength },
            },
            models ?? ModelCatalog.All.Where(IsSampled),
            null,
            null,
            NullSink.Instance,
            TestContext.Current.CancellationToken,
            isNewest);

    /// <summary>A quarter of the catalog, by the names: a model that is added leaves the others as they were.</summary>
    private static bool IsSampled(ModelSpec model) => model.Name.Sum(letter => letter) % 4 == 0;

    private static ModelSpec ModelOf(ModelFitResult answer) =>
        ModelCatalog.All.First(model => model.Name == answer.Model);

    private static int YearOf(ModelFitResult answer) =>
        int.Parse(ModelCatalog.Released(ModelOf(answer))?.Split('-')[0] ?? "2024", CultureInfo.InvariantCulture);
}
