using Xunit;
using static ModelFit.Module.Tests.Engine.ModuleSession;

namespace ModelFit.Module.Tests.Engine;

public class PipelineTests
{
    [Theory]
    [InlineData("Test-ModelFit qwen3-8b 3090 q4_k_m", "ModelFitResult")]
    [InlineData("Get-OffloadPlan qwen3-8b 3090 q4_k_m", "OffloadPlan")]
    [InlineData("Measure-ModelMemory qwen3-8b q4_k_m", "MemoryFootprint")]
    [InlineData("Find-ModelFit qwen3-8b 3090", "ModelFitResult")]
    [InlineData("Get-GpuSpec 3090", "GpuSpec")]
    [InlineData("Get-ModelSpec qwen3-8b", "ModelSpec")]
    [InlineData("Get-QuantizationSpec q4_k_m", "QuantizationSpec")]
    [InlineData("Get-MachineSpec", "MachineSpec")]
    [InlineData("New-ModelRuntimeOption -TensorSplit 3,1 -SplitMode row", "ModelRuntimeOption")]
    [InlineData("@{ Name = 'a'; Gpu = 'RTX 3090' } | ConvertTo-MachineSpec", "MachineSpec")]
    public void Every_cmdlet_answers(string script, string type)
    {
        var run = Once(script);
        Assert.Empty(run.Errors);
        Assert.Equal(type, Assert.Single(run.Output).BaseObject.GetType().Name);
    }

    [Theory]
    [InlineData("Test-ModelFit qwen3-8b -Gpu (Get-GpuSpec 'RTX 3090'), (Get-GpuSpec 'RTX 3090 Ti')", 2)]
    [InlineData("Test-ModelFit qwen3-8b '2x RTX 3090 + RTX 3060'", 3)]
    [InlineData("Test-ModelFit qwen3-8b 3090 -GpuCount 4", 4)]
    [InlineData("Test-ModelFit qwen3-8b -GpuMemory 24GB", 1)]
    [InlineData("Test-ModelFit qwen3-8b -GpuMemory '24 GiB' -GpuCount 2", 2)]
    [InlineData("Test-ModelFit qwen3-8b -GpuCount 0 -SystemMemory 64GB", 0)]
    [InlineData("'3090' | Test-ModelFit qwen3-8b", 1)]
    [InlineData("'qwen3-8b' | Test-ModelFit -Gpu 3090", 1)]
    [InlineData("'Q4_K_M' | Get-QuantizationSpec | Test-ModelFit qwen3-8b 3090", 1)]
    [InlineData("Get-ModelSpec qwen3-8b | Test-ModelFit -Gpu '2x3090'", 2)]
    [InlineData("Measure-ModelMemory qwen3-8b | Test-ModelFit -Gpu 3090", 1)]
    [InlineData("Get-OffloadPlan qwen3-8b 3090 | Test-ModelFit", 1)]
    [InlineData("Test-ModelFit -InputObject (Get-GpuSpec 'RTX 3090'), (Get-GpuSpec 'RTX 3090 Ti') -Model qwen3-8b", 2)]
    [InlineData("Test-ModelFit qwen3-8b -Machine (@{ Name = 'a'; Gpu = 'RTX 3090' } | ConvertTo-MachineSpec)", 1)]
    [InlineData("@{ Name = 'a'; Gpu = 'RTX 3090' } | ConvertTo-MachineSpec | Test-ModelFit qwen3-8b", 1)]
    [InlineData("@{ Model = 'qwen3-8b'; Gpu = 'RTX 3090'; GpuCount = '2' } | Test-ModelFit", 2)]
    [InlineData("Test-ModelFit -Gpu 3090 -Model qwen3-8b -CommandLine 'llama-server -c 4096 -np 2'", 1)]
    public void One_question_is_one_answer_on_one_machine(string script, int cards)
    {
        var run = Once(script);
        Assert.Empty(run.Errors);
        Assert.Equal([cards], run.Values("GpuCount"));
        Assert.DoesNotContain(run.Output[0].TypeNames, name => name.Contains("#Table"));
    }

    [Fact]
    public void Cards_of_the_catalog_are_asked_one_by_one_with_every_count()
    {
        var cards = Once("Get-GpuSpec -MinimumMemory 16GB").Output.Count;
        var run = Once("Get-GpuSpec -MinimumMemory 16GB | Test-ModelFit llama-3.3-70b -GpuCount 1,2,4");
        Assert.Empty(run.Errors);
        Assert.Equal(3 * cards, run.Output.Count);
        Assert.Equal([1, 2, 4], run.Values("GpuCount").Take(3));
        Assert.All(run.Output, item => Assert.Equal("ModelFit.ModelFitResult#Table", item.TypeNames[0]));
    }

