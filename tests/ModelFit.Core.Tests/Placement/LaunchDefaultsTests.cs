using ModelFit.Catalog;
using ModelFit.Fit;
using ModelFit.Runtimes;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Placement;

/// <summary>What llama.cpp's programs take where a line says nothing, and what their own fit leaves.</summary>
public sealed class LaunchDefaultsTests
{
    /// <summary>Threads and trackers of 2026 state the bytes: four slots and one cache, in MiB of a card.</summary>
    [Theory]
    [InlineData("llama-server -c 32768 -ngl 99", 4, true, 32768, 32768)]
    [InlineData("llama-server -c 32768 -np 4", 4, false, 8192, 32768)]
    [InlineData("llama-server -c 32768 -np 4 -kvu", 4, true, 32768, 32768)]
    [InlineData("llama-server -c 100000 -np 8 -kvu", 8, true, 40960, 100000)]
    [InlineData("llama-server -np 2 --kv-unified-per-slot 4096 -kvu", 2, true, 4096, 8192)]
    [InlineData("llama-server -c 98304 -np 1", 1, false, 40960, 98304)]
    [InlineData("llama serve -c 16384", 4, true, 16384, 16384)]
    [InlineData("llama-cli -c 16384", 1, false, 16384, 16384)]
    [InlineData("llama-bench -p 2048 -n 128 -d 4096", 1, false, 6144, 6144)]
    [InlineData("llama-bench -pg 512,128", 1, false, 640, 640)]
    [InlineData("llama-batched-bench -c 8192 -npl 1,4,16", 16, false, 512, 8192)]
    [InlineData("llama-server -fit off -np 1", 1, false, 40960, 40960)]
    [InlineData("llama-server -fit off", 4, true, 40960, 40960)]
    [InlineData("LLAMA_ARG_CTX_SIZE=4096 llama-server -np -1", 4, true, 4096, 4096)]
    public void A_program_has_its_own_slots_and_context(
        string line, int sequences, bool unified, int context, long total)
    {
        var options = Asked(line, "qwen3-8b").Options;
        Assert.Equal(
            (sequences, unified, context, total),
            (options.ParallelSequences, options.KvUnified, options.ContextLength, options.TotalTokens));
    }

    /// <summary>
    /// vllm/config/model.py, _get_and_verify_max_len; sglang/srt/configs/model_config.py, _derive_context_length.
    /// </summary>
    [Theory]
    [InlineData("vllm serve a --max-model-len 65536", true)]
    [InlineData("VLLM_ALLOW_LONG_MAX_MODEL_LEN=1 vllm serve a --max-model-len 65536", false)]
    [InlineData("sglang serve --model-path a --context-length 65536", true)]
    [InlineData("SGLANG_ALLOW_OVERWRITE_LONGER_CONTEXT_LEN=1 sglang serve --model a --context-length 50000", false)]
    [InlineData("sglang serve --model-path a --context-length 40960", false)]
    public void A_longer_context_than_the_trained_one_is_refused_unless_it_is_allowed(string line, bool isRefused)
    {
        var question = Asked(line, "qwen3-8b") with { Machine = Machines.Of("RTX 4090", 64) };
        var refusal = FitCase.Of(question, NullSink.Instance).TryStart();
        Assert.Equal(isRefused, refusal?.Contains("the model was trained for 40960", StringComparison.Ordinal) == true);
    }

