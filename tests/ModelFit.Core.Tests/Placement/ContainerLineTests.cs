using ModelFit.Runtimes;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Placement;

/// <summary>Launch lines inside of containers: <c>docker run</c> and compose files.</summary>
public sealed class ContainerLineTests
{
    private const string Compose = """
        services:
          proxy:
            image: nginx:1.27
          llm:
            image: vllm/vllm-openai:v0.11.0
            environment:
              - HF_TOKEN=${HF_TOKEN}
              - CUDA_VISIBLE_DEVICES=0,1
            ports: ["8000:8000"]
            command: >
              --model Qwen/Qwen3-8B
              --tensor-parallel-size 2
              --max-model-len ${LENGTH:-16384}
        volumes:
          cache:
        """;

    private const string ComposeList = """
        services:
          vllm:
            image: "vllm/vllm-openai:latest"
            command:
              - --model
              - Qwen/Qwen3-8B
              - --max-model-len=4096
              - "--gpu-memory-utilization"
              - "0.8"
            deploy:
              resources:
                reservations:
                  devices:
                    - driver: nvidia
                      device_ids: ["1"]
        """;

    [Theory]
    [InlineData("docker run --gpus all --ipc=host vllm/vllm-openai:v0.11.0 --model a/b -tp 2", "a/b", 2, "0.11.0")]
    [InlineData("sudo podman run -d --rm -e X=1 -v /m:/m vllm/vllm-openai:latest --model=a/b", "a/b", null, null)]
    [InlineData("docker run --entrypoint vllm nvcr.io/nvidia/vllm:25.11-py3 serve a/b -tp=4", "a/b", 4, null)]
    [InlineData("docker run rocm/vllm:v0.14.0 vllm serve a/b", "a/b", null, "0.14.0")]
    public void What_a_container_runs_is_read(string text, string model, int? cards, string? version)
    {
        var line = LaunchReader.Parse(text, NullSink.Instance);
        Assert.Equal(ModelRuntime.Vllm, line.Runtime);
        Assert.Equal(model, line.Model);
        Assert.Equal(cards, line.TensorParallel);
        Assert.Equal(version, line.ApplyTo(new FitQuestion { Model = SmallModels.Of(4) }).Options.RuntimeVersion);
    }

    [Fact]
    public void The_cards_of_a_container_are_those_that_it_is_given()
    {
        var line = LaunchReader.Parse(
            "docker run --gpus '\"device=1,3\"' -e VLLM_ALLOW_LONG_MAX_MODEL_LEN=1 vllm/vllm-openai --model a/b",
            NullSink.Instance);
        Assert.Equal(["1", "3"], line.Visible!);
        Assert.True(line.ApplyTo(new FitQuestion { Model = SmallModels.Of(4) }).Options.Serving.AllowsLonger);
    }

    private const string Pod = """
        spec:
          containers:
            - name: vllm
              image: vllm/vllm-openai:v0.11.0
              command: ["/bin/sh", "-c"]
              args:
                - "vllm serve Qwen/Qwen3-8B --max-model-len 16384 -tp 2"
              env:
                - name: CUDA_VISIBLE_DEVICES
                  value: "0,1"
        """;

    /// <summary>Tags of docs/docker.md; one without a backend has the processor's alone.</summary>
    [Theory]
    [InlineData("server-cuda", ComputeBackend.Cuda, null)]
    [InlineData("server-cuda13-b10560", ComputeBackend.Cuda, "b10560")]
    [InlineData("light-vulkan", ComputeBackend.Vulkan, null)]
    [InlineData("full-rocm-b9000", ComputeBackend.Hip, "b9000")]
    [InlineData("server-intel", null, null)]
    [InlineData("server", ComputeBackend.Cpu, null)]
    public void An_image_of_llama_says_its_backend_and_its_build(string tag, ComputeBackend? backend, string? build)
    {
        var line = LaunchReader.Parse($"docker run ghcr.io/ggml-org/llama.cpp:{tag} -m a.gguf", NullSink.Instance);
        var options = line.ApplyTo(new FitQuestion { Model = SmallModels.Of(4) }).Options;
        Assert.Equal((backend, build), (options.Backend, options.RuntimeVersion));
    }

    [Theory]
    [InlineData(Pod, 16384L, 2, null)]
    [InlineData(Compose, 16384L, 2, null)]
    [InlineData(ComposeList, 4096L, null, 0.8)]
    public void A_compose_file_is_read(string text, long length, int? cards, double? share)
    {
        var line = LaunchReader.Parse(text, NullSink.Instance);
        Assert.Equal(ModelRuntime.Vllm, line.Runtime);
        Assert.Equal("Qwen/Qwen3-8B", line.Model);
        Assert.Equal(length, line.SequenceContext);
        Assert.Equal(cards, line.TensorParallel);
        Assert.Equal(share, line.MemoryUtilization);
        Assert.Equal(cards is null ? ["1"] : ["0", "1"], line.Visible!);
    }

    [Theory]
    [InlineData("python -m sglang.launch_server --model-path a/b --tp 2", ModelRuntime.SGLang, 2)]
    [InlineData(
        "docker run lmsysorg/sglang:latest python3 -m sglang.launch_server --model-path a/b",
            ModelRuntime.SGLang, null)]
    [InlineData("mlx_lm.server --model a/b --port 8080", ModelRuntime.Mlx, null)]
    public void Other_engines_are_known_by_their_lines(string text, ModelRuntime runtime, int? cards)
    {
        var line = LaunchReader.Parse(text, NullSink.Instance);
        Assert.Equal(runtime, line.Runtime);
        Assert.Equal("a/b", line.Model);
        Assert.Equal(cards, line.TensorParallel);
    }
}
