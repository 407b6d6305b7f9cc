using System.Globalization;

namespace ModelFit.Speed;

/// <summary>
/// What was measured of one architecture of cards under one engine: a row of <c>speed-classes.tsv</c>. A class without
/// a row has the engine's own figures and a wide spread.
/// </summary>
internal sealed record SpeedClass
{
    /// <summary>The class of Apple's chips of two dies.</summary>
    public const string Joined = "Apple Ultra";

    /// <summary>The class: an architecture, apart from the few that differ inside.</summary>
    public required string Name { get; init; }

    public required string Engine { get; init; }

    /// <summary>Operations a weight over those of the engine.</summary>
    public double OperationsFactor { get; init; } = 1;

    /// <summary>Matrix rate over the single-precision rate; null is the engine's.</summary>
    public double? PrefillShare { get; init; }

    /// <summary>Matrix operations a second that are sustained for each watt; null if never seen to limit.</summary>
    public double? FlopsPerWatt { get; init; }

    /// <summary>Measured over predicted, decode.</summary>
    public Spread Decode { get; init; }

    /// <summary>Measured over predicted, prefill.</summary>
    public Spread Prefill { get; init; }

    /// <summary>Cards that it rests on; 0 for a vendor, whose classes it stands in for.</summary>
    public int Cards { get; init; }

    /// <summary>Rows that it rests on.</summary>
    public int Rows { get; init; }

    /// <summary>A class of the cells of its row.</summary>
    public static SpeedClass Parse(string[] row)
    {
        double Number(int column) => double.Parse(row[column], CultureInfo.InvariantCulture);
        double? Optional(int column) => row[column].Length == 0 ? null : Number(column);
        return new SpeedClass
        {
            Name = row[0],
            Engine = row[1],
            OperationsFactor = Number(2),
            PrefillShare = Optional(3),
            FlopsPerWatt = Optional(4) * 1e12,
            Decode = new Spread(Number(5), Number(6)),
            Prefill = new Spread(Number(7), Number(8)),
            Cards = (int)Number(9),
            Rows = (int)Number(10),
        };
    }

    /// <summary>The class of a card.</summary>
    public static string Of(GpuSpec card)
    {
        if (card.Vendor == "Apple") return AppleClass(card.Name);
        return card.ComputeCapability switch
        {
            "8.0" => "GA100",
            "8.7" => "Orin",
            "12.1" => "GB10",
            "6.0" => "GP100",
            _ => card.Architecture ?? string.Empty,
        };
    }

    /// <summary>
    /// The family of a card's class by what multiplies matrices in it: products of bytes since compute capability 6.1
    /// and tensor cores since 7.0 (NVIDIA), matrix cores of the data-centre line (AMD). Null for a vendor whose classes
    /// are alike in that.
    /// </summary>
    public static string? FamilyOf(GpuSpec card) => card.Vendor switch
    {
        "NVIDIA" when card.CudaCapability is > 0 and var capability => capability switch
        {
            < 6.1 => "NVIDIA before DP4A",
            < 7.0 => "NVIDIA with DP4A",
            _ => "NVIDIA with tensor cores",
        },
        "AMD" when card.Architecture is { } architecture =>
            architecture.StartsWith("RDNA", StringComparison.Ordinal) ? "AMD RDNA" : "AMD GCN and CDNA",
        _ => null,
    };

    /// <summary>The generation (<c>M3</c>); two dies joined (<c>Ultra</c>) behave unlike one.</summary>
    private static string AppleClass(string name)
    {
        if (name.IndexOf("Ultra", StringComparison.Ordinal) >= 0) return Joined;
        var words = name.Split(' ');
        return words.Length > 1 ? "Apple " + words[1] : "Apple";
    }
}
