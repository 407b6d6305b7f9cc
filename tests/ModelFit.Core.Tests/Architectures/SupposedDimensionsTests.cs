using ModelFit.Architectures;
using ModelFit.Models;
using Xunit;

namespace ModelFit.Core.Tests.Architectures;

public sealed class SupposedDimensionsTests
{
    /// <summary>
    /// Nemotron Ultra 253B runs on 8 cards (its model card): supposed heads are no reason that an engine cannot split.
    /// </summary>
    [Theory]
    [InlineData(253_401_862_144)]
    [InlineData(180_000_000_000)]
    [InlineData(47_000_000_000)]
    [InlineData(9_000_000_000)]
    public void Supposed_heads_can_be_split_over_eight_cards(long parameters)
    {
        var model = new Hyperparameters(
            new ModelMetadata("deci", new Dictionary<string, object>()), Traits.None);
        var supposed = SupposedDimensions.Of(model, parameters, null);
        Assert.Equal(0, supposed.Metadata.Integer("attention.head_count", 0) % 8);
    }
}
