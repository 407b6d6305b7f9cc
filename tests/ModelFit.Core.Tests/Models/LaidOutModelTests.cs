using ModelFit.Architectures;
using ModelFit.Catalog;
using ModelFit.Common;
using ModelFit.Graph;
using ModelFit.Memory;
using ModelFit.Models;
using ModelFit.Quantization;
using Xunit;

namespace ModelFit.Core.Tests.Models;

public sealed class LaidOutModelTests
{
    /// <summary>
    /// File sizes in GB (10^9 bytes, cut to two decimals) as bartowski's model cards give them for Mixtral-8x22B-v0.1,
    /// Llama-3.1-70B, gemma-2-27b-it and Qwen3-30B-A3B. A file has metadata and padding beside its weights, and the
    /// quantizer was some releases older, hence the tolerance.
    /// </summary>
    [Theory]
    [InlineData("mixtral-8x22b", "Q5_K_M", 99.96)]
    [InlineData("mixtral-8x22b", "Q5_K_S", 96.97)]
    [InlineData("mixtral-8x22b", "Q4_K_M", 85.58)]
    [InlineData("mixtral-8x22b", "IQ4_NL", 80.47)]
    [InlineData("mixtral-8x22b", "IQ4_XS", 76.35)]
    [InlineData("mixtral-8x22b", "Q3_K_L", 72.57)]
    [InlineData("mixtral-8x22b", "Q3_K_M", 67.78)]
    [InlineData("mixtral-8x22b", "IQ3_M", 64.49)]
    [InlineData("mixtral-8x22b", "Q3_K_S", 61.49)]
    [InlineData("mixtral-8x22b", "IQ3_XS", 58.22)]
    [InlineData("mixtral-8x22b", "Q2_K", 52.10)]
    [InlineData("llama-3.1-70b", "Q8_0", 74.98)]
    [InlineData("llama-3.1-70b", "Q6_K", 57.89)]
    [InlineData("llama-3.1-70b", "Q5_K_M", 49.95)]
    [InlineData("llama-3.1-70b", "Q4_K_M", 42.52)]
    [InlineData("llama-3.1-70b", "Q3_K_L", 37.14)]
    [InlineData("llama-3.1-70b", "Q3_K_M", 34.27)]
    [InlineData("llama-3.1-70b", "IQ3_M", 31.94)]
    [InlineData("gemma-2-27b-it", "Q8_0", 28.93)]
    [InlineData("qwen3-30b-a3b", "BF16", 61.10)]
    [InlineData("qwen3-30b-a3b", "Q8_0", 32.48)]
    [InlineData("qwen3-30b-a3b", "Q6_K", 25.10)]
    [InlineData("qwen3-30b-a3b", "Q5_K_M", 21.74)]
    public void Define_weighs_what_the_published_file_weighs(string name, string quantization, double gigabytes)
    {
        const double tolerance = 0.0015;
        var definition = ModelCatalog.Resolve(name, NullSink.Instance).Layout!.Define(quantization, new List<string>());
        Assert.InRange(definition.WeightBytes / 1e9 / gigabytes, 1 - tolerance, 1 + tolerance);
    }

    /// <summary>With an importance matrix, llama-quantize leaves the first layers of IQ4_XS as they are.</summary>
    [Theory]
    [InlineData("IQ4_XS", 37.90)]
    [InlineData("Q4_0", 40.12)]
    public void Apply_knows_the_mixes_with_an_importance_matrix(string quantization, double gigabytes)
    {
        const double tolerance = 0.0015;
        var layout = (LaidOutModel)ModelCatalog.Resolve("llama-3.1-70b", NullSink.Instance).Layout!;
        var unquantized = layout.Define("F16", new List<string>());
        var fileType = FileType.Find(quantization)!;
        var tensors = MixWalk.Apply(
            unquantized.Metadata, unquantized.Tensors, fileType, true, ArchitectureList.MixOf("llama"));
        Assert.InRange(tensors.Sum(tensor => tensor.Bytes) / 1e9 / gigabytes, 1 - tolerance, 1 + tolerance);
    }

    [Fact]
    public void Define_reproduces_the_published_number_of_parameters()
    {
        const double tolerance = 0.005;
        var wrong = new List<string>();
        var checkedModels = 0;
        foreach (var record in EmbeddedText.Rows("models.tsv").Select(cells => new ModelCatalogRecord(cells)))
        {
            if (record.TextParameters is null || record[ModelColumn.Check].Length == 0) continue;
            var layout = ModelCatalog.Resolve(record.Id, NullSink.Instance).Layout!;
            var definition = layout.Define("F16", new List<string>());
            if (definition.Accuracy == Accuracy.Approximate) continue;
            checkedModels++;
            var ratio = definition.ParameterCount / (double)record.TextParameters;
            if (Math.Abs(ratio - 1) > tolerance) wrong.Add($"{record.Id}: {definition.ParameterCount}");
        }
        Assert.Empty(wrong);
        Assert.True(checkedModels > 450, $"only {checkedModels} models were checked");
    }

    [Fact]
    public void Define_gives_something_for_every_architecture_and_quantization()
    {
        // The model with the fewest layers of each: what a layer is like does not depend on their number.
        foreach (var model in ModelCatalog.All.GroupBy(model => model.Architecture)
            .Select(group => group.OrderBy(one => one.LayerCount ?? int.MaxValue).First()))
        {
            foreach (var fileType in FileType.All)
            {
                var assumptions = new List<string>();
                var definition = model.Layout!.Define(fileType.Name, assumptions);
                Assert.True(definition.WeightBytes > 0, $"{model.Name} {fileType.Name}");
                Assert.Equal(
                    definition.Accuracy != Accuracy.Exact || definition.Fallback is not null, assumptions.Count > 0);
            }
        }
    }

