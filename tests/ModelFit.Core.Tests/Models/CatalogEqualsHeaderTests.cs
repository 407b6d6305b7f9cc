using ModelFit.Catalog;
using ModelFit.Graph;
using ModelFit.Memory;
using ModelFit.Models;
using ModelFit.Quantization;
using ModelFit.Testing;
using ModelFit.Testing.Truth;
using Xunit;

namespace ModelFit.Core.Tests.Models;

/// <summary>
/// A catalog entry and the header of the same model and quantization need the same memory, to the byte, on every device
/// and for every part of it.
/// </summary>
public sealed class CatalogEqualsHeaderTests
{
    private static readonly Dictionary<string, string> CatalogIds = new()
    {
        ["command-r-08-2024"] = "CohereLabs/c4ai-command-r-08-2024",
        ["command-r-35b-v01"] = "CohereLabs/c4ai-command-r-v01",
        ["command-r7b"] = "CohereLabs/c4ai-command-r7b-12-2024",
        ["deepseek-v3-671b"] = "deepseek-ai/DeepSeek-V3",
        ["falcon-h1-7b"] = "tiiuae/Falcon-H1-7B-Instruct",
        ["gemma-2-2b"] = "google/gemma-2-2b-it",
        ["gemma-2-9b"] = "google/gemma-2-9b-it",
        ["gemma-3-1b"] = "google/gemma-3-1b-it",
        ["gemma-3-4b"] = "google/gemma-3-4b-it",
        ["gemma-3-27b"] = "google/gemma-3-27b-it",
        ["glm-4-9b-0414"] = "zai-org/GLM-4-9B-0414",
        ["glm-4.5-air"] = "zai-org/GLM-4.5-Air",
        ["gpt-oss-20b"] = "openai/gpt-oss-20b",
        ["granite-4.0-h-tiny"] = "ibm-granite/granite-4.0-h-tiny",
        ["llama-2-7b"] = "meta-llama/Llama-2-7b-hf",
        ["llama-3.1-8b"] = "meta-llama/Llama-3.1-8B-Instruct",
        ["llama-3.1-70b"] = "meta-llama/Llama-3.1-70B-Instruct",
        ["llama-3.2-1b"] = "meta-llama/Llama-3.2-1B-Instruct",
        ["llama-4-scout"] = "meta-llama/Llama-4-Scout-17B-16E-Instruct",
        ["mistral-7b-v0.3"] = "mistralai/Mistral-7B-Instruct-v0.3",
        ["mistral-small-24b"] = "mistralai/Mistral-Small-24B-Instruct-2501",
        ["mixtral-8x7b"] = "mistralai/Mixtral-8x7B-Instruct-v0.1",
        ["mixtral-8x22b"] = "mistralai/Mixtral-8x22B-Instruct-v0.1",
        ["phi-3-mini-4k"] = "microsoft/Phi-3-mini-4k-instruct",
        ["phi-3-mini-128k"] = "microsoft/Phi-3-mini-128k-instruct",
        ["phi-4"] = "microsoft/phi-4",
        ["phi-4-mini"] = "microsoft/Phi-4-mini-instruct",
        ["qwen2.5-7b"] = "Qwen/Qwen2.5-7B-Instruct",
        ["qwen2.5-32b"] = "Qwen/Qwen2.5-32B-Instruct",
        ["qwen2.5-72b"] = "Qwen/Qwen2.5-72B-Instruct",
        ["qwen3-0.6b"] = "Qwen/Qwen3-0.6B",
        ["qwen3-4b"] = "Qwen/Qwen3-4B",
        ["qwen3-8b"] = "Qwen/Qwen3-8B",
        ["qwen3-32b"] = "Qwen/Qwen3-32B",
        ["qwen3-30b-a3b"] = "Qwen/Qwen3-30B-A3B",
        ["qwen3-next-80b-a3b"] = "Qwen/Qwen3-Next-80B-A3B-Instruct",
        ["qwen3.5-27b"] = "Qwen/Qwen3.5-27B",
    };

    private static readonly (RuntimeOptions Options, DeviceLayout Layout)[] Questions =
    {
        (new(), new()),
        (new() { ContextLength = 32768, FlashAttention = FlashAttentionMode.Off }, new()),
        (new() { ContextLength = 4096, ParallelSequences = 4, OutputCount = 0 }, new()),
        (new() { KeyCacheType = KvCacheType.Q8_0, ValueCacheType = KvCacheType.Q8_0 }, new() { GpuLayers = 12 }),
        (new() { SwaFull = true, KvUnified = true, ParallelSequences = 2 }, new() { GpuCount = 2 }),
        (new() { MicroBatchSize = 256 }, new() { CpuMoeLayers = 999 }),
        (new(), new() { Backend = ComputeBackend.Cpu, GpuCount = 0, GpuLayers = 0 }),
    };

    private static readonly Lazy<Dictionary<string, ModelDefinition>> Headers = new(
        () => CompactHeaders.Read(RepositoryFolder.Path("tests", "data", "memory", "headers.txt")));

    public static IEnumerable<ITheoryDataRow> Models() =>
        CatalogIds.Select(entry => new TheoryDataRow<string, string>(entry.Key, entry.Value));

    [Theory]
    [MemberData(nameof(Models))]
    public void Measure_gives_the_same_for_catalog_and_header(string header, string id)
    {
        var layout = ModelCatalog.Resolve(id, NullSink.Instance).Layout!;
        var files = Headers.Value.Where(file => QuantizationOf(file.Key, header) is not null).ToArray();
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            var catalog = layout.Define(QuantizationOf(file.Key, header), new List<string>());
            foreach (var (options, devices) in Questions)
            {
                var expected = MemoryModel.Measure(file.Value, options, devices);
                var actual = MemoryModel.Measure(catalog, options, devices);
                Assert.Equal(expected.FlashAttention, actual.FlashAttention);
                Assert.Equal(expected.Devices, actual.Devices);
            }
        }
    }

    /// <summary>What stands behind the model's name in a file's, or null if the file is another model's.</summary>
    private static string? QuantizationOf(string file, string header)
    {
        if (!file.StartsWith(header + "-", StringComparison.Ordinal)) return null;
        var rest = file.Substring(header.Length + 1);
        return FileType.Find(rest) is null ? null : rest;
    }
}
