using ModelFit.Catalog;
using ModelFit.Fit;
using ModelFit.Hardware.Inventory;
using ModelFit.Runtimes;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Fit;

/// <summary>Questions that people asked in public threads of 2026, with what really happened.</summary>
public sealed class FieldCaseTests
{
    private const long Mib = 1L << 20;

    /// <summary>
    /// Four slots that share a cache cost what windows and states of three more sequences take: totals that
    /// <c>llama-server -c 32768 -ngl 99</c> shows less those of <c>-np 1</c>, in MiB.
    /// </summary>
    [Theory]
    [InlineData("gemma-3-27b-it", 22_011 - 20_754)]
    [InlineData("Qwen3.6-27B", 19_077 - 18_625)]
    [InlineData("granite-4.0-h-small", 20_748 - 20_304)]
    [InlineData("Qwen3-Next-80B-A3B-Instruct", 47_956 - 47_728)]
    public void A_server_that_is_not_told_its_slots_has_four(string model, long mebibytes)
    {
        var line = $"llama-server -m {model}-Q4_K_M.gguf -c 32768 -ngl 99";
        var more = Total(line) - Total(line + " -np 1");
        Assert.InRange(more / (double)Mib, mebibytes - 9, mebibytes + 9);
    }

    /// <summary>What the files of gpt-oss really need on a card: 63.4, 11.6 and 13.8 GB with 8,192 tokens.</summary>
    [Theory]
    [InlineData("gpt-oss-120b", "H100 80GB", "MXFP4_MOE", "Fits")]
    [InlineData("gpt-oss-120b-Q4_K_M.gguf", "H100 80GB", "Q4_K_M", "Fits")]
    [InlineData("gpt-oss-20b", "RTX 3060 12GB", "MXFP4_MOE", "Tight")]
    [InlineData("gpt-oss-20b-mxfp4.gguf", "RTX 3060 12GB", "MXFP4_MOE", "Tight")]
    [InlineData("gpt-oss-20b-F16.gguf", "RTX 3060 12GB", "F16", "NoFit")]
    [InlineData("Qwen3.6-27B-UD-Q8_K_XL.gguf", "RTX 3090", "UD-Q8_K_XL", "NoFit")]
    public void A_file_is_as_large_as_its_name_says(string model, string gpu, string quantization, string verdict)
    {
        var answer = FitEngine.Test(Asked(model, gpu), NullSink.Instance);
        Assert.Equal((quantization, verdict), (answer.Quantization, answer.Verdict));
        if (quantization.Contains('-')) Assert.NotEqual("Exact", answer.Accuracy);
    }

    /// <summary>What llama.cpp does not load is refused with what does: 27 GiB of MLX fit no RTX 3090 either.</summary>
    [Theory]
    [InlineData("mlx-community/Qwen3.6-27B-8bit", "MLX-8bit")]
    [InlineData("Qwen/Qwen3-32B-AWQ", "AWQ")]
    [InlineData("Qwen/Qwen3-8B-FP8", "FP8")]
    public void A_format_of_another_runtime_is_refused(string model, string format)
    {
        var error = Assert.Throws<ModelFitException>(
            () => FitEngine.Test(Asked(model, "RTX 3090"), NullSink.Instance));
        Assert.Contains("llama.cpp does not load " + format, error.Message);
    }

    /// <summary>
    /// ggml-org's own recipe for a card of 16 GB, with the one slot of its time; four slots share the trained length
    /// until September 2026, and have it each since (llama.cpp, pull request 28849).
    /// </summary>
    [Theory]
    [InlineData(" -np 1", null, "Fits")]
    [InlineData("", "b10600", "Fits")]
    [InlineData("", null, "Unknown")]
    public void A_repository_of_a_native_model_is_its_native_file(string words, string? build, string verdict)
    {
        var line = "llama-server -hf ggml-org/gpt-oss-20b-GGUF -c 0 -fa on --jinja" + words;
        var read = LaunchReader.Parse(line, NullSink.Instance);
        var asked = Asked(read.Model!, "RTX 4060 Ti 16GB");
        var answer = FitEngine.Test(
            read.ApplyTo(asked with { Options = asked.Options with { RuntimeVersion = build } }), NullSink.Instance);
        Assert.Equal(("MXFP4_MOE", verdict, 131072), (answer.Quantization, answer.Verdict, answer.ContextLength));
        Assert.Equal(verdict == "Unknown", answer.Reason.Contains("-np 1 or -c 131072", StringComparison.Ordinal));
    }

