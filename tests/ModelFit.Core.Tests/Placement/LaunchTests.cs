using ModelFit.Catalog;
using ModelFit.Fit;
using ModelFit.Runtimes;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Placement;

/// <summary>How runtimes are told of a plan, and what is read from a launch line.</summary>
public sealed class LaunchTests
{
    [Theory]
    [InlineData("qwen3-32b", "RTX 3090", 64, ModelRuntime.LlamaCpp)]
    [InlineData("qwen3-32b", "2x RTX 3060 12GB", 64, ModelRuntime.LlamaCpp)]
    [InlineData("qwen3-30b-a3b", "RTX 3060 12GB", 64, ModelRuntime.LlamaCpp)]
    [InlineData("qwen3-30b-a3b", "RTX 3060 12GB + RTX 4060 8GB", 64, ModelRuntime.LlamaCpp)]
    [InlineData("mixtral-8x22b", "2x RTX 3090", 128, ModelRuntime.LlamaCpp)]
    [InlineData("qwen3-32b", "RTX 3060 12GB", 64, ModelRuntime.Ollama)]
    [InlineData("qwen3-30b-a3b", "2x RTX 3060 12GB", 64, ModelRuntime.Ollama)]
    [InlineData("qwen3-8b", "2x RTX 4090", 64, ModelRuntime.Vllm)]
    [InlineData("qwen3-14b", "2x RTX 4090", 64, ModelRuntime.Vllm)]
    public void A_plan_reads_back_as_what_it_planned(string model, string gpus, double memory, ModelRuntime runtime)
    {
        var question = new FitQuestion
        {
            Model = ModelCatalog.Resolve(model, NullSink.Instance),
            Machine = Machines.Of(gpus, memory),
            Options = new RuntimeOptions
            {
                Runtime = runtime,
                ParallelSequences = runtime == ModelRuntime.Vllm ? 1 : 2,
                KeyCacheType = KvCacheType.Q8_0,
                ValueCacheType = KvCacheType.Q8_0,
            },
        };
        var plan = FitEngine.Plan(question, NullSink.Instance);
        Assert.NotEqual("NoFit", plan.Verdict);
        var text = plan.Environment + " " + (runtime == ModelRuntime.Ollama ? plan.Configuration : plan.CommandLine);
        var line = LaunchReader.Parse(text, NullSink.Instance);
        Assert.Equal(runtime, line.Runtime);
        var again = FitEngine.Plan(
            line.ApplyTo(new FitQuestion { Model = question.Model, Machine = question.Machine }), NullSink.Instance);
        Assert.Equal(plan.Verdict, again.Verdict);
        Assert.Equal(
            plan.Devices.Select(device => (device.Name, device.Kind, device.TotalBytes)),
            again.Devices.Select(device => (device.Name, device.Kind, device.TotalBytes)));
    }

    /// <summary>Shells differ in quotes, variables and what joins commands; Windows in its backslashes.</summary>
    [Theory]
    [InlineData("llama-server -m /a/b.gguf -c 4096 -np 2", ModelRuntime.LlamaCpp, "/a/b.gguf", 2048, 2)]
    [InlineData("/opt/llama-cli --model=b.gguf --ctx-size 512", ModelRuntime.LlamaCpp, "b.gguf", 512, 1)]
    [InlineData("LLAMA_ARG_CTX_SIZE=4096 LLAMA_ARG_N_PARALLEL=4 llama-server -hf a/b:Q8_0",
        ModelRuntime.LlamaCpp, "a/b", 1024, 4)]
    [InlineData("sudo numactl -N 0 /usr/bin/llama-server -m x.gguf -c 1024",
        ModelRuntime.LlamaCpp, "x.gguf", 1024, 4)]
    [InlineData("& \"C:\\Program Files\\llama\\llama-server.exe\" -m \"C:\\my models\\b.gguf\" -c 2048",
        ModelRuntime.LlamaCpp, "C:\\my models\\b.gguf", 2048, 4)]
    [InlineData("llama-server.exe -m \"\\\\server\\share\\b.gguf\" -c 2048",
        ModelRuntime.LlamaCpp, "\\\\server\\share\\b.gguf", 2048, 4)]
    [InlineData("set OLLAMA_NUM_PARALLEL=2 && ollama run qwen3:8b", ModelRuntime.Ollama, "qwen3:8b", 8192, 2)]
    [InlineData("$env:OLLAMA_CONTEXT_LENGTH=4096; ollama serve", ModelRuntime.Ollama, null, 4096, 1)]
    [InlineData("FROM ./b.gguf\nPARAMETER num_ctx 2048\nPARAMETER num_gpu 10",
        ModelRuntime.Ollama, "./b.gguf", 2048, 1)]
    [InlineData("lms load qwen3-8b --gpu max -c 4096", ModelRuntime.LMStudio, "qwen3-8b", 4096, 1)]
    [InlineData("vllm serve Qwen/Qwen3-8B --max-model-len=4k --max-num-seqs 8 -tp 2",
        ModelRuntime.Vllm, "Qwen/Qwen3-8B", 4000, 1)]
    [InlineData("python -m vllm.entrypoints.openai.api_server --model a/b --max-model-len 512",
        ModelRuntime.Vllm, "a/b", 512, 1)]
    public void A_line_is_read_as_its_shell_would(
        string text, ModelRuntime runtime, string? model, int context, int sequences)
    {
        var line = LaunchReader.Parse(text, NullSink.Instance);
        var question = line.ApplyTo(new FitQuestion { Model = SmallModels.Of(4) });
        Assert.Equal(runtime, line.Runtime);
        Assert.Equal(model, line.Model);
        Assert.Equal(context, question.Options.ContextLength);
        Assert.Equal(sequences, question.Options.ParallelSequences);
    }

