using ModelFit.Fit;
using ModelFit.Runtimes;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Fit;

/// <summary>Questions at the edges: always a verdict with a reason, never an exception or a negative layer.</summary>
public sealed class EdgeCaseTests
{
    private const int TenMillion = 10_000_000;

    private static readonly string[] Verdicts = ["Fits", "Tight", "Offload", "NoFit"];

    public static TheoryData<string?, double?> Setups => new()
    {
        { "RTX 3090", 64 },
        { "RTX 3090", 0 },
        { "RTX 3090", null },
        { null, 64 },
        { null, 0 },
        { null, null },
        { "GeForce GT 1030", 16 },
        { "16x RTX 3090", 64 },
        { "RTX 4090 + RTX 3060 12GB", 32 },
        { "RTX 4090 + Radeon RX 7900 XTX", 32 },
        { "RTX 4090 + GeForce GT 1030", 1 },
        { "Apple M4 Max 64GB", null },
        { "GB10", null },
        { "Strix Halo", 128 },
    };

    public static TheoryData<string, int> Limits => new()
    {
        { "context of one", 1 }, { "context of ten million", TenMillion }, { "reserve above the card", 8192 },
        { "card below the overhead", 8192 }, { "256 sequences", 512 },
    };

    [Theory]
    [MemberData(nameof(Setups))]
    public void Every_machine_gets_a_verdict_under_every_runtime(string? gpus, double? systemMemoryGib)
    {
        var machine = Machines.Of(gpus, systemMemoryGib);
        foreach (var runtime in Enum.GetValues<ModelRuntime>())
        {
            foreach (var model in new[] { SmallModels.Of(1), SmallModels.Of(12, experts: true) })
                Check(Question(model, machine, runtime));
        }
    }

    [Theory]
    [InlineData("RTX 3090", 64.0)]
    [InlineData("2x GeForce GT 1030", 8.0)]
    [InlineData(null, 64.0)]
    public void Two_hundred_layers_get_a_verdict(string? gpus, double systemMemoryGib)
    {
        foreach (var runtime in new[] { ModelRuntime.LlamaCpp, ModelRuntime.Ollama, ModelRuntime.Vllm })
            Check(Question(SmallModels.Of(200, experts: true), Machines.Of(gpus, systemMemoryGib), runtime));
    }

    [Theory]
    [MemberData(nameof(Limits))]
    public void Every_limit_gets_a_verdict_under_every_runtime(string limit, int context)
    {
        foreach (var runtime in Enum.GetValues<ModelRuntime>())
        {
            var isTiny = limit == "card below the overhead";
            var question = Question(
                SmallModels.Of(8, experts: true), Machines.OfSizes(32, isTiny ? 0.1 : 8), runtime);
            Check(question with
            {
                ReserveBytes = limit == "reserve above the card" ? 16L << 30 : question.ReserveBytes,
                Options = question.Options with
                {
                    ContextLength = context,
                    ParallelSequences = limit == "256 sequences" ? 256 : 1,
                },
            });
        }
    }

    [Fact]
    public void A_model_fits_the_card_it_just_fits_and_not_a_byte_less()
    {
        var model = SmallModels.Of(24);
        var needed = FitEngine.Test(Question(model, Machines.OfSizes(0, 24)), NullSink.Instance);
        var card = needed.RequiredBytes!.Value + needed.ReserveBytes!.Value;
        var without = card - needed.ReserveBytes.Value;
        foreach (var (bytes, verdict) in new[] { (card, "Fits"), (card - 1, "Tight"), (without - 1, "NoFit") })
        {
            var machine = Machines.OfSizes(null, 1);
            var gpu = machine.Gpus[0] with { MemoryBytes = bytes };
            var result = FitEngine.Test(
                Question(model, machine with { Gpus = [gpu] }), NullSink.Instance);
            Assert.Equal(verdict, result.Verdict);
        }
    }

    [Fact]
    public void One_pool_is_counted_once()
    {
        foreach (var name in new[] { "Apple M4 Max 64GB", "Strix Halo" })
        {
            var machine = Machines.Of(name, 64);
            var result = FitEngine.Test(Question(SmallModels.Of(24), machine), NullSink.Instance);
            Assert.InRange(result.AvailableBytes!.Value, 1, 60L << 30);
        }
    }

    [Fact]
    public void Sixteen_cards_share_what_one_cannot_hold()
    {
        var model = SmallModels.Of(120, embedding: 4096);
        var machine = Machines.Of("16x GeForce GTX 1080 Ti");
        var plan = FitEngine.Plan(Question(model, machine), NullSink.Instance);
        Assert.Equal("Fits", plan.Verdict);
        Assert.InRange(plan.Devices.Length - 1, 2, 15);
    }

    private static FitQuestion Question(
        ModelSpec model, MachineSpec machine, ModelRuntime runtime = ModelRuntime.LlamaCpp) => new()
        {
            Model = model,
            Machine = machine,
            Quantization = RuntimeList.Of(runtime).LoadsGguf ? "Q4_K_M" : "BF16",
            Options = new RuntimeOptions { Runtime = runtime },
        };

    private static void Check(FitQuestion question)
    {
        var what = $"{question.Model} on {question.Machine} under {question.Options.Runtime}";
        var result = FitEngine.Test(question, NullSink.Instance);
        var isTold = question.Machine is not { Gpus.Length: 0, SystemMemoryBytes: null };
        string[] verdicts = isTold ? Verdicts : [.. Verdicts, "Unknown"];
        Assert.Contains(result.Verdict, verdicts);
        Assert.EndsWith(".", result.Reason, StringComparison.Ordinal);
        Assert.InRange(result.GpuLayers ?? 0, 0, result.TotalLayers!.Value);
        foreach (var plan in FitEngine.PlanAll(question, new PlanOptions { Explain = true }, NullSink.Instance))
        {
            Assert.Contains(plan.Verdict, verdicts);
            Assert.InRange(plan.GpuLayers!.Value, 0, plan.TotalLayers!.Value);
            Assert.EndsWith(".", plan.Reason, StringComparison.Ordinal);
            Assert.All(plan.Devices, device => Assert.True(device.TotalBytes >= 0, what));
            var runs = plan.Verdict is not ("NoFit" or "Unknown");
            Assert.Equal(runs, plan.Arguments.Length > 0);
            var mustHold = plan.Devices.Where(device => runs
                && (device.Kind == "Gpu" || plan.Verdict == "Offload"));
            Assert.All(mustHold, device => Assert.True(device.HeadroomBytes >= 0, what));
        }
    }
}
