using System.Management.Automation;
using Xunit;
using static ModelFit.Module.Tests.Engine.ModuleSession;

namespace ModelFit.Module.Tests.Engine;

public class RoundTripTests
{
    private const string Card = "'2x RTX 3090' -SystemMemory 64GB";

    private static readonly string[] Ways = ["Live", "Serializer", "Csv", "Json"];

    /// <summary>What is told of a plan beyond its figures; the words are those of the machine's own shell.</summary>
    private static readonly string[] NotAsked = ["Arguments", "Devices"];

    public static TheoryData<string> Questions =>
    [
        $"mixtral-8x22b {Card} -Quantization q3_k_m -ContextLength 4k",
        $"qwen3-8b {Card} -BatchSize 4096 -MicroBatchSize 4096",
        $"qwen3-8b {Card} -ParallelSequences 4 -KeyCacheType q8_0 -ValueCacheType q8_0 -FlashAttention On",
        $"gemma-3-27b-it {Card} -RuntimeOption (New-ModelRuntimeOption -SwaFull -KvUnified -OutputCount 64)",
        $"qwen3-8b {Card} -RuntimeOption (New-ModelRuntimeOption -Backend Vulkan -NoMmap -NoRepack)",
        $"llama-3.3-70b {Card} -RuntimeOption (New-ModelRuntimeOption -TensorSplit 2,1)",
        $"qwen3-30b-a3b '3060' -SystemMemory 32GB -MemoryBandwidth 60GB/s -CpuMoeLayers 30",
        $"qwen3-8b {Card} -ActiveSequences 4 -UsedContext 4096 -PromptLength 2048 -ParallelSequences 4",
        $"qwen3-8b {Card} -Runtime Ollama -Reserve 2GB -GpuLayers 20",
        $"qwen3-8b {Card} -CommandLine 'llama-server -c 16384 -np 2 -ngl 30 -nkvo'",
        "qwen3-8b -GpuCount 0 -SystemMemory 64GB",
        "qwen3-8b 'RTX 3090 + RTX 3060' -SystemMemory 32GB",
        "qwen3-8b -GpuMemory 20GB",
        "qwen3-8b -SystemMemory 64GB -Machine ('name, memory.total [MiB], memory.free [MiB]', "
            + "'NVIDIA GeForce RTX 3090, 24576 MiB, 9000 MiB' | ConvertTo-MachineSpec)",
        "llama-3.3-70b -SystemMemory 64GB -Machine ([pscustomobject]@{ Gpu = 'NVIDIA GeForce RTX 3060'; "
            + "MemorySpeed = 4800; MemoryChannels = 8; NumaNodeCount = 2 } | ConvertTo-MachineSpec)",
        "llama-3.3-70b -Gpu '3060, 64GB DDR5-6000'",
        "gpt-oss-120b -Gpu '3090 PCIe 3.0 x4, 64GB DDR5-6000'",
        "llama-3.3-70b -SystemMemory 64GB -Machine ('name, memory.total [MiB], pcie.link.gen.max, "
            + "pcie.link.width.max', 'NVIDIA GeForce RTX 3090, 24576 MiB, 3, 4' | ConvertTo-MachineSpec)",
        "qwen3-8b '4090' -Runtime Vllm -KvCacheType fp8_e5m2",
    ];

    [Theory]
    [MemberData(nameof(Questions))]
    public void An_answer_asked_again_is_the_same_answer(string question)
    {
        using var session = new ModuleSession();
        foreach (var cmdlet in new[] { "Test-ModelFit", "Get-OffloadPlan" })
        {
            var first = Assert.Single(session.Run($"{cmdlet} {question}").Output);
            foreach (var way in Ways)
            {
                var run = session.Run($"$rows | {cmdlet}", Back(first, way));
                Assert.Empty(run.Errors);
                Assert.Equal(Figures(first), Figures(Assert.Single(run.Output)));
            }
        }
    }

