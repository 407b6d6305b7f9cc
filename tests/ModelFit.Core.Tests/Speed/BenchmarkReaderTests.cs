using ModelFit.Speed.Benchmarks;
using Xunit;

namespace ModelFit.Core.Tests.Speed;

/// <summary>What benchmarks write, in the forms that their programs have.</summary>
public sealed class BenchmarkReaderTests
{
    private const string Json = """
        [{"model_filename":"/m/Qwen3-8B-Q4_K_M.gguf","gpu_info":"NVIDIA GeForce RTX 3090, NVIDIA GeForce RTX 3090",
        "backends":"CUDA","n_prompt":0,"n_gen":32,"n_depth":16384,"n_ubatch":1024,"flash_attn":true,"avg_ts":73.81}]
        """;

    private const string Csv = """
        "build_commit","gpu_info","backends","model_filename","n_ubatch","flash_attn","n_prompt","n_gen","n_depth","avg_ts"
        "abc","NVIDIA GeForce RTX 3090","CUDA","/m/a,b.gguf","512","1","512","0","0","4500.5"
        """;

    private const string Table = """
        | model | size | params | backend | ngl | n_ubatch | fa | test | t/s |
        | --- | ---: | ---: | --- | --: | -: | -: | --: | ---: |
        | qwen3 8B Q4_K - Medium | 4.68 GiB | 8.19 B | CUDA | 99 | 2048 | 1 | pp512 @ d4096 | 3925.76 ± 8.22 |
        | qwen3 8B Q4_K - Medium | 4.68 GiB | 8.19 B | CUDA | 99 | 2048 | 1 | pp512+tg128 | 900.00 ± 1.00 |
        """;

    private const string Batched = """
        |    PP |     TG |    B |   N_KV |   T_PP s | S_PP t/s |   T_TG s | S_TG t/s |      T s |    S t/s |
        |-------|--------|------|--------|----------|----------|----------|----------|----------|----------|
        |   512 |    128 |    8 |   5120 |    1.000 |  4096.00 |    2.000 |   512.00 |    3.000 |  1706.00 |
        """;

    private const string Log = """
        llama_model_loader: loaded meta data with 33 key-value pairs and 399 tensors from /m/Qwen3-8B-Q4_K_M.gguf (version GGUF V3)
        prompt eval time =     123.45 ms /   512 tokens (    0.24 ms per token,  4147.43 tokens per second)
               eval time =    2000.00 ms /   128 tokens (   15.62 ms per token,    64.00 tokens per second)
        """;

    private const string Timings = """
        {"model":"m.gguf","timings":{"cache_n":100,"prompt_n":512,"prompt_per_second":2000.5,"predicted_n":128,
        "predicted_per_second":60.25}}
        """;

    private const string Vllm = """
        {"model_id":"Qwen/Qwen3-8B","max_concurrency":8,"completed":80,"total_input_tokens":40960,
        "total_output_tokens":10240,"mean_ttft_ms":100,"mean_tpot_ms":25}
        """;

    private const string LocalScore = """
        {"results":[{"name":"pp1024+tg16","n_prompt":1024,"n_gen":16,"prompt_tps":3000,"gen_tps":90}]}
        """;

    [Theory]
    [InlineData(Json, true, 32, 16384, 1, 73.81)]
    [InlineData(Csv, false, 512, 0, 1, 4500.5)]
    [InlineData(Table, false, 512, 4096, 1, 3925.76)]
    [InlineData(Batched, true, 128, 512, 8, 64)]
    [InlineData(Log, false, 512, 0, 1, 4147.43)]
    [InlineData(Timings, true, 128, 612, 1, 60.25)]
    [InlineData(Vllm, true, 128, 512, 8, 40)]
    [InlineData(LocalScore, true, 16, 1024, 1, 90)]
    public void The_first_measurement_is_read(
        string text, bool isDecode, int tokens, int depth, int users, double tokensPerSecond)
    {
        var row = BenchmarkReader.Read(text, stop: TestContext.Current.CancellationToken)[0];
        Assert.Equal((isDecode, tokens, depth, users), (row.IsDecode, row.Tokens, row.Depth, row.Users));
        Assert.Equal(tokensPerSecond, row.TokensPerSecond, 0.01);
    }

