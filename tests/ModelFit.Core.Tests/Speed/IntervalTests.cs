using ModelFit.Speed;
using Xunit;

namespace ModelFit.Core.Tests.Speed;

/// <summary>How wide intervals are, which is what a plan can rest on.</summary>
public sealed class IntervalTests
{
    private const double MostOfStudied = 1.25;

    /// <summary>
    /// Widths of the intervals of four in five that an independent study of the same cards found with cards left out:
    /// NVIDIA 0.90-1.11, AMD 0.82-1.22, Apple 0.83-1.11. Each card counts alike.
    /// </summary>
    [Theory]
    [InlineData("NVIDIA", 0.21)]
    [InlineData("AMD", 0.40)]
    [InlineData("Apple", 0.28)]
    public void Intervals_of_decode_are_at_most_a_quarter_wider_than_those_studied(string vendor, double studied)
    {
        var rows = SpeedTable.Default.Classes.Where(row => row.Cards > 0 && VendorOf(row.Name) == vendor).ToArray();
        var width = rows.Sum(row => row.Cards * (row.Decode.High - row.Decode.Low)) / rows.Sum(row => row.Cards);
        Assert.InRange(width, 0.05, MostOfStudied * studied);
    }

    [Fact]
    public void What_was_not_measured_is_as_wide_as_studied()
    {
        Assert.Equal(new Spread(0.5, 1.5), SpeedTable.Default.Terms.Unknown);
        Assert.All(
            SpeedTable.Default.Classes.Where(row => row.Rows == 0),
            row => Assert.Equal(SpeedTable.Default.Terms.Unknown, row.Decode));
    }

    private static string VendorOf(string kind) => kind switch
    {
        _ when kind.StartsWith("Apple", System.StringComparison.Ordinal) => "Apple",
        _ when kind.StartsWith("RDNA", System.StringComparison.Ordinal) => "AMD",
        _ when kind.StartsWith("CDNA", System.StringComparison.Ordinal) => "AMD",
        _ when kind.StartsWith("GCN", System.StringComparison.Ordinal) => "AMD",
        _ when Nvidia.Contains(kind) => "NVIDIA",
        _ => "other",
    };

    private static readonly HashSet<string> Nvidia = new()
    {
        "Ada Lovelace", "Ampere", "Blackwell", "GA100", "GB10", "Hopper", "Kepler", "Maxwell", "Pascal", "GP100",
        "Turing", "Volta",
    };
}
