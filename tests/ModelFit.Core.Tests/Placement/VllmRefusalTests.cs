using ModelFit.Fit;
using ModelFit.Runtimes.Serving;
using ModelFit.Runtimes.Vllm;
using ModelFit.Testing.Truth;
using Xunit;

namespace ModelFit.Core.Tests.Placement;

/// <summary>Starts that vLLM refused, from public reports (tests/data/vllm/refusals.tsv).</summary>
public sealed class VllmRefusalTests
{
    private const double GiB = 1L << 30;

    public static TheoryData<string, string> Rows()
    {
        var data = new TheoryData<string, string>();
        foreach (var row in RefusalRow.Read("vllm", "refusals.tsv")) data.Add(row.Log.Model, row.Log.Version);
        return data;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void What_vLLM_refused_does_not_fit(string model, string version)
    {
        var row = Row(model, version);
        if (row.Log.Gpu is null) return;
        var question = VllmComparison.QuestionOf(row.Log);
        if (row.Free is { } free)
        {
            var machine = question.Machine!;
            question = question with
            {
                Machine = machine with
                {
                    Gpus = machine.Gpus.Select(gpu => gpu with { MemoryFreeBytes = (long)(free * GiB) }).ToArray(),
                },
            };
        }

        Assert.Equal(Verdict.NoFit, FitEngine.Decide(question, new PlanOptions()).Decision.Verdict);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void One_request_needs_what_vLLM_said(string model, string version)
    {
        var row = Row(model, version);
        if (VllmComparison.QuestionOf(row.Log).Model.LayerCount is null) return;
        var estimate = Estimate(row);
        if (row.Needed is { } needed) AssertNear(needed, estimate.CheckedBytes / GiB, 0.01);
        if (row is not { Left: { } left, Longest: { } longest, Needed: not null }) return;
        var share = (long)(left * GiB) + estimate.Stages.Max(stage => stage.FixedBytes);
        AssertNear(longest, estimate.LongestContext(share, row.Log.Length!.Value, 1), 0.005);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void States_have_as_many_blocks_as_vLLM_counted(string model, string version)
    {
        var row = Row(model, version);
        if (row.Blocks is not { } blocks) return;
        var placed = FitEngine.Decide(VllmComparison.QuestionOf(row.Log), new PlanOptions()).Decision.Placed;
        var estimate = Estimate(row);
        var cache = row.Left is { } left ? (long)(left * GiB) : placed.Capacity!.Bytes / row.Log.Tensor;
        AssertNear(blocks, cache / estimate.Stages[0].Cache.PageBytes, 0.05);
    }

    private static RefusalRow Row(string model, string version) => RefusalRow.Read("vllm", "refusals.tsv")
        .Single(row => row.Log.Model == model && row.Log.Version == version);

    private static VllmEstimate Estimate(RefusalRow row)
    {
        var question = VllmComparison.QuestionOf(row.Log);
        return VllmEstimate.Of(new ServedQuestion(
            question.Model.Layout!.Define("BF16", []), question.Quantization, question.Model.ParameterCount,
            question.Options, question.Machine?.Gpus[0],
            Parallelism.Of(question.Options.Serving, row.Log.Tensor)));
    }

    private static void AssertNear(double said, double ours, double share) => Assert.True(
        Math.Abs((ours / said) - 1) <= share, FormattableString.Invariant($"vLLM said {said}, this is {ours:0.##}"));
}
