using System.Globalization;
using System.IO;
using ModelFit.Catalog;
using ModelFit.Fit;
using ModelFit.Hardware;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Documents;

/// <summary>The figures that docs/internals/estimation.md finds by hand are those of the estimator.</summary>
public sealed class WorkedExampleTests
{
    private static readonly string Page = File.ReadAllText(RepositoryFolder.Path("docs", "internals", "estimation.md"));

    [Fact]
    public void The_verdict_is_as_by_hand()
    {
        var answer = FitEngine.Test(Question(null), NullSink.Instance);
        Assert.Equal("NoFit", answer.Verdict);
        Says(
            answer.WeightBytes, answer.KvCacheBytes, answer.ComputeBytes, answer.OverheadBytes, answer.RequiredBytes,
            answer.AvailableBytes, -answer.HeadroomBytes);
    }

    [Fact]
    public void The_footprint_is_as_by_hand()
    {
        var footprint = FitEngine.Measure(Question(null), NullSink.Instance);
        var card = FitEngine.Test(Question(null), NullSink.Instance).ComputeBytes;
        Says(footprint.FileBytes, footprint.ComputeBytes - card, footprint.OutputBytes);
    }

    [Fact]
    public void The_plan_is_as_by_hand()
    {
        var plan = FitEngine.Plan(Question(64L << 30) with { CpuMoeLayers = 41 }, NullSink.Instance);
        Assert.Equal(("Offload", 41, null), (plan.Verdict, plan.CpuMoeLayers, plan.TensorOverrides));
        var card = plan.Devices[0];
        Says(card.WeightBytes, card.KvCacheBytes, card.ComputeBytes, card.TotalBytes - card.OverheadBytes);
        Says(card.AvailableBytes - card.OverheadBytes - plan.ReserveBytes);
    }

    [Fact]
    public void Each_group_of_tensors_is_as_by_hand()
    {
        var definition = Model.Layout!.Define("Q3_K_M", []);
        long Sum(params string[] parts) => definition.Tensors.Where(tensor => parts.Any(tensor.Name.Contains))
            .Sum(tensor => tensor.Bytes);
        Says(
            Sum("token_embd"), Sum("attn_q."), Sum("attn_k.", "attn_v."), Sum("attn_output"), Sum("norm"),
            Sum("ffn_gate_exps", "ffn_up_exps"), Sum("ffn_gate_inp"), Sum("output.weight") - Sum("attn_output"));
        foreach (var ofType in definition.Tensors.Where(tensor => tensor.Name.Contains("ffn_down_exps"))
            .GroupBy(tensor => tensor.Type))
            Says(ofType.Sum(tensor => tensor.Bytes));
    }

    private static ModelSpec Model => ModelCatalog.Resolve("mixtral-8x22b", NullSink.Instance);

    private static FitQuestion Question(long? systemMemory) => new()
    {
        Model = Model,
        Quantization = "Q3_K_M",
        Machine = MachineSpecs.Create(
            [GpuCatalog.Resolve("RTX 3090", null, NullSink.Instance)], systemMemory, GpuCatalogLookup.Instance),
    };

    private static void Says(params long?[] figures) => Assert.All(figures, figure =>
        Assert.Contains(figure!.Value.ToString("N0", CultureInfo.InvariantCulture), Page, StringComparison.Ordinal));
}
