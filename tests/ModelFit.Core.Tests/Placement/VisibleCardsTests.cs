using ModelFit.Catalog;
using ModelFit.Fit;
using ModelFit.Hardware.Inventory;
using ModelFit.Placement;
using ModelFit.Runtimes;
using ModelFit.Runtimes.LlamaCpp;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Placement;

/// <summary>Which cards a line lets its program have, by the driver's variables and by its own words.</summary>
public sealed class VisibleCardsTests
{
    private const string Cards =
        "GPU 0: NVIDIA GeForce RTX 3060 (UUID: GPU-aaaa1111-0000-0000-0000-000000000001)\n"
        + "GPU 1: NVIDIA GeForce RTX 3090 (UUID: GPU-bbbb2222-0000-0000-0000-000000000002)";

    private const string Model = " -m qwen3-8b-Q4_K_M.gguf -c 8192 -np 1 ";

    /// <summary>
    /// CUDA numbers the RTX 3090 first; a UUID may be abbreviated, and what names no card ends the list.
    /// </summary>
    [Theory]
    [InlineData("CUDA_VISIBLE_DEVICES=GPU-bbbb llama-server", "0")]
    [InlineData("CUDA_VISIBLE_DEVICES=gpu-AAAA1111-0000 llama-server", "1")]
    [InlineData("CUDA_VISIBLE_DEVICES=GPU-aaaa,GPU-bbbb llama-server", "1,0")]
    [InlineData("CUDA_VISIBLE_DEVICES=GPU-aaaa,GPU-9,GPU-bbbb llama-server", "1")]
    [InlineData("CUDA_VISIBLE_DEVICES=1,-1,0 llama-server", "1")]
    [InlineData("CUDA_VISIBLE_DEVICES=1,7,0 llama-server", "1")]
    [InlineData("CUDA_VISIBLE_DEVICES= llama-server", "")]
    [InlineData("CUDA_VISIBLE_DEVICES=1 llama-server -dev CUDA0", "1")]
    [InlineData("CUDA_VISIBLE_DEVICES=1,0 llama-server -dev CUDA1", "0")]
    [InlineData("docker run --gpus device=GPU-aaaa ghcr.io/ggml-org/llama.cpp:server-cuda", "1")]
    [InlineData("CUDA_VISIBLE_DEVICES=GPU-aaaa vllm serve Qwen/Qwen3-0.6B #", "1")]
    public void A_card_is_shown_by_its_number_or_its_UUID(string start, string numbers)
    {
        var machine = Assert.Single(InventoryReader.ReadText(
            Cards, null, GpuCatalogLookup.Instance, NullSink.Instance));
        var text = start.EndsWith('#') ? start.TrimEnd('#') : start + Model;
        var line = LaunchReader.Parse(text, NullSink.Instance);
        var question = RuntimeList.Of(line.Runtime).OnMachine(Asked(line, machine));
        Assert.Equal(numbers, string.Join(',', question.Devices!.Select(number => number)));
        Assert.Null(question.Uncounted);
    }

    /// <summary>The card that has a UUID is known where there is one card; elsewhere all are counted, and it is said.
    /// </summary>
    [Theory]
    [InlineData("RTX 3090", "Exact")]
    [InlineData("RTX 3090 + RTX 3060", "Approximate")]
    public void A_UUID_of_a_typed_card_is_said(string gpus, string accuracy)
    {
        var line = LaunchReader.Parse("CUDA_VISIBLE_DEVICES=GPU-bbbb llama-server" + Model, NullSink.Instance);
        var answer = FitEngine.Test(Asked(line, Machines.Of(gpus)), NullSink.Instance);
        Assert.Equal(accuracy, answer.Accuracy);
        Assert.Equal(accuracy != "Exact", answer.Assumptions?.Contains("GPU-bbbb is not known") == true);
    }

    /// <summary><c>-mg</c> counts among the cards that are shown or chosen, <c>-ts</c> follows their order.</summary>
    [Theory]
    [InlineData("CUDA_VISIBLE_DEVICES=1 llama-server -sm none -mg 0", "NVIDIA GeForce RTX 3060")]
    [InlineData("llama-server -dev CUDA1 -sm none -mg 0", "NVIDIA GeForce RTX 3060")]
    [InlineData("llama-server -dev CUDA1,CUDA0 -ts 3,1", "NVIDIA GeForce RTX 3060")]
    [InlineData("llama-server -dev CUDA0,CUDA1 -ts 3,1", "NVIDIA GeForce RTX 3090")]
    public void Words_about_cards_count_those_that_take_part(string start, string first)
    {
        var line = LaunchReader.Parse(start + Model, NullSink.Instance);
        var plan = FitEngine.Plan(Asked(line, Machines.Of("RTX 3090 + RTX 3060")), NullSink.Instance);
        var most = plan.Devices.Where(device => device.Kind == "Gpu").OrderByDescending(device => device.TotalBytes);
        Assert.Equal(first, most.First().Name);
    }

    /// <summary>A model that drafts is counted where <c>-devd</c> puts it, and its plan says so again.</summary>
    [Theory]
    [InlineData("", 2)]
    [InlineData(" -devd CUDA1", 1)]
    public void A_model_that_drafts_lies_where_it_is_told(string words, int cards)
    {
        var line = LaunchReader.Parse("llama-server -md qwen3-0.6b-Q8_0.gguf" + Model + words, NullSink.Instance);
        FitQuestion With(string text) => LaunchReader.Parse(text, NullSink.Instance).ApplyTo(new FitQuestion
        {
            Model = PublishedModels.Resolve("qwen3-8b", NullSink.Instance),
            Quantization = "Q4_K_M",
            Machine = Machines.Of("2x RTX 3090"),
            Draft = new DraftModel(PublishedModels.Resolve("qwen3-0.6b", NullSink.Instance), "Q8_0"),
        });
        Assert.NotNull(line.DraftModel);
        var question = With("llama-server -md qwen3-0.6b-Q8_0.gguf -ts 1,1" + Model + words);
        var beside = DraftMemory.Beside(question, MachineBudget.For(question));
        Assert.Equal(cards, beside.Cards.Count(card => card.DraftBytes > 0));
        var plan = FitEngine.Plan(question, NullSink.Instance);
        Assert.Equal(cards == 1, plan.CommandLine!.Contains("-devd CUDA1", StringComparison.Ordinal));
        Assert.DoesNotContain("is not counted", plan.Assumptions);
    }

    private static FitQuestion Asked(LaunchLine line, MachineSpec machine) => line.ApplyTo(new FitQuestion
    {
        Model = PublishedModels.Resolve(line.FileName ?? line.Model ?? "qwen3-8b", NullSink.Instance),
        Machine = machine,
    });
}
