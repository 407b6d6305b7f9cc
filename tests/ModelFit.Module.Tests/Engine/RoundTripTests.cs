using System.Linq;
using Xunit;
using static ModelFit.Module.Tests.Engine.ModuleSession;

namespace ModelFit.Module.Tests.Engine;

public class RoundTripTests
{
    private const string Question =
        "Test-ModelFit mixtral-8x22b '2x RTX 3090' q3_k_m -SystemMemory 64GB -ContextLength 4k";

    public static TheoryData<string> Ways => ["Serializer", "Csv", "Json"];

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_result_asked_again_is_the_same_result(string way)
    {
        using var session = new ModuleSession();
        var first = Assert.Single(session.Run(Question).Output);
        var run = session.Run("$rows | Test-ModelFit", Back(first, way));
        Assert.Empty(run.Errors);
        var second = Assert.Single(run.Output);
        foreach (var name in new[] { "Model", "Gpu", "GpuCount", "Quantization", "ContextLength", "Verdict",
            "RequiredBytes", "AvailableBytes", "SystemMemoryBytes", "GpuLayers" })
            Assert.Equal(first.Properties[name].Value, second.Properties[name].Value);
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
}
