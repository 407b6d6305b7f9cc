using ModelFit.Catalog;
using ModelFit.Fit;
using ModelFit.Placement;
using ModelFit.Runtimes;
using ModelFit.Speed;
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

    /// <summary>
    /// 131,072 tokens on an RTX 3090, plain and with four drafted tokens (the README there), with the file that unsloth
    /// published in August 2026; ggml-org's of that name is 1.9 GB larger, which is said.
    /// </summary>
    [Theory]
    [InlineData("", 18_856)]
    [InlineData(" --spec-type draft-mtp --spec-draft-n-max 4", 20_486)]
    public void Drafting_over_a_long_context_takes_what_was_measured(string words, int mebibytes)
    {
        const string line = "llama-server -m Qwen3.8-27B-Q4_K_M.gguf -c 131072 -fa 1 -np 1 -ctk q4_0 -ctv q4_0";
        var answer = Launched(line + words, "RTX 3090");
        Assert.InRange(answer.RequiredBytes!.Value / Mib, mebibytes * 0.99, mebibytes * 1.01);
        Assert.Equal("Fits", answer.Verdict);
        Assert.Contains("18,973,870,432 in ggml-org/Qwen3.8-27B-GGUF", answer.Assumptions);
    }

    /// <summary>
    /// A fit sees what is free when a model is loaded, 23,858 MiB of 24,124 on an RTX 3090: cuBLAS takes its workspace
    /// later.
    /// </summary>
    [Fact]
    public void A_fit_sees_the_memory_before_a_workspace_is_made()
    {
        var card = Assert.Single(MachineBudget.For(new FitQuestion
        {
            Model = SmallModels.Of(4), Machine = Machines.Of("RTX 3090"),
        }).Cards);
        var free = (card.Limit(keepReserve: false) + card.LaterBytes) / Mib;
        Assert.InRange(free, 23_858 - 30, 23_858 + 30);
    }

    /// <summary>Two RTX 5060 Ti share each layer 1.68 times as fast as they take layers in turn.</summary>
    [Fact]
    public void A_share_of_every_tensor_is_faster_than_layers_in_turn()
    {
        const string line = "llama-server -m Qwen3.8-27B-Q4_K_M.gguf -c 8192 -np 1 -ngl 99 -sm ";
        var layers = Launched(line + "layer", "2x RTX 5060 Ti 16GB").DecodeTokensPerSecond!.Value;
        var shares = Launched(line + "tensor", "2x RTX 5060 Ti 16GB").DecodeTokensPerSecond!.Value;
        Assert.InRange(shares / layers, 1.5, 1.9);
    }

    /// <summary>
    /// Copies for pipelines alone are no lack of room: 24B in Q8_0 with micro-batches of 4,096 on two cards
    /// (llama.cpp, pull request 16748).
    /// </summary>
    [Theory]
    [InlineData(16, "Fits")]
    [InlineData(14.5, "Tight")]
    [InlineData(12, "NoFit")]
    public void Copies_alone_are_no_lack_of_room(double gibibytes, string verdict)
    {
        const string line =
            "llama-server -m Mistral-Small-24B-Instruct-2501-Q8_0.gguf -c 4096 -np 1 -b 4096 -ub 4096 -ngl 99";
        var answer = FitEngine.Test(Line(line, null, Machines.OfSizes(null, gibibytes, gibibytes)), NullSink.Instance);
        Assert.Equal(verdict, answer.Verdict);
    }

    /// <summary>
    /// Fully on the GPU of an M4 Pro with 24 GB at 4,096 tokens, 70 tokens a second (llmfit, pull request 812).
    /// </summary>
    [Fact]
    public void A_Mac_runs_what_its_limit_holds()
    {
        const string line = "llama-server -m Qwen3-30B-A3B-Instruct-2507-Q4_K_M.gguf -c 4096 -np 1 -ngl 999";
        var answer = Launched(line, "Apple M4 Pro 24GB");
        Assert.Equal(("Tight", 49), (answer.Verdict, answer.GpuLayers));
        Assert.InRange(answer.DecodeTokensPerSecond!.Value, 55, 85);
    }

    /// <summary>
    /// A part of a file is mapped from its first tensor on the GPU to its last (get_mapping_range): two layers of 49
    /// have 947 MiB and map 30,973 (llama.cpp, issue 24510), which a Mac of 36 GB does not give its GPU.
    /// </summary>
    [Theory]
    [InlineData("Apple M4 Max 64GB", "-ngl 2", 30_973, "Offload")]
    [InlineData("Apple M4 Max 64GB", "-ngl 2 --no-mmap", 947, "Offload")]
    [InlineData("Apple M4 Max 64GB", "-ngl 99 -cmoe", 30_973, "Offload")]
    [InlineData("Apple M4 Max 36GB", "-ngl 2", 30_973, "NoFit")]
    [InlineData("Apple M4 Max 36GB", "-ngl 2 --no-mmap", 947, "Offload")]
    public void A_Mac_maps_a_part_of_a_file_with_all_that_lies_between(
        string gpu, string words, int mebibytes, string verdict)
    {
        var line = "llama-server -m Qwen3-30B-A3B-Instruct-2507-Q8_0.gguf -c 4096 -np 1 " + words;
        var plan = FitEngine.Plan(Line(line, gpu, null), NullSink.Instance);
        Assert.Equal(verdict, plan.Verdict);
        Assert.InRange(plan.Devices[0].WeightBytes!.Value / Mib, mebibytes * 0.98, mebibytes * 1.01);
        if (verdict == "NoFit") return;
        var again = FitEngine.Plan(Line(plan.CommandLine!, gpu, null), NullSink.Instance);
        Assert.Equal(plan.Devices[0].WeightBytes, again.Devices[0].WeightBytes);
    }

    /// <summary>What runs on a processor beside an integrated GPU reads the memory that both share.</summary>
    [Theory]
    [InlineData("Radeon 8060S", "256.0 GB/s, which is the GPU's too")]
    [InlineData("RTX 3060 12GB", "51.2 GB/s (2 channels at 3200 MT/s)")]
    public void A_shared_memory_is_as_fast_for_both(string gpu, string said) =>
        Assert.Contains(said, HostSpeed.Supposed(Machines.Of(gpu, 96)));

    /// <summary>
    /// A drafting head is another model: its file tells its size, a name does not; with the file it needs no guess.
    /// </summary>
    [Theory]
    [InlineData("--spec-type draft-eagle3", "draft-eagle3 is not named")]
    [InlineData("-md Qwen3-8B-eagle3-Q8_0.gguf --spec-type draft-eagle3", "Qwen3-8B-eagle3-Q8_0.gguf is not counted")]
    [InlineData("-md Qwen3-8B-DFlash-Q8_0.gguf", "Qwen3-8B-DFlash-Q8_0.gguf is not counted")]
    [InlineData("-md mtp-Qwen3-8B.gguf", "mtp-Qwen3-8B.gguf is not counted")]
    [InlineData("--spec-type draft-unheard", "draft-unheard")]
    public void A_drafting_head_that_is_not_counted_is_said(string words, string said)
    {
        var answer = Launched("llama-server -m qwen3-8b-Q4_K_M.gguf -c 8192 -np 1 " + words, "RTX 3090");
        Assert.Equal("Approximate", answer.Accuracy);
        Assert.Contains(said, answer.Assumptions);
    }

    /// <summary>Words that stand for a model and its settings (common/arg.cpp).</summary>
    [Theory]
    [InlineData("--gpt-oss-20b-default", "openai/gpt-oss-20b", 131_072, 2, 2048)]
    [InlineData("--gpt-oss-120b-default -np 1", "openai/gpt-oss-120b", 131_072, 1, 2048)]
    [InlineData("--fim-qwen-7b-default -c 4096", "Qwen/Qwen2.5-Coder-7B", 4_096, 4, 1024)]
    public void A_word_may_stand_for_a_model(string word, string model, int context, int slots, int microBatch)
    {
        var answer = Launched("llama-server " + word, "H100 80GB");
        Assert.Equal(
            (model, context, slots, microBatch),
            (answer.Model, answer.ContextLength, answer.ParallelSequences, answer.MicroBatchSize));
    }

    /// <summary>604 MiB of a second model, its cache and its buffers are part of all that is measured.</summary>
    [Fact]
    public void A_draft_model_is_part_of_what_is_measured()
    {
        const string line = "llama-server -m Qwen3-8B-Q4_K_M.gguf -c 8192 -np 1";
        var asked = Line(line, null, null);
        var draft = new DraftModel(PublishedModels.Resolve("qwen3-0.6b", NullSink.Instance), "Q8_0");
        var alone = FitEngine.Measure(asked, NullSink.Instance).TotalBytes!.Value;
        var both = FitEngine.Measure(asked with { Draft = draft }, NullSink.Instance).TotalBytes!.Value;
        Assert.InRange((both - alone) / Mib, 604 + 896, 604 + 896 + 400);
    }

    /// <summary>A line may name the file; its own words win over the file's, a model over the router.</summary>
    [Theory]
    [InlineData("llama-server --models-preset models.ini", "Qwen/Qwen3-8B", 16_384)]
    [InlineData("llama-server --models-preset=models.ini -c 4096", "Qwen/Qwen3-8B", 4_096)]
    [InlineData("LLAMA_ARG_MODELS_PRESET=models.ini llama-server", "Qwen/Qwen3-8B", 16_384)]
    [InlineData("llama-server -m qwen3-4b-Q4_K_M.gguf --models-preset models.ini -c 2048", "Qwen/Qwen3-4B", 2_048)]
    [InlineData("llama-server --models-preset absent.ini", null, 8_192)]
    public void A_router_reads_its_presets_from_a_file(string line, string? model, int context)
    {
        const string presets = "[*]\nparallel = 1\n[Qwen/Qwen3-8B-GGUF:Q4_K_M]\nctx-size = 16384\n[b]\nmodel = b.gguf";
        var sink = new RecordingSink();
        var read = LaunchReader.Parse(line, sink, path => path == "models.ini" ? presets : null);
        var found = read.Model is null ? null : PublishedModels.Resolve(read.FileName ?? read.Model, NullSink.Instance);
        Assert.Equal(model, found?.Name);
        if (found is null)
        {
            Assert.NotEmpty(read.ApplyTo(new FitQuestion { Model = SmallModels.Of(4) }).Uncounted!);
            return;
        }

        Assert.Equal(context, read.ApplyTo(new FitQuestion { Model = found }).Options.TotalTokens);
        var isTold = sink.Warnings.Any(said => said.Contains("2 models", StringComparison.Ordinal));
        Assert.Equal(model == "Qwen/Qwen3-8B", isTold);
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

    /// <summary>A repository of a model that sees brings a projector; where no list has it, that is said.</summary>
    [Theory]
    [InlineData("llama-server -hf unsloth/Llama-4-Scout-17B-16E-Instruct-GGUF:Q4_K_M -c 8192 -np 1", true)]
    [InlineData("llama-server -hf unsloth/Llama-4-Scout-17B-16E-Instruct-GGUF:Q4_K_M -c 8192 --no-mmproj", false)]
    [InlineData("llama-server -m Llama-4-Scout-17B-16E-Instruct-Q4_K_M.gguf -c 8192 -np 1", false)]
    [InlineData("ollama run llama4:16x17b", true)]
    [InlineData("llama-server -hf unsloth/Qwen3-8B-GGUF:Q4_K_M -c 8192 -np 1", false)]
    [InlineData("llama-server -hf unsloth/GLM-4.7-Flash-GGUF:Q4_K_M -c 8192 -np 1", false)]
    public void A_projector_that_no_list_has_is_said(string line, bool isSaid)
    {
        var answer = Launched(line, "H100 80GB", 128);
        var said = answer.Assumptions?.Contains("the projector that is loaded", StringComparison.Ordinal);
        Assert.Equal(isSaid, said == true);
        if (isSaid) Assert.Equal("Approximate", answer.Accuracy);
    }

    [Theory]
    [InlineData("llama-server -m Qwen3.8-27B-Q4_K_M.gguf -ngl 99", "RTX 3090", 8_192, 262_143)]
    [InlineData("llama-server -m gemma-4-26B-A4B-it-UD-Q4_K_XL.gguf -c 100000 -np 8 -kvu", "RTX 3090",
        100_000, 100_096)]
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
    [Theory]
    [InlineData(ModelRuntime.LlamaCpp, 30)]
    [InlineData(ModelRuntime.Ollama, 10)]
    [InlineData(ModelRuntime.LMStudio, 10)]
    [InlineData(ModelRuntime.Vllm, 10)]
    public void An_emitted_line_reads_back_to_the_same_bytes(ModelRuntime runtime, int count)
    {
        var random = new Random(14);
        T Any<T>(params T[] all) => all[random.Next(all.Length)];
        var (wrong, read) = (new List<string>(), 0);
        for (var i = 0; i < count; i++)
        {
            var question = new FitQuestion
            {
                Model = PublishedModels.Resolve(
                    Any("qwen3-8b", "qwen3-30b-a3b", "llama-3.3-70b", "gemma-3-27b", "qwen3.6-27b", "gpt-oss-20b"),
                    NullSink.Instance),
                Machine = Machines.Of(Any(
                    "RTX 3090", "RTX 3060 12GB", "H100 80GB", "2x RTX 3090", "RTX 3060 12GB + RTX 3090",
                    "RX 7900 XTX", "Apple M4 Max 64GB")) with
                {
                    SystemMemoryBytes = 96L << 30,
                },
                Options = new RuntimeOptions
                {
                    Runtime = runtime,
                    ContextLength = Any(4096, 8192, 20_000, 32_768),
                    ParallelSequences = Any(1, 1, 2, 4),
                    MicroBatchSize = Any(256, 512, 1024),
                    KeyCacheType = Any(KvCacheType.F16, KvCacheType.Q8_0),
                    ValueCacheType = Any(KvCacheType.F16, KvCacheType.Q8_0),
                    KvUnified = Any(false, true),
                },
            };
            if (runtime != ModelRuntime.LlamaCpp) question = question with { Options = Told(question.Options) };
            var sink = new RecordingSink();
            var plan = FitEngine.Plan(question, sink);
            if (plan.CommandLine is null || sink.Warnings.Any(IsUntold)) continue;
            read++;
            var line = $"{plan.Environment} "
                + (runtime == ModelRuntime.Ollama ? plan.Configuration : plan.CommandLine);
            var again = FitEngine.Plan(Line(line, null, question.Machine), NullSink.Instance);
            var (first, second) = (Bytes(plan), Bytes(again));
            if (first != second) wrong.Add($"{line}: {first} is {second}");
        }

        if (wrong.Count > 0) Assert.Fail(string.Join('\n', wrong));
        Assert.True(read > count / 4, $"{read} of {count}");
    }

    /// <summary>Whether a plan says that its line lacks something, which its configuration has.</summary>
    private static bool IsUntold(string warning) => warning.Contains("Configuration has", StringComparison.Ordinal);

    /// <summary>
    /// What these runtimes can be told: one type for both caches, caches apart, batches of their own.
    /// </summary>
    private static RuntimeOptions Told(RuntimeOptions options) => options with
    {
        KeyCacheType = KvCacheType.F16,
        ValueCacheType = KvCacheType.F16,
        KvUnified = false,
        MicroBatchSize = 512,
        ParallelSequences = options.Runtime == ModelRuntime.Vllm ? 1 : options.ParallelSequences,
    };

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
        return read.ApplyTo(new FitQuestion
        {
            Model = PublishedModels.Resolve(read.KnownFile ?? read.Model!, NullSink.Instance),
            Machine = machine ?? (gpu is null ? null : Machines.Of(gpu)),
        });
    }
}
