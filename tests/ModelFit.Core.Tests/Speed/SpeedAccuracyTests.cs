using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using ModelFit.Core.Tests.Support;
using Xunit;

namespace ModelFit.Core.Tests.Speed;

/// <summary>The error distribution over all published measurements that are at hand, the table of docs/speed.md.</summary>
public sealed class SpeedAccuracyTests
{
    private static readonly Dictionary<string, string> Models = new()
    {
        ["LLaMA 3 8B"] = "meta-llama/Meta-Llama-3-8B",
        ["LLaMA 3 70B"] = "meta-llama/Meta-Llama-3-70B",
        ["llama 8B"] = "meta-llama/Meta-Llama-3.1-8B",
        ["Llama-3.1-8B-Instruct"] = "meta-llama/Llama-3.1-8B-Instruct",
        ["DeepSeek-R1-Distill-Llama-8B"] = "deepseek-ai/DeepSeek-R1-Distill-Llama-8B",
        ["Mistral-7B-v0.3"] = "mistralai/Mistral-7B-v0.3",
        ["Qwen3-8B"] = "Qwen/Qwen3-8B",
        ["Qwen3.5-0.8B (unsloth)"] = "Qwen/Qwen3.5-0.8B",
        ["Qwen3.5-4B (unsloth)"] = "Qwen/Qwen3.5-4B",
        ["Ministral-3-3B-Instruct-2512 (unsloth)"] = "mistralai/Ministral-3-3B-Instruct-2512",
        ["gemma-4-E2B (unsloth)"] = "google/gemma-4-E2B",
        ["Gemma-4-26B-A4B"] = "google/gemma-4-26B-A4B",
        ["tinyllama-1.1b-1t-openorca"] = "TinyLlama/TinyLlama_v1.1",
        ["Llama-3.2-3B-Instruct"] = "meta-llama/Llama-3.2-3B-Instruct",
    };

    private static readonly Dictionary<string, string> Gpus = new()
    {
        ["RTX 4070 Laptop GPU (8 GB)"] = "RTX 4070 Laptop GPU",
        ["Apple M1 7‑Core GPU"] = "Apple M1 8GB",
        ["Apple M1 Max 32‑Core GPU"] = "Apple M1 Max 64GB",
        ["Apple M2 Ultra 76-Core GPU"] = "Apple M2 Ultra 192GB",
        ["A100 PCIe"] = "NVIDIA A100 PCIe 80GB",
        ["H100 PCIe"] = "NVIDIA H100 PCIe 80GB",
    };

    private static readonly Dictionary<string, string> Backends = new()
    {
        ["CUDA"] = "Cuda",
        ["Metal"] = "Metal",
        ["Vulkan"] = "Vulkan",
        ["ROCm"] = "Hip",
    };

    [Fact]
    public void Errors_stay_what_the_documentation_says()
    {
        var path = Path.Combine(SharedFolder.Path ?? string.Empty, "speed", "measured.jsonl");
        Assert.SkipUnless(File.Exists(path), "needs shared/speed/measured.jsonl");
        var errors = File.ReadLines(path).Select(Read).OfType<MeasuredRow>()
            .Select(row => (row, Error: Math.Abs((row.Predict() / row.TokensPerSecond) - 1)))
            .ToList();
        var report = new List<string>();
        foreach (var group in errors.GroupBy(entry => $"{entry.row.Backend} {(entry.row.IsDecode ? "decode" : "prefill")}"))
        {
            var sorted = group.Select(entry => entry.Error).OrderBy(error => error).ToList();
            report.Add(FormattableString.Invariant(
                $"| {group.Key} | {sorted.Count} | {At(sorted, 0.5):P0} | {At(sorted, 0.9):P0} |"));
        }

        Console.WriteLine(string.Join("\n", report));
        if (Environment.GetEnvironmentVariable("MODELFIT_SPEED_ROWS") is not null)
            foreach (var (row, _) in errors)
                Console.WriteLine(FormattableString.Invariant(
                    $"{row.Gpus} {row.Backend} {row.Model} {row.Quantization} {row.Test} {row.TokensPerSecond} -> {row.Predict():0.0} {(row.Predict() / row.TokensPerSecond) - 1:P0}"));
        var decode = errors.Where(entry => entry.row.IsDecode).Select(entry => entry.Error).OrderBy(e => e).ToList();
        var prefill = errors.Where(entry => !entry.row.IsDecode).Select(entry => entry.Error).OrderBy(e => e).ToList();
        Assert.True(At(decode, 0.5) < 0.10, $"median decode error {At(decode, 0.5):P1}");
        Assert.True(At(prefill, 0.5) < 0.25, $"median prefill error {At(prefill, 0.5):P1}");
    }

    private static double At(List<double> sorted, double share) => sorted[(int)((sorted.Count - 1) * share)];

    private static MeasuredRow? Read(string line)
    {
        var row = JsonDocument.Parse(line).RootElement;
        string Text(string name) =>
            row.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        var tool = Text("tool");
        if (!tool.StartsWith("llama-bench", StringComparison.Ordinal) && !tool.StartsWith("llama.cpp (V", StringComparison.Ordinal))
            return null;
        if (!Models.TryGetValue(Text("model"), out var model)) return null;
        if (!Backends.TryGetValue(Text("backend"), out var backend)) return null;
        var test = Text("test") == "tg" ? "tg128" : Text("test");
        var quantization = Text("quant").Replace(" - Medium", "_M", StringComparison.Ordinal);
        if (!Regex.IsMatch(test, "^(pp|tg)[0-9]+$") || quantization.StartsWith("UD", StringComparison.Ordinal)) return null;
        var gpus = Text("gpu_norm");
        var count = Regex.Match(gpus, "^([0-9]+) x (.*)$");
        var name = count.Success ? count.Groups[2].Value : gpus;
        var card = Gpus.TryGetValue(name, out var known) ? known : name;
        if (card == "AMD Radeon Graphics") return null;
        return new MeasuredRow(
            count.Success ? count.Groups[1].Value + "x " + card : card,
            backend,
            model,
            quantization,
            test,
            row.GetProperty("tokens_per_s").GetDouble());
    }
}