    /// <summary>
    /// vllm: CMakeLists.txt and get_min_capability of its quantizations; sglang: "only supports sm75 and above".
    /// </summary>
    [Theory]
    [InlineData("vllm serve a", "Tesla P40", false)]
    [InlineData("vllm serve a", "Tesla V100 PCIe 32GB", false)]
    [InlineData("docker run vllm/vllm-openai:v0.10.2 a", "Tesla V100 PCIe 32GB", true)]
    [InlineData("docker run vllm/vllm-openai:v0.10.2 a -q awq", "Tesla V100 PCIe 32GB", false)]
    [InlineData("vllm serve a --dtype bfloat16", "Quadro RTX 8000", false)] // platforms/cuda.py, check_if_supports_dtype
    [InlineData("vllm serve a --dtype half", "Quadro RTX 8000", true)]
    [InlineData("vllm serve a --dtype bfloat16", "NVIDIA L4", true)]
    [InlineData("sglang serve --model-path a --dtype bfloat16", "Quadro RTX 8000", true)] // it computes in float16 instead
    [InlineData("vllm serve a -q awq", "RTX 2080 Ti", true)]
    [InlineData("vllm serve a", "RX 7900 XTX", true)]
    [InlineData("vllm serve a", "Apple M4 Max 64GB", false)]
    [InlineData("sglang serve --model-path a", "Tesla V100 PCIe 32GB", false)]
    [InlineData("sglang serve --model-path a", "RTX 3090", true)]
    public void An_engine_needs_cards_that_its_kernels_were_made_for(string line, string gpu, bool runs)
    {
        var question = Asked(line, "qwen3-8b") with { Machine = Machines.Of(gpu, 64) };
        question = question with { Options = question.Options with { ContextLength = 2048 } };
        var answer = FitEngine.Test(question, NullSink.Instance);
        Assert.Equal(runs, answer.Verdict is "Fits" or "Tight");
        Assert.Equal(runs, !answer.Reason.Contains("needs CUDA compute", StringComparison.Ordinal)
            && !answer.Reason.Contains("does not run on", StringComparison.Ordinal));
    }

    [Fact]
    public void A_card_that_an_engine_cannot_use_is_left_to_others()
    {
        var question = Asked("vllm serve a", "qwen3-8b") with { Machine = Machines.Of("Tesla P40 + RTX 4090", 64) };
        question = question with { Options = question.Options with { ContextLength = 2048 } };
        var answer = FitEngine.Test(question, NullSink.Instance);
        Assert.Contains("on NVIDIA GeForce RTX 4090", answer.Reason, StringComparison.Ordinal);
    }

    /// <summary>
    /// The server keeps a row of logits a sequence; what embeds, and what says nothing of it, all rows.
    /// </summary>
    [Theory]
    [InlineData("llama-server", null, 2048, 512)]
    [InlineData("llama-server --embedding", 0, 512, 512)]
    [InlineData("llama-server --rerank -ub 1024", 0, 1024, 1024)]
    [InlineData("llama-server --pooling none", null, 2048, 512)]
    [InlineData("llama-bench -b 4096", 0, 4096, 512)]
    [InlineData("llama-completion", 0, 2048, 512)]
    [InlineData("llama-embedding -c 4096", 0, 4096, 4096)]
    public void A_program_has_its_own_batches(string line, int? outputs, int batch, int microBatch)
    {
        var options = Asked(line, "qwen3-8b").Options;
        Assert.Equal((outputs, batch, microBatch), (options.OutputCount, options.BatchSize, options.MicroBatchSize));
    }

    /// <summary>Without a length the model's own is taken for each slot, and cut to what the cards hold.</summary>
    [Fact]
    public void A_server_cuts_the_context_to_what_fits()
    {
        var plan = Plan("llama-server -ngl 99", "qwen3-8b", "RTX 3060 12GB", 64);
        Assert.Equal("Fits", plan.Verdict);
        Assert.InRange(plan.ContextLength!.Value, 4096, 40960);
        Assert.Contains("cut the context from 163840", plan.Reason, StringComparison.Ordinal);
        var most = Plan("llama-server -c 0 -ngl 99 -np 1", "qwen3-8b", "RTX 3060 12GB", 64);
        Assert.Equal(40960, most.ContextLength);
    }

