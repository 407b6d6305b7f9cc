using Xunit;
using static ModelFit.Module.Tests.Engine.ModuleSession;

namespace ModelFit.Module.Tests.Engine;

/// <summary>Every line of advice has a command, and the command gives what the line says.</summary>
public class AdviceTests
{
    [Theory]
    [InlineData("Test-ModelFit mixtral-8x22b 3090 Q3_K_M")]
    [InlineData("Test-ModelFit qwen3-32b 3090 -ContextLength 32k -ParallelSequences 2 -Reserve 2GB")]
    [InlineData("Test-ModelFit qwen3-14b -Quantization q6_k -GpuMemory 12GB -FlashAttention Off -BatchSize 1024 "
        + "-MicroBatchSize 256")]
    [InlineData("Test-ModelFit qwen3-8b 3090 q4_k_m -KvCacheType Q8_0")]
    [InlineData("Test-ModelFit llama-3.3-70b '2x3090' -Runtime Vllm")]
    [InlineData("Test-ModelFit qwen3-14b 'RTX 3060 12GB' q6_k -SystemMemory 0 -Runtime Ollama")]
    [InlineData("Test-ModelFit qwen3-32b -GpuCount 0 -SystemMemory 8GB")]
    [InlineData("Test-ModelFit qwen3-30b-a3b '2x3090' -SystemMemory 64GB -GpuLayers 20")]
    [InlineData("Test-ModelFit -Gpu 3090 -SystemMemory 64GB -CommandLine 'llama-server -hf Qwen/Qwen3-32B-GGUF:Q4_K_M "
        + "-c 16384 -np 2 -ngl 30 -kvu -ctk q8_0 -ctv q8_0 -fa on'")]
    public void Every_command_gives_what_its_line_says(string question)
    {
        using var session = new ModuleSession();
        var answer = Assert.Single(session.Run(question).Output);
        var advice = (string?)answer.Properties["Advice"].Value;
        Assert.NotNull(advice);
        foreach (var line in advice.Split('\n'))
        {
            var command = line[(line.IndexOf(": ", StringComparison.Ordinal) + 2)..];
            var run = session.Run(command);
            Assert.True(run.Errors.Count == 0, $"{line}\n{string.Join("\n", run.Errors)}");
            var verdict = (string)Assert.Single(run.Output).Properties["Verdict"].Value;
            var expected = line.Contains("system memory", StringComparison.Ordinal) ? "Offload" : "Fits";
            Assert.True(verdict == expected, $"{line}\nis {verdict}");
        }
    }

    [Theory]
    [InlineData("Get-OffloadPlan qwen3-14b 3090 -Runtime Ollama", "ollama", "PARAMETER num_ctx 8192")]
    [InlineData("Get-OffloadPlan qwen3-14b 3090 -Runtime LMStudio", "lms", "\"contextLength\": 8192")]
    [InlineData("Get-OffloadPlan qwen3-14b '2x3090' -Runtime Vllm", "vllm", null)]
    [InlineData("Get-OffloadPlan qwen3-14b 3090", "llama-server", null)]
    public void A_plan_is_told_in_the_words_of_its_runtime(string script, string program, string? configuration)
    {
        var plan = Assert.Single(Once(script).Output);
        Assert.StartsWith(program + " ", (string)plan.Properties["CommandLine"].Value, StringComparison.Ordinal);
        Assert.NotEmpty((string[])plan.Properties["Arguments"].Value);
        if (configuration is null) Assert.Null(plan.Properties["Configuration"].Value);
        else Assert.Contains(configuration, (string)plan.Properties["Configuration"].Value, StringComparison.Ordinal);
    }

    [Fact]
    public void What_one_more_of_everything_changes_is_explained()
    {
        var reason = (string)Assert.Single(
            Once("Get-OffloadPlan qwen3-32b 3060 q6_k -SystemMemory 64GB -Explain").Output).Properties["Reason"].Value;
        string[] parts = ["The limit is card 0", "One more GiB", "One more NVIDIA", "A step of quantization"];
        foreach (var words in parts)
            Assert.Contains(words, reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Distinct_plans_come_fastest_first()
    {
        var plans = Once("Get-OffloadPlan qwen3-30b-a3b '3060 12GB' -SystemMemory 64GB -All");
        Assert.InRange(plans.Output.Count, 3, 8);
        Assert.Equal(plans.Output.Count, plans.Values("CommandLine").Distinct().Count());
        var rates = plans.Values("DecodeTokensPerSecond").Cast<double>().ToArray();
        Assert.Equal(rates.OrderDescending(), rates);
    }
}