    [Fact]
    public void Model_cards_and_settings_are_read_where_they_are_said()
    {
        var row = BenchmarkReader.Read(Json, stop: TestContext.Current.CancellationToken).Single();
        Assert.Equal("/m/Qwen3-8B-Q4_K_M.gguf", row.Model);
        Assert.Equal("NVIDIA GeForce RTX 3090 + NVIDIA GeForce RTX 3090", row.Gpu);
        Assert.Equal(1024, row.MicroBatch);
        Assert.True(row.FlashAttention);
        Assert.Equal("/m/a,b.gguf", BenchmarkReader.Read(Csv,
            stop: TestContext.Current.CancellationToken).Single().Model);
        Assert.All(BenchmarkReader.Read(Log,
            stop: TestContext.Current.CancellationToken), read => Assert.Equal("/m/Qwen3-8B-Q4_K_M.gguf", read.Model));
        Assert.All(BenchmarkReader.Read(Timings,
            stop: TestContext.Current.CancellationToken), read => Assert.Equal("m.gguf", read.Model));
        Assert.Single(BenchmarkReader.Read(Table, stop: TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("{")]
    [InlineData("[1,2]")]
    [InlineData("{\"avg_ts\":5}")]
    [InlineData("| model | t/s |\n| x | y |")]
    [InlineData("eval time = 1 ms / 99999999999999 tokens")]
    public void What_is_no_measurement_has_no_rows(string text) => Assert.Empty(BenchmarkReader.Read(text,
        stop: TestContext.Current.CancellationToken));

    /// <summary>Lines that llama.cpp writes when it starts, of CUDA, ROCm, Vulkan, llama-server and Metal.</summary>
    [Theory]
    [InlineData("  Device 0: NVIDIA GeForce RTX 3090, compute capability 8.6, VMM: yes", "NVIDIA GeForce RTX 3090")]
    [InlineData("  Device 0: AMD Radeon RX 7900 XTX, gfx1100 (0x1100), VMM: no", "AMD Radeon RX 7900 XTX")]
    [InlineData("ggml_vulkan: 0 = AMD Radeon RX 9070 XT (RADV) (radv) | uma: 0", "AMD Radeon RX 9070 XT (RADV)")]
    [InlineData("load_from_file_impl: using device CUDA0 (NVIDIA A40) (0000:01:00.0) - 45 MiB", "NVIDIA A40")]
    [InlineData("ggml_metal_init: picking default device: Apple M4 Max", "Apple M4 Max")]
    public void Cards_are_read_from_what_llama_cpp_says_first(string line, string card)
    {
        Assert.Equal(card, Read(line + "\n" + Table)[0].Gpu);
        Assert.All(Read(line + "\n" + Log), row => Assert.Equal(card, row.Gpu));
    }

    [Fact]
    public void Cards_that_are_listed_twice_count_once()
    {
        const string start = """
              Device 0: NVIDIA GeForce RTX 3090, compute capability 8.6, VMM: yes
              Device 1: NVIDIA GeForce RTX 3060, compute capability 8.6, VMM: yes
            llama_model_load_from_file_impl: using device CUDA0 (NVIDIA GeForce RTX 3090) - 23000 MiB free
            llama_model_load_from_file_impl: using device CUDA1 (NVIDIA GeForce RTX 3060) - 11000 MiB free

            """;
        Assert.Equal("NVIDIA GeForce RTX 3090 + NVIDIA GeForce RTX 3060", Read(start + Table)[0].Gpu);
    }

    [Fact]
    public void Json_is_found_after_what_went_to_the_same_file()
    {
        const string start = "ggml_cuda_init: found 1 CUDA devices:\n  Device 0: X, compute capability 8.6\n";
        var row = Read(start + Json).Single();
        Assert.Equal(73.81, row.TokensPerSecond, 0.01);
    }

    [Fact]
    public void Inner_results_have_the_model_and_the_card_of_the_outer()
    {
        const string text = """
            {"accelerator_info":{"name":"NVIDIA GeForce RTX 3090"},
            "model":{"name":"Llama 3.1 8B Instruct","quant":"Q4_K_M"},
            "results":[{"n_prompt":1024,"n_gen":16,"prompt_tps":3000,"gen_tps":90}]}
            """;
        Assert.All(Read(text), row =>
            Assert.Equal(("Llama 3.1 8B Instruct Q4_K_M", "NVIDIA GeForce RTX 3090"), (row.Model, row.Gpu)));
    }

    private static IReadOnlyList<BenchmarkRow> Read(string text) =>
        BenchmarkReader.Read(text, TestContext.Current.CancellationToken);
}
