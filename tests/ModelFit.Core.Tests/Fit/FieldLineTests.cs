using System;
using System.Collections.Generic;
using System.Linq;
using ModelFit.Catalog;
using ModelFit.Fit;
using ModelFit.Runtimes;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Fit;

/// <summary>Launch lines of public threads of 2026 with what their logs said; emitted lines read back.</summary>
public sealed class FieldLineTests
{
    private const double Mib = 1 << 20;

    private const string Small = "llama-server -m Qwen3.8-27B-Q3_K_M.gguf -c 65536 -fa 1 -ctk q4_0 -ctv q4_0 -np 1";
    private const string Drafting = " --spec-type draft-mtp --spec-draft-n-max 2";

    /// <summary>14,397 MiB without the layer that drafts, 15,311 with it (qwen38-mtp, pull request 62).</summary>
    [Fact]
    public void Drafting_by_the_models_own_layer_costs_what_was_measured()
    {
        var more = Total(Small + Drafting) - Total(Small);
        Assert.InRange(more / Mib, 914 * 0.94, 914 * 1.06);
        Assert.Equal("Exact", Launched(Small + Drafting, "RTX 5090").Accuracy);
        var spilt = Launched(Small.Replace("q4_0", "q8_0") + Drafting, "RTX 5080", 32);
        Assert.Equal("Offload", spilt.Verdict);
    }

    /// <summary>1,280 MiB of cache, 62.8 of states for each of three tokens (llama.cpp, pull request 23269).</summary>
    [Fact]
    public void States_are_kept_for_every_drafted_token()
    {
        var line = "llama-server -m Qwen3.6-35B-A3B-Q4_K_M.gguf -c 65536 -np 1" + Drafting;
        const double draft = 128;
        Assert.Equal(1280 + 188.44 + draft, Launched(line, "H100 80GB").KvCacheBytes!.Value / Mib, 2);
    }

    /// <summary>16,384 MiB of cache and 598.5 of states for four slots (lmstudio-bug-tracker 1862).</summary>
    [Fact]
    public void Four_slots_have_four_states() => Assert.Equal(
        16_384 + 598.5,
        Launched("llama-server -m Qwen3.6-27B-Q4_K_M.gguf -c 262144", "H100 80GB").KvCacheBytes!.Value / Mib,
        1);

    /// <summary>A projector of 1,136 to 1,161 MiB is loaded with a repository of the model (ollama 17482).</summary>
    [Theory]
    [InlineData("", 1_120, 1_165)]
    [InlineData(" --no-mmproj", 0, 0)]
    [InlineData(" --no-mmproj-offload", 0, 0)]
    public void A_repository_brings_its_projector(string words, double least, double most)
    {
        const string line = "llama-server -hf unsloth/Qwen3.6-27B-GGUF:Q4_K_M -c 8192 -np 1";
        var answer = Launched(line + words, "RTX 3090", 64);
        var bare = Launched(line + " --no-mmproj", "RTX 3090", 64);
        Assert.InRange((answer.RequiredBytes!.Value - bare.RequiredBytes!.Value) / Mib, least, most);
        Assert.Equal(words == " --no-mmproj", answer.Projector is null);
    }

    [Theory]
    [InlineData("llama-server -m Qwen3.8-27B-Q4_K_M.gguf -ngl 99", "RTX 3090", 8_192, 262_143)]
    [InlineData("llama-server -m gemma-4-26B-A4B-it-UD-Q4_K_XL.gguf -c 100000 -np 8 -kvu", "RTX 3090", 100_000, 100_096)]
    [InlineData("ollama run qwen3:8b", "RTX 3060 12GB", 4_096, 4_096)]
    [InlineData("ollama run qwen3:8b", "RTX 3090", 32_768, 32_768)]
    [InlineData("ollama run qwen3:8b", "H100 80GB", 40_960, 40_960)]
    public void A_slot_has_the_context_that_the_program_gives_it(string line, string gpu, int least, int most)
    {
        var answer = Launched(line, gpu);
        Assert.InRange(answer.ContextLength!.Value, least, most);
        Assert.NotEqual("NoFit", answer.Verdict);
    }

