using System.Text.RegularExpressions;
using ModelFit.Hardware.Inventory;
using Xunit;

namespace ModelFit.Core.Tests.Hardware;

/// <summary>A pattern that runs out of its time on a line is an error of the inventory.</summary>
public sealed class SlowTextTests
{
    private const string Line = "a line on which the machine stood still";

    [Fact]
    public void What_takes_too_long_is_an_error_that_says_the_line()
    {
        var text = new InventoryText("first\nsecond\n" + Line);
        var error = Assert.Throws<ModelFitException>(() => SlowText.Run<bool>(() => throw Late(), "pcs.txt", text));
        Assert.Equal((ErrorIds.UnknownInventory, FailureKind.InvalidData), (error.ErrorId, error.Kind));
        Assert.Contains("pcs.txt", error.Message, StringComparison.Ordinal);
        Assert.Contains("in line 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Machines_before_it_are_given()
    {
        var read = new List<int>();
        Assert.Throws<ModelFitException>(() =>
        {
            foreach (var number in Numbers().Timed(null, null)) read.Add(number);
        });
        Assert.Equal([1, 2], read);

        static IEnumerable<int> Numbers()
        {
            yield return 1;
            yield return 2;
            throw Late();
        }
    }

    private static RegexMatchTimeoutException Late() => new(Line, "pattern", TimeSpan.FromSeconds(1));
}
