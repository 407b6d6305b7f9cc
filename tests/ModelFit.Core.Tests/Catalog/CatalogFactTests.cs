using System.Text.RegularExpressions;
using ModelFit.Catalog;
using ModelFit.Common;
using Xunit;

namespace ModelFit.Core.Tests.Catalog;

/// <summary>The records of both catalogs against themselves and against what such hardware and models can be.</summary>
public sealed class CatalogFactTests
{
    /// <summary>
    /// Gbit/s a pin that a type of memory has been sold with (JEDEC's standards and vendors' data sheets).
    /// </summary>
    private static readonly Dictionary<string, (double Least, double Most)> PinRates = new()
    {
        ["DDR3"] = (0.8, 2.2), ["DDR4"] = (1.6, 3.3), ["GDDR5"] = (2, 9.1), ["GDDR5X"] = (9, 12.1),
        ["GDDR6"] = (9, 20.1), ["GDDR6X"] = (18, 24.1), ["GDDR7"] = (18, 36.1), ["HBM"] = (0.9, 1.1),
        ["HBM2"] = (1.2, 2.5), ["HBM2e"] = (1.2, 3.7), ["HBM3"] = (4, 7), ["HBM3e"] = (5.8, 10),
        ["LPDDR4"] = (3.1, 4.3), ["LPDDR4X"] = (3.1, 4.3), ["LPDDR5"] = (4, 6.5), ["LPDDR5X"] = (6.4, 10),
    };

    private static string[][] GpuRows { get; } = EmbeddedText.Rows("gpus.tsv").ToArray();

    private static ModelCatalogRecord[] Models { get; } =
        EmbeddedText.Rows("models.tsv").Select(cells => new ModelCatalogRecord(cells)).ToArray();

    [Fact]
    public void Bandwidth_is_bus_width_times_a_rate_that_the_memory_has()
    {
        var odd =
            from gpu in GpuCatalog.All
            where gpu is { MemoryBandwidth: not null, MemoryBusBits: not null, MemoryType: not null }
            let rate = gpu.MemoryBandwidth!.Value * 8 / (gpu.MemoryBusBits!.Value * 1e9)
            where PinRates.TryGetValue(gpu.MemoryType!, out var range) && (rate < range.Least || rate > range.Most)
            select $"{gpu.Name}: {rate:F2} Gbit/s a pin of {gpu.MemoryType}";
        Assert.Empty(odd);
        Assert.True(GpuCatalog.All.Count(gpu => gpu.MemoryType is { } type && PinRates.ContainsKey(type)) > 700);
    }

    [Fact]
    public void A_card_has_the_compute_capability_and_the_tensor_cores_of_its_architecture()
    {
        var capabilities = new Dictionary<string, string[]>
        {
            ["Kepler"] = ["3.0", "3.2", "3.5", "3.7"], ["Maxwell"] = ["5.0", "5.2", "5.3"],
            ["Pascal"] = ["6.0", "6.1", "6.2"], ["Volta"] = ["7.0", "7.2"], ["Turing"] = ["7.5"],
            ["Ampere"] = ["8.0", "8.6", "8.7"], ["Ada Lovelace"] = ["8.9"], ["Hopper"] = ["9.0"],
            ["Blackwell"] = ["10.0", "10.3", "11.0", "12.0", "12.1"],
        };
        foreach (var gpu in GpuCatalog.All.Where(gpu => gpu.Vendor == "NVIDIA" && gpu.ComputeCapability is not null))
        {
            Assert.True(capabilities.TryGetValue(gpu.Architecture!, out var known), $"{gpu.Name}: {gpu.Architecture}");
            Assert.Contains(gpu.ComputeCapability, known);
            if (gpu.TensorCores is not null) Assert.True(Version.Parse(gpu.ComputeCapability!).Major >= 7, gpu.Name);
        }
    }

    [Fact]
    public void No_figure_is_of_the_wrong_order() => Assert.All(GpuCatalog.All, gpu =>
    {
        Assert.InRange(gpu.MemoryBytes ?? 1L << 30, 1L << 30, 512L << 30);
        Assert.InRange(gpu.TdpWatts ?? 100, 3, 1500);
        Assert.InRange(gpu.PcieGeneration ?? 3, 1, 6);
        Assert.True(gpu.PcieLanes is null or 1 or 2 or 4 or 8 or 16, gpu.Name);
        Assert.True((gpu.ShaderUnits ?? 64) % 8 == 0, gpu.Name);
        if (gpu is { Fp32Flops: { } fp32, Fp16TensorFlops: { } tensor }) Assert.InRange(tensor / fp32, 1, 64);
    });

    [Fact]
    public void Every_record_says_where_it_comes_from()
    {
        Assert.All(GpuRows, cells => Assert.Matches("^[WLVPU]+$", cells[23]));
        Assert.All(Models, record => Assert.NotEmpty(record[ModelColumn.Sources]));
    }

    [Fact]
    public void A_pci_id_stands_for_one_card() => Assert.Empty(GpuRows
        .SelectMany(cells => Regex.Matches(cells[22], @"([0-9a-f]{4})(:[0-9a-f,]+)?")
            .SelectMany(match => Ids(cells[0].Split(' ')[0], match.Value)))
        .GroupBy(id => id)
        .Where(group => group.Count() > 1)
        .Select(group => group.Key));