    /// <summary>About 1.2 GiB of cache for 65,536 tokens: 40 layers see 1,024 of them, 8 all, with one head.</summary>
    [Fact]
    public void Windows_keep_a_cache_small()
    {
        var asked = Asked("gemma-4-12b", "RTX 3090");
        var answer = FitEngine.Test(
            asked with { Options = asked.Options with { ContextLength = 65_536 } }, NullSink.Instance);
        Assert.InRange(answer.KvCacheBytes!.Value / (double)Mib, 1_100, 1_600);
    }

    /// <summary>18,973,870,432 bytes of the repository's file, where Q4_K_M by rule has 16,536,406,016.</summary>
    [Fact]
    public void A_tag_of_a_repository_is_its_file()
    {
        var line = Line("llama-server -hf ggml-org/Qwen3.8-27B-GGUF:Q4_K_M -c 8192 -np 1", "RTX 3090");
        Assert.Equal(18_973_870_432, FitEngine.Measure(line, NullSink.Instance).FileBytes);
        Assert.Equal("Modelled", FitEngine.Test(line, NullSink.Instance).Accuracy);
    }

    /// <summary>A repository of GGUF files has no AWQ.</summary>
    [Fact]
    public void A_tag_that_a_repository_cannot_have_is_an_error()
    {
        var error = Assert.Throws<ModelFitException>(() => Asked("Qwen/Qwen3-32B-GGUF:AWQ", "RTX 3090"));
        Assert.Contains("AWQ", error.Message);
    }

    /// <summary>
    /// An answer says the file that it counted, which its plan names; none where no size is listed, or only what
    /// llama-quantize makes is counted.
    /// </summary>
    [Theory]
    [InlineData("qwen3-30b-a3b", "Q4_K_M", false)]
    [InlineData("qwen3.6-27b", "Q4_K_M", true)]
    [InlineData("gpt-oss-20b", "MXFP4_MOE", true)]
    public void A_plan_that_names_a_file_was_made_for_it(string model, string quantization, bool isListed)
    {
        var plan = FitEngine.Plan(Asked(model, "H100 80GB") with { Quantization = quantization }, NullSink.Instance);
        var named = plan.Arguments[1].Split(':');
        Assert.Equal(isListed, plan.File is not null);
        Assert.Equal(isListed ? named[0] : null, plan.Repository);
    }

    /// <summary>
    /// A tag that a listed repository lacks is said with those that it has: its line would not start.
    /// </summary>
    [Theory]
    [InlineData("llama-server -hf Qwen/Qwen3-32B-GGUF:IQ1_S -c 8192", true)]
    [InlineData("llama-server -hf Qwen/Qwen3-32B-GGUF:Q5_K_M -c 8192", false)]
    [InlineData("ollama run hf.co/Qwen/Qwen3-32B-GGUF:IQ1_S", true)]
    [InlineData("llama-server -hf nobody/Qwen3-32B-GGUF:IQ1_S -c 8192", false)]
    public void A_tag_that_a_repository_lacks_is_a_warning(string line, bool isSaid)
    {
        var sink = new RecordingSink();
        var read = LaunchReader.Parse(line, NullSink.Instance);
        var asked = read.ApplyTo(Asked($"{read.Model}:{read.Quantization}", "RTX 4090"));
        Assert.NotEqual("Exact", FitEngine.Test(asked, sink).Accuracy);
        Assert.Equal(isSaid, sink.Warnings.Exists(said => said.Contains("had no IQ1_S", StringComparison.Ordinal)));
    }

