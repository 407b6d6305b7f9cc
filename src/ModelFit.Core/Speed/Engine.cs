using System.Globalization;

namespace ModelFit.Speed;

/// <summary>
/// How the kernels of one program on one kind of device use it: a row of <c>speed-engines.tsv</c>, fitted by
/// <c>tools/ModelFit.SpeedFit</c> from published measurements.
/// </summary>
internal sealed record Engine
{
    /// <summary>Name of the row: a backend of llama.cpp, or another runtime.</summary>
    public required string Name { get; init; }

    /// <summary>Part of the memory bandwidth that is reached.</summary>
    public double BandwidthShare { get; init; }

    /// <summary>Operations that unpack and multiply a weight of each kind in a product with one token.</summary>
    public WeightCount Operations { get; init; }

    /// <summary>Seconds a layer takes however small it is.</summary>
    public double SecondsPerLayer { get; init; }

    /// <summary>Seconds that an operation with one tensor adds to it.</summary>
    public double SecondsPerTensor { get; init; }

    /// <summary>Seconds to choose the experts of a layer.</summary>
    public double SecondsPerExpertLayer { get; init; }

    /// <summary>
    /// Whether matrices are multiplied by the vendor's libraries (cuBLAS, CUTLASS): they follow the tensor cores and
    /// take weights in as fast as memory gives them, where llama.cpp's own kernels follow the other cores.
    /// </summary>
    public bool UsesLibraries { get; init; }

    /// <summary>Part of the matrix rate that products of experts reach.</summary>
    public double ExpertRate { get; init; }

    /// <summary>Matrix rate over the single-precision rate where no row of the class says.</summary>
    public double PrefillShare { get; init; }

    /// <summary>Time to read a filled cache over its bytes at the reached bandwidth.</summary>
    public double CacheFactor { get; init; }

    /// <summary>Operations of attention with one token over the single-precision rate.</summary>
    public double AttentionRate { get; init; }

    /// <summary>Share of a further sequence's unpacking that is not shared with the first.</summary>
    public double SequenceCost { get; init; }

    /// <summary>Seconds that each further sequence adds to a step.</summary>
    public double SecondsPerSequence { get; init; }

    /// <summary>Seconds that it adds for each token of the vocabulary, of which one is sampled.</summary>
    public double SecondsPerLogit { get; init; }

    /// <summary>Names of the columns after the name, in their order.</summary>
    public static string[] Columns { get; } =
    {
        "BandwidthShare", "PlainOperations", "BlockOperations", "SuperOperations", "TableOperations",
        "MicroOperations", "LayerMicroseconds", "TensorMicroseconds", "ExpertLayerMicroseconds", "ExpertRate",
        "PrefillShare", "CacheFactor", "AttentionRate", "SequenceCost", "SequenceMicroseconds",
        "LogitNanoseconds", "Libraries",
    };

    /// <summary>An engine of the values of its columns.</summary>
    public static Engine Of(string name, Func<string, double> value) => new()
    {
        Name = name,
        BandwidthShare = value("BandwidthShare"),
        Operations = new WeightCount(
            value("PlainOperations"),
            value("BlockOperations"),
            value("SuperOperations"),
            value("TableOperations"),
            value("MicroOperations")),
        SecondsPerLayer = value("LayerMicroseconds") * 1e-6,
        SecondsPerTensor = value("TensorMicroseconds") * 1e-6,
        SecondsPerExpertLayer = value("ExpertLayerMicroseconds") * 1e-6,
        ExpertRate = value("ExpertRate"),
        PrefillShare = value("PrefillShare"),
        CacheFactor = value("CacheFactor"),
        AttentionRate = value("AttentionRate"),
        SequenceCost = value("SequenceCost"),
        SecondsPerSequence = value("SequenceMicroseconds") * 1e-6,
        SecondsPerLogit = value("LogitNanoseconds") * 1e-9,
        UsesLibraries = value("Libraries") > 0,
    };

    /// <summary>An engine of the cells of its row.</summary>
    public static Engine Parse(string[] row) => Of(
        row[0], column => double.Parse(row[1 + Array.IndexOf(Columns, column)], CultureInfo.InvariantCulture));
}
