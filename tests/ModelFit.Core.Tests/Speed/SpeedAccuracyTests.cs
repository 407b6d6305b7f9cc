using System;
using System.Collections.Generic;
using System.Linq;
using ModelFit.Testing.Truth;
using Xunit;

namespace ModelFit.Core.Tests.Speed;

/// <summary>Predictions against published measurements, with the errors that docs/internals/speed.md states.</summary>
public sealed class SpeedAccuracyTests
{
    private const string Llama8B = "meta-llama/Meta-Llama-3-8B";
    private const string Llama70B = "meta-llama/Meta-Llama-3-70B";
    private const string Llama31 = "meta-llama/Llama-3.1-8B-Instruct";

    private const ComputeBackend Cuda = ComputeBackend.Cuda;
    private const ComputeBackend Metal = ComputeBackend.Metal;
    private const ComputeBackend Vulkan = ComputeBackend.Vulkan;

    private static readonly Lazy<ILookup<(ComputeBackend, bool), double>?> Errors = new(() => MeasuredFile.Rows()?
        .ToLookup(row => (row.Backend, row.IsDecode), row => Math.Abs(row.Error)));

    /// <summary>
    /// Tokens a second of llama-bench. A: github.com/XiongjieDai/GPU-Benchmarks-on-LLM-Inference (b2795-b2843, May
    /// 2024, without flash attention). B: github.com/ghost91-/llama-bench (May 2026). C: the wiki of
    /// github.com/maeddesg/vulkanforge (b9174, June 2026).
    /// </summary>
    [Theory]
    [InlineData("A", "RTX 3090", Cuda, Llama8B, "Q4_K_M", "tg512", 115.42, 0.15)]
    [InlineData("A", "RTX 3090", Cuda, Llama8B, "Q4_K_M", "pp512", 4030.4, 0.15)]
    [InlineData("A", "RTX 4080", Cuda, Llama8B, "F16", "tg512", 40.58, 0.05)]
    [InlineData("A", "A100 PCIe 80GB", Cuda, Llama70B, "Q4_K_M", "tg512", 22.31, 0.1)]
    [InlineData("A", "A100 PCIe 80GB", Cuda, Llama70B, "Q4_K_M", "pp512", 744.12, 0.2)]
    [InlineData("A", "H100 PCIe", Cuda, Llama8B, "F16", "tg512", 68.03, 0.15)]
    [InlineData("A", "H100 PCIe", Cuda, Llama8B, "F16", "pp4096", 8106.53, 0.2)]
    [InlineData("A", "4x RTX 6000 Ada", Cuda, Llama70B, "F16", "tg512", 6.08, 0.05)]
    [InlineData("A", "4x RTX 6000 Ada", Cuda, Llama70B, "F16", "pp4096", 1363.75, 0.2)]
    [InlineData("A", "M2 Ultra 192GB", Metal, Llama8B, "Q4_K_M", "tg512", 78.81, 0.1)]
    [InlineData("A", "M2 Ultra 192GB", Metal, Llama8B, "Q4_K_M", "pp512", 994.04, 0.1)]
    [InlineData("B", "RTX 4070 Laptop", Cuda, "Qwen/Qwen3.5-4B", "Q8_0", "tg128", 49.0, 0.1)]
    [InlineData("B", "RTX 4070 Laptop", Cuda, "google/gemma-4-E2B", "Q4_K_M", "tg128", 130.3, 0.1)]
    [InlineData("C", "RX 9070 XT", Vulkan, Llama31, "Q4_K_M", "tg128", 119.6, 0.1)]
    [InlineData("C", "RX 9070 XT", Vulkan, "google/gemma-4-26B-A4B", "Q3_K_M", "tg128", 127.1, 0.25)]
    [InlineData("C", "RX 9070 XT", Vulkan, "google/gemma-4-26B-A4B", "Q3_K_M", "pp512", 3251, 0.15)]
    public void Predictions_are_near_what_was_measured(
        string source,
        string gpus,
        ComputeBackend backend,
        string model,
        string quantization,
        string test,
        double tokensPerSecond,
        double tolerance)
    {
        var error = new MeasuredRow(gpus, backend, model, quantization, test, tokensPerSecond).Error;
        Assert.True(Math.Abs(error) <= tolerance, $"{error:P1} off the measurement of source {source}");
    }

    /// <summary>The table of docs/internals/speed.md, a little room added.</summary>
    [Theory]
    [InlineData(Cuda, true, 0.06, 0.16)]
    [InlineData(Cuda, false, 0.19, 0.75)]
    [InlineData(Metal, true, 0.08, 0.18)]
    [InlineData(Metal, false, 0.08, 0.18)]
    [InlineData(Vulkan, true, 0.06, 0.25)]
    [InlineData(Vulkan, false, 0.08, 0.40)]
    public void Errors_are_what_the_documentation_says(
        ComputeBackend backend, bool isDecode, double median, double ninthTenth)
    {
        Assert.SkipUnless(Errors.Value is not null, "shared/speed/measured.jsonl is not beside the repository");
        var errors = Errors.Value[(backend, isDecode)].OrderBy(error => error).ToList();
        Assert.True(At(errors, 0.5) <= median, $"median {At(errors, 0.5):P1} of {errors.Count}");
        Assert.True(At(errors, 0.9) <= ninthTenth, $"ninth tenth {At(errors, 0.9):P1} of {errors.Count}");
    }

    private static double At(List<double> sorted, double share) => sorted[(int)((sorted.Count - 1) * share)];
}