    /// <summary>A context that is given stays, and layers leave the cards; what the line pins stays too.</summary>
    [Fact]
    public void A_server_moves_layers_where_the_context_is_given()
    {
        var open = Plan("llama-server -c 16384 -np 1", "qwen3-32b", "RTX 3060 12GB", 64);
        Assert.Equal("Offload", open.Verdict);
        Assert.InRange(open.GpuLayers!.Value, 1, open.TotalLayers!.Value - 1);
        Assert.True(open.Devices[0].HeadroomBytes >= 1L << 30);
        var wide = Plan("llama-server -c 16384 -np 1 -fitt 4096", "qwen3-32b", "RTX 3060 12GB", 64);
        Assert.True(wide.GpuLayers < open.GpuLayers);
        var off = Plan("llama-server -c 16384 -np 1 -fit off", "qwen3-32b", "RTX 3060 12GB", 64);
        Assert.Equal("NoFit", off.Verdict);
    }

    [Theory]
    [InlineData("llama-server -md draft.gguf")]
    [InlineData("llama-server --spec-type draft-eagle3")]
    [InlineData("llama-server --rpc 10.0.0.1:50052")]
    [InlineData("llama-server --control-vector v.gguf")]
    [InlineData("llama-server --frobnicate")]
    public void What_is_not_counted_is_not_exact(string line)
    {
        Assert.NotEqual("Exact", Plan(line + " -c 4096", "qwen3-8b", "RTX 3090", 64).Accuracy);
        Assert.Equal("Exact", Plan("llama-server -c 4096", "qwen3-8b", "RTX 3090", 64).Accuracy);
    }

    [Theory]
    [InlineData("--temp 0.7 --top-k 20 -t 8 --host 0.0.0.0 --port 80 --jinja -fa on --no-webui -n -1 --seed -1")]
    [InlineData("--spec-type ngram-mod --spec-default --metrics --slots -cb --api-key secret -lv 4")]
    public void What_is_known_not_to_matter_says_nothing(string words)
    {
        var sink = new RecordingSink();
        var line = LaunchReader.Parse("llama-server -c 4096 " + words, sink);
        Assert.Empty(sink.Warnings);
        Assert.Null(line.ApplyTo(new FitQuestion { Model = ModelOf("qwen3-8b") }).Uncounted);
    }

    [Fact]
    public void An_unknown_word_is_a_warning_without_its_value()
    {
        var sink = new RecordingSink();
        LaunchReader.Parse("llama-server --frobnicate s3cret", sink);
        Assert.Contains(sink.Warnings, message => message.Contains("--frobnicate", StringComparison.Ordinal));
        Assert.DoesNotContain(sink.Warnings.Concat(sink.Verboses), message => message.Contains("s3cret"));
    }

    [Fact]
    public void Rows_of_weights_over_cards_are_refused()
    {
        var error = Assert.Throws<ModelFitException>(
            () => Plan("llama-server -sm row -c 4096", "qwen3-8b", "2x RTX 3090", 64));
        Assert.Contains("row", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_typed_length_beyond_the_trained_one_is_capped_as_the_server_caps_it()
    {
        var question = new FitQuestion
        {
            Model = ModelOf("qwen3-8b"),
            Machine = Machines.Of("RTX 3090", 64),
            Options = new RuntimeOptions { ContextLength = 98304 },
        };
        var result = FitEngine.Test(question, NullSink.Instance);
        Assert.Equal(40960, result.ContextLength);
        Assert.Contains("40960", result.Reason, StringComparison.Ordinal);
    }

    private static ModelSpec ModelOf(string model) => ModelCatalog.Resolve(model, NullSink.Instance);

    private static FitQuestion Asked(string line, string model) =>
        LaunchReader.Parse(line, NullSink.Instance).ApplyTo(new FitQuestion { Model = ModelOf(model) });

    private static OffloadPlan Plan(string line, string model, string gpus, double memory) => FitEngine.Plan(
        LaunchReader.Parse(line, NullSink.Instance).ApplyTo(
            new FitQuestion { Model = ModelOf(model), Machine = Machines.Of(gpus, memory) }),
        NullSink.Instance);
}