    /// <summary>
    /// A tag is looked for before a point or a hyphen of the file's name (common/download.cpp, find_best_model):
    /// ggml-org's file is found as mxfp4, and no file as MXFP4_MOE.
    /// </summary>
    [Theory]
    [InlineData("ggml-org/gpt-oss-120b-GGUF:mxfp4", true)]
    [InlineData("ggml-org/gpt-oss-120b-GGUF:MXFP4_MOE", false)]
    [InlineData("unsloth/Qwen3.6-27B-GGUF:Q4_K_M", true)]
    [InlineData("ggml-org/gpt-oss-20b-GGUF", true)]
    public void A_tag_that_finds_no_file_is_said(string address, bool isFound)
    {
        var read = LaunchReader.Parse($"llama-server -hf {address} -c 8192 -np 1 --no-mmproj", NullSink.Instance);
        var answer = FitEngine.Test(read.ApplyTo(Asked(read.Model!, "H100 80GB")), NullSink.Instance);
        var isSaid = answer.Assumptions?.Contains("finds no file", StringComparison.Ordinal) == true;
        Assert.Equal(isFound, !isSaid);
        if (!isFound) Assert.Equal("Approximate", answer.Accuracy);
    }

    [Theory]
    [InlineData("--spec-type draft-mtp --spec-draft-n-max 2")]
    [InlineData("-md Qwen3-0.6B-Q8_0.gguf")]
    [InlineData("--rpc 192.0.2.7:50052")]
    [InlineData("-pp 512")]
    public void What_is_loaded_beside_the_model_ends_Exact(string words)
    {
        var answer = Launched($"llama-server -m qwen3-8b-Q4_K_M.gguf -c 8192 -np 1 {words}", "RTX 3090");
        Assert.Equal("Approximate", answer.Accuracy);
        Assert.Contains("guess: ", answer.Assumptions);
    }

    /// <summary>20,013 of 24,576 MiB are used, as <c>--query-gpu=name,memory.total,memory.used</c> shows it.</summary>
    [Fact]
    public void A_card_that_is_nearly_full_holds_no_model()
    {
        var machine = Assert.Single(InventoryReader.ReadText(
            "name, memory.total [MiB], memory.used [MiB]\nNVIDIA GeForce RTX 3090, 24576 MiB, 20013 MiB",
            null, GpuCatalogLookup.Instance, NullSink.Instance));
        var answer = FitEngine.Test(Asked("qwen3-14b", "RTX 3090") with { Machine = machine }, NullSink.Instance);
        Assert.Equal("NoFit", answer.Verdict);
    }

    /// <summary>A card that nobody knows answers nothing: neither NoFit nor Fits, and never 0.</summary>
    [Fact]
    public void A_card_of_unknown_memory_is_no_verdict()
    {
        var machine = Assert.Single(InventoryReader.ReadText(
            "ComputerName,Gpu\npc,Unheard Of 7700", null, GpuCatalogLookup.Instance, NullSink.Instance));
        Assert.Null(machine.GpuMemoryBytes);
        var answer = FitEngine.Test(Asked("qwen3-8b", "RTX 3090") with { Machine = machine }, NullSink.Instance);
        Assert.Equal("Unknown", answer.Verdict);
    }

    private static long Total(string line) =>
        FitEngine.Measure(Line(line, null), NullSink.Instance).TotalBytes!.Value;

    private static ModelFitResult Launched(string line, string gpu) =>
        FitEngine.Test(Line(line, gpu), NullSink.Instance);

    private static FitQuestion Line(string line, string? gpu)
    {
        var read = LaunchReader.Parse(line, NullSink.Instance);
        return read.ApplyTo(Asked(read.Model!, gpu));
    }

    private static FitQuestion Asked(string model, string? gpu) => new()
    {
        Model = PublishedModels.Resolve(model, NullSink.Instance),
        Quantization = ModelCatalog.QuantizationIn(model),
        Machine = gpu is null ? null : Machines.Of(gpu),
    };
}