    /// <summary>Each worker is a device that nobody knows here: neither counted nor passed over.</summary>
    [Theory]
    [InlineData("Qwen3-32B-Q8_0", "Unknown")]
    [InlineData("Qwen3-8B-Q8_0", "Fits")]
    public void Workers_are_devices(string model, string verdict)
    {
        var line = $"llama-server -m {model}.gguf --rpc 192.0.2.7:50052 -ts 1,1 -dev RPC0,CUDA0 -c 8192 -np 1";
        var answer = Launched(line, "RTX 3090");
        Assert.Equal((verdict, "Approximate"), (answer.Verdict, answer.Accuracy));
    }

    /// <summary>A router's presets are the line that it starts its first model with.</summary>
    [Fact]
    public void Presets_are_a_launch_line()
    {
        const string presets = """
            version = 1
            [*]
            cache-type-k = q8_0
            ctx-size = 4096   ; for all
            kv-unified = true
            [unsloth/Qwen3.6-27B-GGUF:Q4_K_M]
            ctx-size = 65536
            parallel = 2
            no-mmproj = true
            LLAMA_ARG_CACHE_TYPE_V = q8_0
            """;
        var answer = FitEngine.Test(Line(presets, "RTX 5090", null), NullSink.Instance);
        Assert.Equal(("Qwen/Qwen3.6-27B", "Q4_K_M"), (answer.Model, answer.Quantization));
        Assert.Equal((65536, 2, "Q8_0", "Q8_0"), (
            answer.ContextLength, answer.ParallelSequences, answer.KeyCacheType, answer.ValueCacheType));
        Assert.True(answer.KvUnified);
        Assert.Null(answer.Projector);
    }

    /// <summary>What a plan prints, read again, takes the same bytes everywhere: questions of a fixed seed.</summary>
    [Fact]
    public void An_emitted_line_reads_back_to_the_same_bytes()
    {
        var random = new Random(14);
        T Any<T>(params T[] all) => all[random.Next(all.Length)];
        var wrong = new List<string>();
        for (var i = 0; i < 60; i++)
        {
            var question = new FitQuestion
            {
                Model = PublishedModels.Resolve(
                    Any("qwen3-8b", "qwen3-30b-a3b", "llama-3.3-70b", "gemma-3-27b", "qwen3.6-27b", "gpt-oss-20b"),
                    NullSink.Instance),
                Machine = Machines.Of(Any("RTX 3090", "RTX 3060 12GB", "H100 80GB")) with
                {
                    SystemMemoryBytes = 96L << 30,
                },
                Options = new RuntimeOptions
                {
                    ContextLength = Any(4096, 8192, 20_000, 32_768),
                    ParallelSequences = Any(1, 1, 2, 4),
                    MicroBatchSize = Any(256, 512, 1024),
                    KeyCacheType = Any(KvCacheType.F16, KvCacheType.Q8_0),
                    ValueCacheType = Any(KvCacheType.F16, KvCacheType.Q8_0),
                    KvUnified = Any(false, true),
                },
            };
            var plan = FitEngine.Plan(question, NullSink.Instance);
            if (plan.CommandLine is not { } line) continue;
            var again = FitEngine.Plan(Line(line, null, question.Machine), NullSink.Instance);
            var (first, second) = (Bytes(plan), Bytes(again));
            if (first != second) wrong.Add($"{line}: {first} is {second}");
        }

        Assert.Empty(wrong);
    }

    private static string Bytes(OffloadPlan plan) => string.Join(' ', plan.Devices.Select(
        device => FormattableString.Invariant($"{device.WeightBytes},{device.KvCacheBytes},{device.ComputeBytes}")));

    private static long Total(string line) =>
        FitEngine.Measure(Line(line, null, null), NullSink.Instance).TotalBytes!.Value;

    private static ModelFitResult Launched(string line, string gpu, int? gibibytes = null) =>
        FitEngine.Test(
            Line(line, gpu, gibibytes is null ? null : Machines.Of(gpu) with
            {
                SystemMemoryBytes = (long)gibibytes << 30,
            }),
            NullSink.Instance);

    private static FitQuestion Line(string line, string? gpu, MachineSpec? machine)
    {
        var read = LaunchReader.Parse(line, NullSink.Instance);
        var name = read.FileName ?? (read.Quantization is null ? read.Model! : $"{read.Model}:{read.Quantization}");
        return read.ApplyTo(new FitQuestion
        {
            Model = PublishedModels.Resolve(read.Runtime == ModelRuntime.Ollama ? read.Model! : name, NullSink.Instance),
            Machine = machine ?? (gpu is null ? null : Machines.Of(gpu)),
        });
    }
}