    [Fact]
    public void Arrays_give_one_answer_each_in_the_order_of_the_contract()
    {
        var run = Once("Test-ModelFit qwen3-8b,qwen3-4b 3090 q4_k_m,q8_0 -ContextLength 4k,8192 -GpuCount 1,2");
        string[] names = ["Model", "Quantization", "ContextLength", "GpuCount"];
        var asked = run.Output
            .Select(item => string.Join(' ', names.Select(name => item.Properties[name].Value)))
            .ToArray();
        var first = run.Output[0].Properties["Model"].Value;
        Assert.Equal(16, asked.Distinct().Count());
        Assert.Equal([$"{first} Q4_K_M 4096 1", $"{first} Q4_K_M 4096 2", $"{first} Q4_K_M 8192 1"], asked.Take(3));
        Assert.Equal($"{first} Q8_0 4096 1", asked[4]);
    }

    [Fact]
    public void A_ranking_feeds_a_plan()
    {
        var run = Once("Find-ModelFit -Model qwen3-* -Gpu 3090 | Select-Object -First 1 | Get-OffloadPlan"
            .Replace("Select-Object -First 1", "ForEach-Object { if ($_.Rank -eq 1) { $_ } }"));
        Assert.Empty(run.Errors);
        Assert.Equal("ModelFit.OffloadPlan", Assert.Single(run.Output).TypeNames[0]);
        Assert.All(
            Once("Find-ModelFit -Model qwen3-* -Gpu 3090").Output,
            item => Assert.Equal("ModelFit.ModelFitResult#Ranking", item.TypeNames[0]));
    }

    [Fact]
    public void Rows_with_foreign_columns_are_bound_by_script_blocks()
    {
        var rows = new[] { Row(("Name", "pc1"), ("Graphics card", "RTX 3090"), ("RAM", "64")), Row(("Name", "pc2"),
            ("Graphics card", "RTX 3060"), ("RAM", "")) };
        var run = Once("$rows | Test-ModelFit qwen3-8b -Gpu {$_.'Graphics card'} -SystemMemory {$_.RAM + 'GB'}", rows);
        Assert.Empty(run.Errors);
        Assert.Equal([64L << 30, null], run.Values("SystemMemoryBytes"));
        Assert.Equal(2, run.Values("Gpu").Distinct().Count());
    }

    [Fact]
    public void A_script_block_counts_before_the_input_object()
    {
        var run = Once("Test-ModelFit qwen3-8b 3090 -ContextLength 4k"
            + " | Test-ModelFit -ContextLength { 2 * $_.ContextLength }");
        Assert.Equal([8192], run.Values("ContextLength"));
    }

    [Theory]
    [InlineData("Test-ModelFit qwen3-8b 3090 -ContextLength 4k | Test-ModelFit -ContextLength 2k",
        "ContextLength", 2048)]
    [InlineData("Test-ModelFit qwen3-8b 3090 -ContextLength 4k | Test-ModelFit", "ContextLength", 4096)]
    [InlineData("Test-ModelFit qwen3-8b 3090 -CommandLine 'llama-server -c 8192 -np 4'", "ContextLength", 2048)]
    [InlineData("Test-ModelFit qwen3-8b 3090 -CommandLine 'llama-server -np 4'", "ParallelSequences", 4)]
    [InlineData("Test-ModelFit qwen3-8b 3090 -CommandLine 'llama-server -np 4' -ParallelSequences 2",
        "ParallelSequences", 2)]
    [InlineData("Test-ModelFit qwen3-8b 3090 -KvCacheType q8_0 -ValueCacheType f16", "KeyCacheType", "Q8_0")]
    [InlineData("Test-ModelFit qwen3-8b 3090 -KvCacheType q8_0 -ValueCacheType f16", "ValueCacheType", "F16")]
    [InlineData("Test-ModelFit qwen3-8b 3090 | Test-ModelFit -KvCacheType q8_0", "ValueCacheType", "Q8_0")]
    [InlineData("Test-ModelFit qwen3-8b 3090 -Reserve 0", "ReserveBytes", 0L)]
    [InlineData("Test-ModelFit qwen3-8b 3090", "ReserveBytes", 1L << 30)]
    public void What_is_typed_counts_before_what_is_bound(string script, string property, object expected)
    {
        var run = Once(script);
        Assert.Empty(run.Errors);
        Assert.Equal([expected], run.Values(property));
    }

    [Theory]
    [InlineData("Test-ModelFit qwen2.5:7b-instruct-q8_0 3090", "Q8_0")]
    [InlineData("Test-ModelFit qwen2.5:7b-instruct-q8_0 3090 q4_k_m", "Q4_K_M")]
    [InlineData("@{ Model = 'Qwen3-8B-Q6_K.gguf'; Gpu = '3090' } | Test-ModelFit", "Q6_K")]
    [InlineData("Measure-ModelMemory qwen3:8b-q5_K_M", "Q5_K_M")]
    [InlineData("Test-ModelFit qwen3-8b 3090", "Q4_K_M")]
    public void The_name_of_a_model_may_say_the_quantization(string script, string expected)
    {
        var run = Once(script);
        Assert.Empty(run.Errors);
        Assert.Equal([expected], run.Values("Quantization"));
    }

