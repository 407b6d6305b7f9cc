using ModelFit.Common;
using Xunit;

namespace ModelFit.Core.Tests.Common;

/// <summary>What strangers call things cannot repaint what is said of them.</summary>
public sealed class CleanTextTests
{
    [Theory]
    [InlineData("Qwen3 8B", "Qwen3 8B")]
    [InlineData("\u001b[2J\u001b[1;31mFits", "[2J[1;31mFits")]
    [InlineData("a\u0007b\u0000c\u007fd\u009be", "abcde")]
    [InlineData("safe\u202egguf.exe\u2066x\u2069", "safegguf.exex")]
    [InlineData("left\u200eright\u200f\u061c", "leftright")]
    [InlineData("one\ntwo\tthree\u2028four", "one two three four")]
    [InlineData("\u00e9\u4e2d\ud83d\ude00", "\u00e9\u4e2d\ud83d\ude00")]
    [InlineData("", "")]
    [InlineData(null, null)]
    public void A_name_is_one_line_without_marks_that_move(string? text, string? expected) =>
        Assert.Equal(expected, CleanText.Name(text));

    [Fact]
    public void A_name_has_at_most_256_characters_and_no_half_of_one()
    {
        Assert.Equal(new string('x', 255) + "\u2026", CleanText.Name(new string('x', 1_000_000)));
        var half = new string('x', 254) + "\ud83d\ude00\ud83d\ude00y";
        Assert.Equal(new string('x', 254) + "\u2026", CleanText.Name(half));
        Assert.Equal(new string('x', 256), CleanText.Name(new string('x', 256)));
    }

    [Fact]
    public void Whatever_is_called_so_shows_clean()
    {
        const string name = "\u001b[1A\u001b[2K\u202eFits";
        Assert.Equal("[1A[2KFits", new ModelSpec { Name = name }.Name);
        Assert.Equal("[1A[2KFits", new GpuSpec { Name = name }.Name);
        Assert.Equal("[1A[2KFits", new MachineSpec { ComputerName = name }.ComputerName);
        var error = new ModelFitException(ErrorIds.ModelNotFound, FailureKind.NotFound, name + "\n" + name, name);
        Assert.Equal("[1A[2KFits\n[1A[2KFits", error.Message);
        Assert.Equal(name, error.Target);
    }

    [Fact]
    public void A_message_that_echoes_input_ends()
    {
        var error = new ModelFitException(ErrorIds.ModelNotFound, FailureKind.NotFound, new string('x', 1 << 20));
        Assert.Equal(4096, error.Message.Length);
    }
}