    [Fact]
    public void Every_word_that_matters_to_memory_is_heard()
    {
        var line = LaunchReader.Parse(
            "llama-server -np 1 -ub 256 -b 1024 -ctk q8_0 -ctv q4_0 -fa on -ngl 20 -ncmoe 3 -ot a=CPU,b=CPU -ts 3,1 "
            + "-dev CUDA1 -kvu --swa-full -nkvo --no-op-offload --no-mmap -nr -fitt 512 -mm p.gguf", NullSink.Instance);
        var question = line.ApplyTo(new FitQuestion { Model = SmallModels.Of(4) });
        Assert.Equal(
            new RuntimeOptions
            {
                MicroBatchSize = 256,
                BatchSize = 1024,
                KeyCacheType = KvCacheType.Q8_0,
                ValueCacheType = KvCacheType.Q4_0,
                FlashAttention = FlashAttentionMode.On,
                TensorSplit = new EquatableArray<double>([3, 1]),
                KvUnified = true,
                SwaFull = true,
                OffloadKv = false,
                OffloadOperations = false,
                MemoryMap = false,
                Repack = false,
                ContextLength = question.Options.ContextLength,
                CacheTokens = question.Options.CacheTokens,
            },
            question.Options);
        Assert.Equal((20, 3), (question.GpuLayers, question.CpuMoeLayers));
        Assert.Equal(["a=CPU", "b=CPU"], question.TensorOverrides!);
        Assert.Equal([1], question.Devices!);
        Assert.Equal(512L << 20, question.Fit!.TargetOf(0));
        Assert.Equal([("p.gguf", CompanionKind.Projector)], line.Companions);
        Assert.True(question.IsLaunched);
    }

    [Theory]
    [InlineData("llama-server -m 'a.gguf")]
    [InlineData("llama-server -c")]
    [InlineData("llama-server -c many")]
    [InlineData("llama-server -dev GPU")]
    [InlineData("vllm serve a --gpu-memory-utilization 2")]
    [InlineData("lms load a --gpu 7")]
    public void What_cannot_be_read_is_an_error_that_says_so(string text)
    {
        var error = Assert.Throws<ModelFitException>(() => LaunchReader.Parse(text, NullSink.Instance));
        Assert.Equal(ErrorIds.InvalidArgument, error.ErrorId);
    }

    [Fact]
    public void What_stays_out_of_a_shell_is_quoted()
    {
        var plan = FitEngine.Plan(
            new FitQuestion
            {
                Model = ModelCatalog.Resolve("qwen3-30b-a3b", NullSink.Instance),
                Machine = Machines.Of("RTX 3060 12GB", 64),
            },
            NullSink.Instance);
        Assert.Equal(plan.Arguments, ShellWords.Split(plan.CommandLine!).Skip(1));
    }

    /// <summary>Programs of others have words of their own, which are not known here, or their own copy of it.</summary>
    [Theory]
    [InlineData("llama-swap -m b.gguf -c 2048", true)]
    [InlineData("koboldcpp --model b.gguf -c 2048", true)]
    [InlineData("python3 -m llama_cpp.server --model b.gguf", true)]
    [InlineData("./start.sh -m b.gguf", true)]
    [InlineData("./llama-server -m b.gguf", false)]
    [InlineData("nohup llama-server -m b.gguf", false)]
    [InlineData("-m b.gguf -c 2048", false)]
    [InlineData("python3 -m sglang.launch_server --model-path Qwen/Qwen3-8B", false)]
    public void A_program_whose_buffers_nobody_compared_is_said(string text, bool isSaid) =>
        Assert.Equal(isSaid, LaunchReader.Parse(text, NullSink.Instance).Uncounted.Count > 0);

