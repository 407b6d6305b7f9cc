using ModelFit.Catalog;
using ModelFit.Memory;
using ModelFit.Models;
using ModelFit.Placement;
using ModelFit.Runtimes.LlamaCpp;
using ModelFit.Testing;
using ModelFit.Testing.Truth;
using Xunit;

namespace ModelFit.Core.Tests.Memory;

/// <summary>Settings that launch lines bring about, against what llama.cpp itself answers for them.</summary>
public sealed class LaunchTruthTests
{
    /// <summary>Four slots on one cache; a model that another drafts for, and the one that drafts.</summary>
    [Theory]
    [InlineData("slots")]
    [InlineData("drafted")]
    [InlineData("draft")]
    public void What_a_line_brings_about_is_exact(string kind)
    {
        var rows = LaunchTruth.Rows(kind);
        Assert.True(rows.Count >= 100, $"{rows.Count} rows");
        Assert.Empty(rows.Select(LaunchTruth.Difference).OfType<string>());
    }

    /// <summary>What a draft model is counted with is what the rows of drafts were asked with.</summary>
    [Fact]
    public void A_draft_model_is_counted_with_the_context_of_the_other()
    {
        var drafted = LaunchTruth.Rows("drafted");
        var drafts = LaunchTruth.Rows("draft");
        var model = ModelCatalog.Resolve("qwen3-0.6b", NullSink.Instance);
        foreach (var (main, row) in drafted.Zip(drafts).Where(pair => pair.Second[1] == "qwen3-0.6b-Q4_K_M"))
        {
            var own = LaunchTruth.OptionsOf(row);
            var options = LaunchTruth.OptionsOf(main) with
            {
                Drafting = new Speculation { KeyCacheType = own.KeyCacheType, ValueCacheType = own.ValueCacheType },
            };
            var asked = new FitQuestion { Model = model, Machine = Machines.OfSizes(64, 24), Options = options };
            var map = DraftMemory.Measure(
                asked, new DraftModel(model, "Q4_K_M"), MachineBudget.For(asked), isReal: false);
            var expected = LaunchTruth.Expected(row);
            Assert.Equal(expected[0][1], map.Devices[0].KvCacheBytes);
            Assert.Equal(expected[0][2], map.Devices[0].ComputeBytes);
        }
    }

    /// <summary>
    /// A head without embedding and output reads those of its model (<c>ctx_other</c>): buffers are those with them,
    /// and nothing is loaded twice.
    /// </summary>
    [Fact]
    public void A_head_that_shares_tensors_takes_only_its_own()
    {
        var whole = CompactHeaders.Read(
            RepositoryFolder.Path("tests", "data", "memory", "headers-architectures.txt"))["dflash-dense"];
        string[] shared = ["token_embd.weight", "output.weight"];
        var own = whole.Tensors.Where(tensor => !shared.Contains(tensor.Name)).ToArray();
        var head = new ModelDefinition(whole.Metadata, own, Accuracy.Exact);
        var target = new ModelDefinition(
            whole.Metadata, whole.Tensors.Where(tensor => shared.Contains(tensor.Name)).ToArray(), Accuracy.Exact);
        var question = new FitQuestion
        {
            Model = FixedLayout.Model("target", target, 8192), Machine = Machines.OfSizes(64, 24),
        };
        MemoryEstimate Of(ModelDefinition drafter) => DraftMemory.Measure(
            question, new DraftModel(FixedLayout.Model("head", drafter, 8192), null), MachineBudget.For(question));
        var (with, without) = (Of(whole), Of(head));
        Assert.Equal(own.Sum(tensor => tensor.Bytes), without.Devices.Sum(device => device.WeightBytes));
        Assert.Equal(
            with.Devices.Select(device => (device.KvCacheBytes, device.ComputeBytes)),
            without.Devices.Select(device => (device.KvCacheBytes, device.ComputeBytes)));
        Assert.True(without.Devices[0].ComputeBytes > 0);
        Assert.Equal((Accuracy.Exact, Accuracy.Modelled), (with.Accuracy, without.Accuracy));
    }

    /// <summary>
    /// The buffers of a projector are those of its dimensions, whatever the type of its file: what would differ is kept
    /// in F16 or F32 by the converter (tensor_force_quant).
    /// </summary>
    [Fact]
    public void A_projector_has_the_buffers_of_its_dimensions()
    {
        Assert.True(ProjectorTruth.Rows.Count >= 100, $"{ProjectorTruth.Rows.Count} rows");
        var others = ProjectorTruth.Rows.Where(row => !ProjectorTruth.IsExact(row)).ToArray();
        Assert.Equal([], others.Select(row => string.Join(' ', row)));
    }

    /// <summary>Where copies for pipelines find no room on one card, llama.cpp reserves again without them.</summary>
    [Fact]
    public void Copies_that_find_no_room_are_given_up()
    {
        var rows = LaunchTruth.Rows("fallback");
        Assert.True(rows.Count >= 100, $"{rows.Count} rows");
        Assert.Empty(rows.Where(row => !LaunchTruth.FallsBack(row)).Select(row => string.Join(' ', row)));
    }

    /// <summary>
    /// With <c>-sm tensor</c> llama.cpp says what all cards hold together: weights and cache as on one card, but
    /// for recurrent states, of which it says one card's share; of buffers as much as is counted for each card, or
    /// less.
    /// </summary>
    [Fact]
    public void A_share_of_every_tensor_sums_up_to_one_card()
    {
        var rows = LaunchTruth.Rows("tensor");
        Assert.True(rows.Count >= 100, $"{rows.Count} rows");
        foreach (var row in rows)
        {
            var (expected, measured) = (LaunchTruth.Expected(row)[0], LaunchTruth.Measured(row, 1)[0]);
            Assert.True(LaunchTruth.IsShared(row), string.Join(' ', row));
            Assert.InRange(measured[2], expected[2], expected[2] * 1.3);
        }
    }
}