    [Fact]
    public void The_kinds_of_knowledge_are_the_documented_ones() => Assert.All(Models, record => Assert.Contains(
        record[ModelColumn.Check],
        new[]
        {
            "count", "measured", "config", "same", "size", "recalled", "rounded", "fitted", "refused", string.Empty,
        }));

    [Fact]
    public void Dimensions_that_were_fitted_or_only_recalled_are_doubtful()
    {
        Assert.All(
            Models.Where(record => record[ModelColumn.Sources].Contains("FIT", StringComparison.Ordinal)
                && !record[ModelColumn.Sources].Contains("LLMFIT", StringComparison.Ordinal)),
            record => Assert.NotNull(record.Doubt));
        Assert.All(
            Models.Where(record => record[ModelColumn.Sources] == "K" && record[ModelColumn.Check] is "recalled" or ""),
            record => Assert.NotNull(record.Doubt));
        Assert.All(
            Models.Where(record => record[ModelColumn.Check] is "recalled" or "fitted" or "rounded" or ""),
            record => Assert.Equal(Accuracy.Approximate, record.DoubtAccuracy));
        Assert.True(Models.Count(record => record.Doubt is null) > 450);
    }

    /// <summary>Models with most downloads and pulls in the lists of 2026.</summary>
    private static readonly string[] MostUsed =
    [
        "meta-llama/Llama-3.1-8B-Instruct", "meta-llama/Llama-3.2-3B-Instruct", "meta-llama/Llama-3.2-1B-Instruct",
        "meta-llama/Meta-Llama-3-8B-Instruct", "meta-llama/Llama-3.3-70B-Instruct", "meta-llama/Llama-2-7b-chat-hf",
        "deepseek-ai/DeepSeek-R1-0528-Qwen3-8B", "deepseek-ai/DeepSeek-R1", "deepseek-ai/DeepSeek-V3",
        "deepseek-ai/DeepSeek-V4-Flash", "google/gemma-2-9b-it", "google/gemma-3-4b-it", "google/gemma-3-12b-it",
        "google/gemma-3-27b-it", "google/gemma-3n-E4B-it", "google/gemma-4-E4B-it", "google/gemma-4-12B-it",
        "google/gemma-4-26B-A4B-it", "google/gemma-4-31B-it", "Qwen/Qwen2.5-7B-Instruct",
        "Qwen/Qwen2.5-Coder-7B-Instruct", "Qwen/Qwen2.5-VL-7B-Instruct", "Qwen/Qwen3-0.6B", "Qwen/Qwen3-4B",
        "Qwen/Qwen3-8B", "Qwen/Qwen3-14B", "Qwen/Qwen3-32B", "Qwen/Qwen3-30B-A3B",
        "Qwen/Qwen3-Coder-30B-A3B-Instruct", "Qwen/Qwen3-Coder-Next", "Qwen/Qwen3.5-4B", "Qwen/Qwen3.5-9B",
        "Qwen/Qwen3.5-35B-A3B", "Qwen/Qwen3.6-27B", "Qwen/Qwen3.6-35B-A3B", "Qwen/Qwen3.8-27B",
        "mistralai/Mistral-7B-Instruct-v0.3", "mistralai/Mistral-Nemo-Instruct-2407",
        "mistralai/Mistral-Small-3.2-24B-Instruct-2506", "mistralai/Mistral-Small-4-119B-2603",
        "mistralai/Mistral-Medium-3.5-128B", "mistralai/Devstral-Small-2-24B-Instruct-2512",
        "mistralai/Ministral-3-8B-Instruct-2512", "mistralai/Mixtral-8x7B-Instruct-v0.1", "microsoft/phi-4",
        "microsoft/Phi-3-mini-4k-instruct", "openai/gpt-oss-20b", "openai/gpt-oss-120b", "zai-org/GLM-4.5-Air",
        "zai-org/GLM-4.7-Flash", "moonshotai/Kimi-K2.6", "MiniMaxAI/MiniMax-M2.7", "nomic-ai/nomic-embed-text-v1.5",
        "BAAI/bge-m3",
    ];

    [Fact]
    public void The_most_used_models_have_dimensions_that_are_known() => Assert.All(MostUsed, name =>
    {
        var model = ModelCatalog.Resolve(name, NullSink.Instance);
        var quantization = PublishedModels.DefaultQuantization(model);
        Assert.NotEqual(Accuracy.Approximate, model.Layout!.Define(quantization, []).Accuracy);
    });

    [Fact]
    public void Dimensions_fit_together() => Assert.All(Models.Where(HasDimensions), record =>
    {
        var model = record.Hyperparameters();
        long Value(string key) => model.Metadata.Integer(key, 0);
        Assert.InRange(model.Layers, 1, 200);
        Assert.True(model.Embedding % 32 == 0, record.Id);
        Assert.InRange(model.Metadata.Integer("context_length", 512), 128, 16 << 20);
        Assert.True(Value("expert_used_count") <= Value("expert_count"), record.Id);
        Assert.True(Value("attention.head_count_kv") <= Value("attention.head_count"), record.Id);
        Assert.False(record.ActiveParameters > record.Parameters, record.Id);
        Assert.False(record.TextParameters > record.Parameters, record.Id);
    });

    private static bool HasDimensions(ModelCatalogRecord record) => record[ModelColumn.Layers].Length > 0;

    private static IEnumerable<string> Ids(string vendor, string id)
    {
        var parts = id.Split(':');
        return parts.Length == 1 ? [$"{vendor} {id}"] : parts[1].Split(',').Select(rev => $"{vendor} {parts[0]}:{rev}");
    }
}