    /// <summary>The rows of gpt-oss have 2880 elements, which are no multiple of 128 or 256.</summary>
    [Theory]
    [InlineData("gpt-oss:20b", "Q1_0", "F16, Q8_0 instead of Q1_0")]
    [InlineData("gpt-oss:20b", "Q4_K_M", "Q5_0, Q8_0 instead of Q4_K")]
    [InlineData("qwen3-8b", "Q1_0", null)]
    public void Define_says_where_the_rows_cannot_hold_the_type(string name, string quantization, string? said)
    {
        var assumptions = new List<string>();
        ModelCatalog.Resolve(name, NullSink.Instance).Layout!.Define(quantization, assumptions);
        if (said is null) Assert.Empty(assumptions);
        else Assert.Contains(said, Assert.Single(assumptions), StringComparison.Ordinal);
    }

    /// <summary>Exact is only what a configuration or somebody's count of the parameters confirms.</summary>
    [Theory]
    [InlineData("mixtral-8x22b", Accuracy.Exact)]
    [InlineData("step-3.7-flash", Accuracy.Exact)]
    [InlineData("k-exaone-236b-a23b", Accuracy.Approximate)]
    [InlineData("trinity-mini", Accuracy.Approximate)]
    [InlineData("phi-tiny-moe", Accuracy.Modelled)]
    [InlineData("mistral-large:123b", Accuracy.Exact)]
    [InlineData("deepseek-v4-pro", Accuracy.Exact)]
    [InlineData("kimi-k3", Accuracy.Exact)]
    [InlineData("longcat-flash-chat", Accuracy.Approximate)]
    public void Define_is_as_sure_as_the_catalog_is(string name, Accuracy accuracy)
    {
        var assumptions = new List<string>();
        var model = ModelCatalog.Resolve(name, NullSink.Instance);
        Assert.Equal(accuracy, model.Layout!.Define("Q8_0", assumptions).Accuracy);
        Assert.Equal(accuracy != Accuracy.Exact, assumptions.Count > 0);
    }

    [Theory]
    [InlineData("EXL2")]
    [InlineData("Q9_K")]
    [InlineData("UD-Q4_K_XXL")]
    public void An_unknown_quantization_is_an_error(string quantization)
    {
        var layout = ModelCatalog.Resolve("qwen3-8b", NullSink.Instance).Layout!;
        var failure = Assert.Throws<ModelFitException>(() => layout.Define(quantization, new List<string>()));
        Assert.Equal(ErrorIds.QuantizationNotFound, failure.ErrorId);
    }

    /// <summary>A byte a weight but for embeddings and output: 8.19 billion, 1.24 of them in 16 bits.</summary>
    [Fact]
    public void Define_estimates_formats_of_other_runtimes()
    {
        var layout = ModelCatalog.Resolve("qwen3-8b", NullSink.Instance).Layout!;
        var assumptions = new List<string>();
        var definition = layout.Define("FP8", assumptions);
        Assert.Equal(Accuracy.Approximate, definition.Accuracy);
        Assert.InRange(definition.WeightBytes / 1e9, 9.4, 9.5);
        Assert.Single(assumptions);
    }

    [Theory]
    [InlineData(2_000_000_000)]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    [InlineData(0)]
    public void Define_does_not_grow_with_the_layers_that_are_claimed(long layers)
    {
        var metadata = new ModelMetadata("llama", new Dictionary<string, object>
        {
            ["block_count"] = layers,
            ["embedding_length"] = 4096L,
        });
        var model = new LaidOutModel(() => new Hyperparameters(metadata, Traits.None), 8_000_000_000);
        var assumptions = new List<string>();
        var definition = model.Define("Q8_0", assumptions);
        Assert.Equal(Accuracy.Approximate, definition.Accuracy);
        Assert.InRange(definition.ParameterCount / 8e9, 0.99, 1.01);
        Assert.Single(assumptions);
    }

    /// <summary>
    /// A model of which only the size is known is weighed, and has a cache and buffers of a usual size.
    /// </summary>
    [Theory]
    [InlineData(8_000_000_000, 8_000_000_000, 4.0, 6.0)]
    [InlineData(119_000_000_000, 6_500_000_000, 66, 80)]
    [InlineData(2_400_000_000_000, 95_000_000_000, 1300, 1600)]
    public void Define_supposes_dimensions_where_only_the_size_is_known(
        long parameters, long active, double least, double most)
    {
        var nothing = new ModelMetadata("novel", new Dictionary<string, object>());
        var model = new LaidOutModel(() => new Hyperparameters(nothing, Traits.None), parameters, active);
        var assumptions = new List<string>();
        var definition = model.Define("Q4_K_M", assumptions);
        Assert.Equal(Accuracy.Approximate, definition.Accuracy);
        Assert.Contains("not known", Assert.Single(assumptions), StringComparison.Ordinal);
        Assert.InRange(definition.ParameterCount / (double)parameters, 0.97, 1.03);
        Assert.InRange(definition.WeightBytes / 1e9, least, most);
        var memory = MemoryModel.Measure(definition, new RuntimeOptions { ContextLength = 8192 }, new DeviceLayout());
        Assert.InRange(memory.Devices[0].KvCacheBytes / 1e9, 0.5, 5);
        Assert.InRange(memory.Devices[0].ComputeBytes / 1e9, 0.05, 2);
    }

    [Fact]
    public void Define_remembers_what_it_built()
    {
        var layout = ModelCatalog.Resolve("qwen3-8b", NullSink.Instance).Layout!;
        var first = layout.Define("Q5_K_S", new List<string>());
        Assert.Same(first, layout.Define("q5_k_s", new List<string>()));
    }
}