    [Theory]
    [InlineData("qwen3-8b -BatchSize 4096 -MicroBatchSize 4096")]
    [InlineData("gemma-3-27b-it -RuntimeOption (New-ModelRuntimeOption -SwaFull -Backend Vulkan)")]
    public void A_footprint_asked_again_is_the_same_footprint(string question)
    {
        using var session = new ModuleSession();
        var first = Assert.Single(session.Run($"Measure-ModelMemory {question}").Output);
        foreach (var way in Ways)
        {
            var run = session.Run("$rows | Measure-ModelMemory", Back(first, way));
            Assert.Empty(run.Errors);
            Assert.Equal(Figures(first), Figures(Assert.Single(run.Output)));
        }
    }

    [Fact]
    public void A_batch_asked_again_takes_as_many_bytes()
    {
        using var session = new ModuleSession();
        var question = $"Test-ModelFit qwen3-8b {Card}";
        var plan = Assert.Single(session.Run($"{question} -BatchSize 4096 -MicroBatchSize 4096").Output);
        var small = Assert.Single(session.Run(question).Output);
        Assert.True((long)plan.Properties["ComputeBytes"].Value > (long)small.Properties["ComputeBytes"].Value);
    }

    [Theory]
    [InlineData("Get-GpuSpec 'RTX 3090'", "Test-ModelFit qwen3-8b")]
    [InlineData("Get-ModelSpec qwen3-8b", "Test-ModelFit -Gpu 3090")]
    [InlineData("Get-QuantizationSpec q8_0", "Test-ModelFit qwen3-8b 3090")]
    [InlineData("@{ Name = 'a'; Gpu = '2x RTX 3090'; SystemMemory = '64GB' } | ConvertTo-MachineSpec",
        "Test-ModelFit qwen3-8b")]
    [InlineData("Measure-ModelMemory qwen3-8b", "Test-ModelFit -Gpu 3090")]
    [InlineData("Get-OffloadPlan qwen3-8b 3090", "Test-ModelFit")]
    public void A_deserialized_object_asks_what_the_live_one_asks(string make, string ask)
    {
        using var session = new ModuleSession();
        var live = Assert.Single(session.Run($"{make} | {ask}").Output);
        var made = Assert.Single(session.Run(make).Output);
        var run = session.Run($"$rows | {ask}", RoundTrip(made));
        Assert.Empty(run.Errors);
        Assert.Equal(live.ToString(), Assert.Single(run.Output).ToString());
    }

    [Fact]
    public void A_deserialized_list_of_cards_is_one_machine()
    {
        using var session = new ModuleSession();
        var cards = session.Run("Get-GpuSpec 'RTX 3090'; Get-GpuSpec 'RTX 3090 Ti'").Output;
        var run = session.Run("Test-ModelFit qwen3-8b -Gpu $rows", cards.Select(RoundTrip).ToArray());
        Assert.Empty(run.Errors);
        Assert.Equal([cards.Count], run.Values("GpuCount"));
    }

    [Fact]
    public void The_bandwidth_of_a_piped_card_is_not_the_systems()
    {
        var run = Once("Get-GpuSpec 'RTX 3090' | Test-ModelFit qwen3-8b -SystemMemory 64GB");
        Assert.Equal([null], run.Values("MemoryBandwidth"));
    }

    /// <summary>What a host stores and serves, as an audit of licences saves it.</summary>
    [Fact]
    public void A_stored_model_and_its_server_come_back_as_they_were()
    {
        var stored = PSObject.AsPSObject(new HostedModel
        {
            ComputerName = "node-1",
            Name = "qwen3:8b",
            CatalogModel = "Qwen/Qwen3-8B",
            FileBytes = 5225374496,
            Store = "Ollama",
            License = "Apache-2.0",
        });
        var server = PSObject.AsPSObject(new ServingRuntime { ComputerName = "node-1", Name = "ollama", Port = 11434 });
        foreach (var one in new[] { stored, server })
            foreach (var way in Ways) Assert.Equal(Figures(one), Figures(PSObject.AsPSObject(Back(one, way))));
    }

    private static IEnumerable<string> Figures(PSObject answer) => answer.Properties
        .Where(property => !NotAsked.Contains(property.Name))
        .Select(property => $"{property.Name}: {property.Value}");
}
