using ModelFit.Catalog;
using ModelFit.Fit;
using ModelFit.Runtimes;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Fit;

/// <summary>What Ollama's logs of 2026 said of models that it fits to cards by itself.</summary>
public sealed class OllamaFitTests
{
    private const long Mib = 1 << 20;

    /// <summary>
    /// Cache 6,576.00 MiB, states 5 x 149.6, buffers 224.77, the context that drafts 581.77, and a projector of 1,136
    /// to 1,161 that is loaded too (ollama 17482); a fit leaves a GiB and the projector's weights on the card.
    /// </summary>
    [Fact]
    public void Ollama_loads_what_drafts_and_what_sees()
    {
        const string line = "OLLAMA_CONTEXT_LENGTH=105216 ollama run qwen3.6:27b-mtp-q4_K_M";
        var answer = Launched(line, "RTX 3090", 64);
        Assert.Equal(
            6_576 + (5 * 149.625) + 224.77 + 581.77,
            (answer.KvCacheBytes!.Value + answer.ComputeBytes!.Value) / (double)Mib,
            0);
        Assert.NotNull(answer.Projector);
        Assert.Equal("Offload", answer.Verdict);
        var plain = Launched("OLLAMA_CONTEXT_LENGTH=8192 ollama run qwen3.6:27b", "RTX 3090", 64);
        Assert.InRange(plain.OverheadBytes!.Value / Mib, 1_136, 1_161 + 400);
        Assert.Equal("Fits", plain.Verdict);
    }

    /// <summary>With less than a GiB beside the weights of a projector Ollama keeps it in system memory.</summary>
    [Theory]
    [InlineData(12, true)]
    [InlineData(1.5, false)]
    public void Ollama_keeps_a_projector_off_a_small_card(double gibibytes, bool isOnCard)
    {
        var answer = FitEngine.Test(
            Line("ollama run qwen3-vl:8b", Machines.OfSizes(32, gibibytes)), NullSink.Instance);
        Assert.NotNull(answer.Projector);
        Assert.Equal(isOnCard, answer.OverheadBytes > 900 * Mib);
    }

    /// <summary>
    /// Ollama 0.32.14 with caches of 8 bits (club-5060ti, results 5 and 6): 16 bits are wholly on five unlike cards and
    /// spill without the smallest, 8 bits are wholly on three with 204,800 tokens and spill 6 % of all bytes with
    /// 246,952.
    /// </summary>
    [Theory]
    [InlineData("mtp-bf16", 102_400, "4x RTX 5060 Ti 16GB + RTX 2070", 0, 0)]
    [InlineData("mtp-bf16", 102_400, "4x RTX 5060 Ti 16GB", 0.01, 1)]
    [InlineData("mtp-q8_0", 204_800, "3x RTX 5060 Ti 16GB", 0, 0)]
    [InlineData("mtp-q8_0", 246_952, "3x RTX 5060 Ti 16GB", 0.01, 0.07)]
    public void Ollama_spreads_a_model_over_cards(string tag, int context, string gpu, double least, double most)
    {
        var line = FormattableString.Invariant($"OLLAMA_KV_CACHE_TYPE=q8_0 OLLAMA_CONTEXT_LENGTH={context} ")
            + "ollama run qwen3.8:27b-" + tag;
        var answer = Launched(line, gpu, 61);
        Assert.InRange(1 - ((double)answer.GpuLayers! / answer.TotalLayers!.Value), least, most);
    }

    /// <summary>
    /// Layers of 66 that qwen3.8:27b-mtp-q4_K_M has on a card with so many MiB free (all that it has where none is
    /// told), by logs of Ollama 0.32.15 and 0.33.3: the fit leaves 1,936 MiB, a GiB and the projector's 912, on the
    /// card.
    /// </summary>
    [Theory]
    [InlineData("RTX 3090", 23_002, "0.33.3", "q4_0", 200_704, 63)]
    [InlineData("RTX 3090", 23_002, "0.33.3", "q8_0", 200_704, 53)]
    [InlineData("RTX 3090", 23_109, "0.32.15", "f16", 131_072, 54)]
    [InlineData("RTX 3090", 23_109, "0.32.15", "f16", 65_536, 66)]
    [InlineData("RTX 5090", 0, "0.32.15", "f16", 65_536, 66)]
    [InlineData("RTX 5090", 0, "0.32.15", "f16", 131_072, 66)]
    [InlineData("RTX 5090", 0, "0.32.15", "f16", 196_608, 66)]
    [InlineData("RTX 5090", 0, "0.32.15", "f16", 262_144, 54)]
    [InlineData("V100 32GB", 0, "0.32.15", "f16", 196_608, 66)]
    [InlineData("V100 32GB", 0, "0.32.15", "f16", 262_144, 56)]
    public void A_fit_leaves_room_for_a_projector_once(
        string card, int free, string version, string cache, int context, int layers)
    {
        const int startedMib = 266;
        var line = FormattableString.Invariant($"OLLAMA_FLASH_ATTENTION=1 OLLAMA_KV_CACHE_TYPE={cache} ")
            + FormattableString.Invariant($"OLLAMA_CONTEXT_LENGTH={context} ollama run qwen3.8:27b-mtp-q4_K_M");
        var machine = Machines.Of(card, 64);
        if (free > 0) machine = machine with
        {
            Gpus = [machine.Gpus[0] with { MemoryFreeBytes = (free + startedMib) * Mib }],
        };
        var question = Line(line, machine);
        var answer = FitEngine.Test(
            question with { Options = question.Options with { RuntimeVersion = version } }, NullSink.Instance);
        var most = free > 0 ? 1 : 2;
        Assert.InRange(answer.GpuLayers!.Value, layers - most, layers + most);
    }

    private static ModelFitResult Launched(string line, string gpu, int gibibytes) =>
        FitEngine.Test(
            Line(line, Machines.Of(gpu) with { SystemMemoryBytes = (long)gibibytes << 30 }), NullSink.Instance);

    private static FitQuestion Line(string line, MachineSpec machine)
    {
        var read = LaunchReader.Parse(line, NullSink.Instance);
        return read.ApplyTo(new FitQuestion
        {
            Model = PublishedModels.Resolve(read.KnownFile ?? read.Model!, NullSink.Instance), Machine = machine,
        });
    }
}