    /// <summary>What starts the program, and what a shell does with it, are no words of its own.</summary>
    [Theory]
    [InlineData("numactl --interleave=all -C 0-7 llama-server -m b.gguf -c 4096")]
    [InlineData("taskset -c 0-15 /opt/llama.cpp/llama-server-cuda -m b.gguf -c 4096")]
    [InlineData("sudo -u ai env A=1 llama-server -m b.gguf -c 4096 > /var/log/a.log 2>&1 &")]
    [InlineData("sudo -u llama numactl --cpunodebind=0 llama-server -m b.gguf -c 4096 > /dev/null 2>&1 &")]
    [InlineData("docker exec -it llama llama-server -m b.gguf -c 4096")]
    [InlineData("ssh host -p 2222 'cd /srv && ./llama-server -m b.gguf -c 4096'")]
    [InlineData("bash -lc \"llama-server -m b.gguf -c 4096 2>&1 | tee a.log\"")]
    [InlineData("llama-server -m b.gguf ^\r\n  -c 4096 # all of it")]
    [InlineData("[Unit]\nAfter=network.target\n[Service]\nEnvironment=A=1\nExecStart=-/usr/bin/llama-server \\\n "
        + "-m b.gguf -c 4096\nRestart=always")]
    [InlineData("[Container]\nImage=ghcr.io/ggml-org/llama.cpp:server-cuda\nExec=-m b.gguf -c 4096\nPublishPort=1:1")]
    [InlineData("docker run ghcr.io/ggml-org/llama.cpp:full-cuda --server -m b.gguf -c 4096")]
    public void What_surrounds_a_program_is_taken_off(string text)
    {
        var sink = new RecordingSink();
        var line = LaunchReader.Parse(text, sink);
        Assert.Equal(("b.gguf", 4096L, ModelRuntime.LlamaCpp), (line.Model, line.TotalContext, line.Runtime));
        Assert.Empty(line.Uncounted);
        Assert.Empty(sink.Warnings);
    }

    /// <summary>A drop-in of systemd sets variables and starts nothing; a path with a blank is no line.</summary>
    [Theory]
    [InlineData("[Service]\nEnvironment=\"OLLAMA_KV_CACHE_TYPE=q8_0\"\nEnvironment=\"OLLAMA_NUM_PARALLEL=2\"",
        ModelRuntime.Ollama)]
    [InlineData("VLLM_ALLOW_LONG_MAX_MODEL_LEN=1", ModelRuntime.Vllm)]
    [InlineData("LLAMA_ARG_CTX_SIZE=4096", ModelRuntime.LlamaCpp)]
    [InlineData("/bin/sh '/my programs/llama-server' -m b.gguf", ModelRuntime.LlamaCpp)]
    public void Variables_alone_say_whose_they_are(string text, ModelRuntime runtime)
    {
        var sink = new RecordingSink();
        Assert.Equal(runtime, LaunchReader.Parse(text, sink).Runtime);
        Assert.Empty(sink.Warnings);
    }

    /// <summary>Defaults of koboldcpp.py 1.117 and of llama_cpp/server/settings.py 0.3.35.</summary>
    [Theory]
    [InlineData("koboldcpp a.gguf", 12288, 512, KvCacheType.F16, null)]
    [InlineData("python koboldcpp.py --model a.gguf --usecublas 0 lowvram --contextsize 4096 --quantkv 1 --batchsize 256 "
        + "--gpulayers 20", 4096, 256, KvCacheType.Q8_0, 20)]
    [InlineData("python3 -m llama_cpp.server --model a.gguf", 2048, 512, KvCacheType.F16, 0)]
    [InlineData("python -m llama_cpp.server --model a.gguf --n_ctx 4096 --n_gpu_layers -1 --n_ubatch 256 --type_k 8 "
        + "--flash_attn true", 4096, 256, KvCacheType.Q8_0, int.MaxValue)]
    public void Programs_around_its_library_have_words_and_defaults_of_their_own(
        string text, int context, int microBatch, KvCacheType key, int? layers)
    {
        var sink = new RecordingSink();
        var line = LaunchReader.Parse(text, sink);
        var question = line.ApplyTo(new FitQuestion { Model = SmallModels.Of(4) });
        var options = question.Options;
        Assert.Equal(
            ("a.gguf", context, microBatch, key, layers),
            (line.Model!, line.TotalContext, options.MicroBatchSize, options.KeyCacheType, question.GpuLayers));
        Assert.Equal(1, options.ParallelSequences);
        Assert.Empty(sink.Warnings);
    }

    [Theory]
    [InlineData("llama-server -m a.gguf -fa --jinja", true)]
    [InlineData("llama-server -m a.gguf -fa", true)]
    [InlineData("llama-server -m a.gguf -fa on", false)]
    [InlineData("llama-server -m a.gguf -fa -1 --jinja", false)]
    public void A_word_that_needs_a_value_since_2025_is_said(string text, bool isSaid)
    {
        var sink = new RecordingSink();
        LaunchReader.Parse(text, sink);
        Assert.Equal(isSaid, sink.Warnings.Any(warning => warning.StartsWith("-fa ", StringComparison.Ordinal)));
    }
}