    [Theory]
    [InlineData("Test-ModelFit qwen3-8b 3090 -Quiet", true)]
    [InlineData("Test-ModelFit mixtral-8x22b 3090 q3_k_m -Quiet", false)]
    [InlineData("Test-ModelFit mixtral-8x22b 3090 q3_k_m -SystemMemory 64GB -Quiet", false)]
    [InlineData("Test-ModelFit mixtral-8x22b 3090 q3_k_m -SystemMemory 64GB -Quiet -Accept Offload", true)]
    public void Quiet_is_yes_or_no(string script, bool expected) =>
        Assert.Equal([expected], Once(script).Output.Select(item => item.BaseObject));

    [Theory]
    [InlineData("Fits", "NoFit")]
    [InlineData("Offload", "NoFit")]
    public void What_is_accepted_changes_no_verdict(string accepted, string verdict) => Assert.Equal(
        [verdict], Once($"Test-ModelFit mixtral-8x22b 3090 q3_k_m -Accept {accepted}").Values("Verdict"));

    [Fact]
    public void Computers_of_one_kind_have_answers_of_their_own()
    {
        var rows = new[] { "pc1", "pc2", "pc1" }.Select(name => Row(("ComputerName", name), ("Gpu", "RTX 3090")));
        var run = Once("$rows | Test-ModelFit qwen3-8b", [.. rows]);
        Assert.Equal(["pc1", "pc2", "pc1"], run.Values("ComputerName"));
        Assert.Single(run.Values("Reason").Distinct());
        Assert.Equal(3, run.Output.Select(item => item.BaseObject).Distinct().Count());
    }

    [Theory]
    [InlineData("gemma-3-27b-it", "-SwaFull", "KvCacheBytes", 1)]
    [InlineData("qwen3-8b", "-OutputCount 512", "ComputeBytes", 1)]
    [InlineData("qwen3-8b", "-NoKvOffload", "RequiredBytes", -1)]
    public void A_runtime_option_counts_live_and_come_back(string model, string option, string property, int sign)
    {
        using var session = new ModuleSession();
        var question = $"Test-ModelFit {model} 'RTX PRO 6000' -SystemMemory 64GB";
        var plain = (long)Assert.Single(session.Run(question).Values(property))!;
        var run = session.Run($"{question} -RuntimeOption (New-ModelRuntimeOption {option})");
        Assert.Empty(run.Errors);
        var changed = (long)Assert.Single(run.Values(property))!;
        Assert.Equal(sign, changed.CompareTo(plain));
        var made = Assert.Single(session.Run($"New-ModelRuntimeOption {option}").Output);
        Assert.Equal([changed], session.Run($"{question} -RuntimeOption $rows[0]", RoundTrip(made)).Values(property));
    }

    [Fact]
    public void Names_in_rows_are_computers_and_never_models()
    {
        var run = Once("$rows | Test-ModelFit", Row(("Name", "qwen3-8b"), ("Gpu", "RTX 3090")));
        Assert.Equal(["MissingColumn"], run.ErrorIds);
    }

    [Fact]
    public void Every_plan_that_can_run_is_emitted_when_all_are_asked_for()
    {
        var run = Once("Get-OffloadPlan mixtral-8x22b 3090 q3_k_m -SystemMemory 64GB -All -Explain");
        Assert.Empty(run.Errors);
        Assert.True(run.Output.Count > 1);
        Assert.Equal(run.Values("DecodeTokensPerSecond").Order().Reverse(), run.Values("DecodeTokensPerSecond"));
        Assert.All(run.Output, item => Assert.Equal("ModelFit.OffloadPlan#Table", item.TypeNames[0]));
    }

    [Theory]
    [InlineData("3090", 1)]
    [InlineData("3090", 5)]
    [InlineData("3090", 48)]
    [InlineData("2x RTX 3060", 20)]
    public void Experts_that_are_pinned_to_system_memory_stay_there(string gpu, int layers)
    {
        var run = Once($"Get-OffloadPlan qwen3-30b-a3b '{gpu}' -SystemMemory 64GB -CpuMoeLayers {layers}");
        Assert.Equal([layers], run.Values("CpuMoeLayers"));
        Assert.Equal(["Offload"], run.Values("Verdict"));
        Assert.Equal([null], run.Values("TensorOverrides"));
    }

    [Fact]
    public void A_plan_may_trade_what_it_is_allowed_to()
    {
        var run = Once("Get-OffloadPlan mixtral-8x7b 3090 q8_0 -SystemMemory 64GB -Allow LowerQuantization");
        Assert.Empty(run.Errors);
        Assert.NotEqual(["Q8_0"], run.Values("Quantization"));
    }
}
