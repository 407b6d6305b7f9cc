using ModelFit.Graph;
using ModelFit.Memory;
using ModelFit.Models;
using ModelFit.Placement;
using ModelFit.Testing;
using ModelFit.Testing.Truth;
using Xunit;

namespace ModelFit.Core.Tests.Placement;

/// <summary>The costs that a search starts from against what it ends with.</summary>
public sealed class LayerCostsTests
{
    /// <summary>
    /// The layers hold what a card does that has all of a model, but for padding and small tensors that it repeats.
    /// What CUDA cannot compute with is left out.
    /// </summary>
    [Theory]
    [InlineData("headers")]
    [InlineData("headers-architectures")]
    public void The_layers_hold_what_a_card_does(string headers)
    {
        var models = CompactHeaders.Read(RepositoryFolder.Path("tests", "data", "memory", headers + ".txt"));
        var wrong = new List<string>();
        foreach (var (name, model) in models)
        {
            if (model.Tensors.Any(StaysInSystemMemory)) continue;
            var map = MemoryModel.Measure(model, new RuntimeOptions { LoadMtp = true }, new DeviceLayout());
            var (layers, card) = (LayerCosts.Of(model, loadMtp: true).WholeBytes, map.Devices[0].WeightBytes);
            if (Math.Abs(layers - card) > card / 20) wrong.Add($"{name}: {layers} in layers, {card} on the card");
        }

        Assert.Empty(wrong);
    }

    /// <summary>Ternary weights, and the states of the first Mamba.</summary>
    private static bool StaysInSystemMemory(TensorInfo tensor) =>
        tensor.Type is TensorType.TQ1_0 or TensorType.TQ2_0
        || (tensor.Name.EndsWith(".ssm_a", StringComparison.Ordinal) && tensor.N0 > 1);
}
