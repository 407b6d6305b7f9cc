using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ModelFit.Testing.Truth;

/// <summary>The rows of <c>shared/speed/measured.jsonl</c> whose model, cards and program are known here.</summary>
internal static class MeasuredFile
{
    private static readonly Dictionary<string, string> Models = new()
    {
        ["LLaMA 3 8B"] = "meta-llama/Meta-Llama-3-8B",
        ["LLaMA 3 70B"] = "meta-llama/Meta-Llama-3-70B",
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

    private static readonly Dictionary<string, string> Cards = new()
    {
        ["RTX 4070 Laptop GPU (8 GB)"] = "RTX 4070 Laptop GPU",
        ["Apple M1 7‑Core GPU"] = "Apple M1 8GB",
        ["Apple M1 Max 32‑Core GPU"] = "Apple M1 Max 64GB",
        ["Apple M2 Ultra 76-Core GPU"] = "Apple M2 Ultra 192GB",
        ["A100 PCIe"] = "NVIDIA A100 PCIe 80GB",
        ["H100 PCIe"] = "NVIDIA H100 PCIe 80GB",
    };

    private static readonly Dictionary<string, ComputeBackend> Backends = new()
    {
        ["CUDA"] = ComputeBackend.Cuda,
        ["Metal"] = ComputeBackend.Metal,
        ["Vulkan"] = ComputeBackend.Vulkan,
    };

    /// <summary>The rows; null where the file is absent.</summary>
    public static IReadOnlyList<MeasuredRow>? Rows()
    {
        var path = Path.Combine(SharedFolder.Path ?? string.Empty, "speed", "measured.jsonl");
        return File.Exists(path) ? File.ReadLines(path).Select(Read).OfType<MeasuredRow>().ToArray() : null;
    }

    private static MeasuredRow? Read(string line)
    {
        var row = JsonDocument.Parse(line).RootElement;
        string Text(string name) =>
            row.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
                ? value.GetString()!
                : string.Empty;

        var tool = Text("tool");
        var isKnown = tool == "llama-bench" || tool.StartsWith("llama.cpp (", StringComparison.Ordinal);
        if (!isKnown || !Models.TryGetValue(Text("model"), out var model)) return null;
        if (!Backends.TryGetValue(Text("backend"), out var backend)) return null;
        var test = Text("test") == "tg" ? "tg128" : Text("test");
        var quantization = Text("quant");
        var isPlain = Regex.IsMatch(test, "^(pp|tg)[0-9]+$")
            && !quantization.StartsWith("UD", StringComparison.Ordinal);
        if (!isPlain) return null;
        var machine = Regex.Match(Text("gpu_norm"), "^(?:([0-9]+) x )?(.*)$");
        var name = machine.Groups[2].Value;
        var card = Cards.TryGetValue(name, out var known) ? known : name;
        var count = machine.Groups[1].Success ? machine.Groups[1].Value : "1";
        var rate = row.GetProperty("tokens_per_s").GetDouble();
        return new MeasuredRow($"{count}x {card}", backend, model, quantization, test, rate);
    }
}
