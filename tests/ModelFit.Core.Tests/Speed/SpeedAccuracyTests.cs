using System.IO;
using ModelFit.Speed;
using ModelFit.Testing;
using ModelFit.Testing.Truth;
using Xunit;

namespace ModelFit.Core.Tests.Speed;

/// <summary>Predictions against published measurements: a row a class and a condition.</summary>
public sealed class SpeedAccuracyTests
{
    private const string Llama7B = "meta-llama/Llama-2-7b-hf";
    private const string Llama8B = "meta-llama/Llama-3.1-8B-Instruct";
    private const string Sparse30B = "Qwen/Qwen3-30B-A3B";
    private const string Linear35B = "Qwen/Qwen3.5-35B-A3B";

    private const ComputeBackend Cuda = ComputeBackend.Cuda;
    private const ComputeBackend Hip = ComputeBackend.Hip;
    private const ComputeBackend Metal = ComputeBackend.Metal;
    private const ComputeBackend Vulkan = ComputeBackend.Vulkan;

    /// <summary>
    /// Tokens a second of llama-bench. A: llama.cpp discussions 15013, 15021, 10879 and 4167 (scoreboards, August 2025
    /// and later). B: discussion 15396. C: github.com/kyuz0/amd-r9700-ai-toolboxes (median of its builds). D: the wiki
    /// of github.com/maeddesg/vulkanforge. E: raw outputs of 2026 that tests/data/speed names.
    /// </summary>
    [Theory]
    [InlineData("A", "RTX 3090", Cuda, Llama7B, "Q4_0", "tg128", 158.2, 0.08)]
    [InlineData("A", "RTX 4080 SUPER", Cuda, Llama7B, "Q4_0", "tg128", 148.3, 0.08)]
    [InlineData("A", "RTX 5090", Cuda, Llama7B, "Q4_0", "tg128", 290.0, 0.10)]
    [InlineData("A", "L40", Cuda, Llama7B, "Q4_0", "tg128", 152.0, 0.08)]
    [InlineData("A", "A30", Cuda, Llama7B, "Q4_0", "tg128", 124.8, 0.12)]
    [InlineData("A", "RTX PRO 6000 Blackwell", Cuda, Llama7B, "Q4_0", "tg128", 274.2, 0.10)]
    [InlineData("A", "RX 7900 XT", Hip, Llama7B, "Q4_0", "tg128", 116.2, 0.20)]
    [InlineData("A", "M2 Pro 32GB", Metal, Llama7B, "Q8_0", "tg128", 22.86, 0.10)]
    [InlineData("A", "M3 Ultra 512GB", Metal, Llama7B, "F16", "tg128", 41.01, 0.12)]
    [InlineData("B", "RTX 4080 SUPER", Cuda, "openai/gpt-oss-20b", "MXFP4_MOE", "tg128", 186.5, 0.12)]
    [InlineData("C", "R9700", Hip, Sparse30B, "Q4_K_M", "tg128", 101.2, 0.12)]
    [InlineData("C", "R9700", Hip, Sparse30B, "Q4_K_M", "tg32 @ d32768", 59.91, 0.15)]
    [InlineData("C", "R9700", Hip, Llama7B, "Q4_0", "tg32 @ d16384", 42.17, 0.12)]
    [InlineData("D", "RX 9070 XT", Vulkan, Llama8B, "Q4_K_M", "tg128", 119.6, 0.20)]
    [InlineData("E", "RTX 5090", Cuda, Linear35B, "Q4_K_M", "tg128", 245.0, 0.15)]
    [InlineData("A", "RTX 3090", Cuda, Llama7B, "Q4_0", "pp512", 5174.0, 0.20)]
    [InlineData("A", "RTX 5070", Cuda, Llama7B, "Q4_0", "pp512", 5185.0, 0.20)]
    [InlineData("A", "M2 16GB", Metal, Llama7B, "Q4_0", "pp512", 179.57, 0.15)]
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
        var figure = new MeasuredRow(gpus, backend, model, quantization, test, tokensPerSecond).Predict();
        var error = (figure.Expected / tokensPerSecond) - 1;
        Assert.True(Math.Abs(error) <= tolerance, $"{error:P1} off the measurement of source {source}");
        Assert.True(figure.Low < figure.Expected && figure.Expected < figure.High);
    }

    /// <summary>Reports of July to September 2026 of Qwen3.8 27B, which is new.</summary>
    [Fact]
    public void Three_of_four_field_reports_lie_within_the_interval()
    {
        var reports = new (string Gpus, ComputeBackend Backend, string Quantization, double TokensPerSecond)[]
        {
            ("RX 7900 XTX", Vulkan, "Q4_K_M", 28.8), ("RX 7900 XTX", Hip, "Q4_K_M", 30.7),
            ("R9700", Hip, "Q4_K_M", 27.0), ("2x RX 9070", Hip, "Q4_K_M", 22.1), ("8060S", Vulkan, "Q4_K_M", 11.5),
            ("Arc Pro B70", Vulkan, "Q4_0", 24.5), ("V100 SXM2 32GB", Cuda, "Q4_K_M", 33.3),
            ("RTX PRO 6000 Blackwell", Cuda, "Q4_K_M", 63.8), ("3x RTX 3060 12GB", Cuda, "Q4_K_M", 17.3),
            ("2x P40", Cuda, "Q5_K_M", 11.7), ("2x RTX 5060 Ti 16GB", Cuda, "Q4_K_M", 22.1),
        };
        var missed = reports.Where(report =>
        {
            var (gpus, backend, quantization, rate) = report;
            var figure = new MeasuredRow(gpus, backend, "Qwen/Qwen3.8-27B", quantization, "tg128", rate).Predict();
            return rate < figure.Low || rate > figure.High;
        }).Select(report => report.Gpus).ToArray();
        Assert.True(missed.Length <= reports.Length / 4, string.Join(", ", missed));
    }

    [Fact]
    public void The_page_of_speed_states_the_constants_that_are_built_in()
    {
        var page = File.ReadAllText(RepositoryFolder.Path("docs", "internals", "speed.md"));
        Assert.Contains("without the card", page, StringComparison.Ordinal);
        Assert.All(SpeedTable.Default.Classes.Where(row => row.Rows > 0), row =>
            Assert.Contains($"| {row.Name} | {row.Engine} | {row.Cards} |", page, StringComparison.Ordinal));
    }
}
