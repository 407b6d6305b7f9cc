using System.Globalization;
using System.IO;
using System.IO.Compression;

namespace ModelFit.SpeedFit;

/// <summary>
/// One published measurement: a row of <c>tests/data/speed/measured.tsv.gz</c>, the median of its repeats.
/// </summary>
internal sealed record MeasuredRow
{
    public required string Card { get; init; }

    public int Count { get; init; }

    public required string Backend { get; init; }

    public required string Model { get; init; }

    public required string Quantization { get; init; }

    /// <summary>Size of the file as printed, in bytes; 0 where it was not.</summary>
    public double FileBytes { get; init; }

    /// <summary><c>tg</c>, <c>pp</c>, <c>gen</c>, <c>gen-pp</c>, <c>batch</c>, <c>ls-tg</c> or <c>ls-pp</c>.</summary>
    public required string Kind { get; init; }

    public int Length { get; init; }

    /// <summary>Tokens in the cache before.</summary>
    public int Depth { get; init; }

    /// <summary>Tokens of the prompt that each user's answer follows; 0 where none is told.</summary>
    public int Prompt { get; init; }

    public int MicroBatch { get; init; }

    public bool? FlashAttention { get; init; }

    public int Users { get; init; }

    public int HostExperts { get; init; }

    public int PowerLimit { get; init; }

    public required string Cpu { get; init; }

    public required string Memory { get; init; }

    public required string Tool { get; init; }

    /// <summary>Cards that share a layer, and copies of the model: <c>tp2x1</c>.</summary>
    public required string Split { get; init; }

    /// <summary>Cards that each copy of the model lies on.</summary>
    public int SplitCards => Split.Length > 0 ? Part(Split[2..Split.IndexOf('x')]) : 1;

    /// <summary>Copies of the model that serve side by side.</summary>
    public int Copies => Split.Length > 0 ? Part(Split[(Split.IndexOf('x') + 1)..]) : 1;

    public required string Speculation { get; init; }

    public double TokensPerSecond { get; init; }

    public int Samples { get; init; }

    public required string Date { get; init; }

    public required string Source { get; init; }

    /// <summary>Whether it is older than flash attention and graphs by default, which are what is predicted.</summary>
    public bool IsOld => string.CompareOrdinal(Date, "2025") < 0;

    /// <summary>Reads the rows of a file.</summary>
    public static IEnumerable<MeasuredRow> Read(string path)
    {
        using var packed = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var reader = new StreamReader(packed);
        var columns = reader.ReadLine()!.Split('\t').Select((name, index) => (name, index))
            .ToDictionary(column => column.name, column => column.index);
        while (reader.ReadLine() is { } line) yield return Parse(line.Split('\t'), columns);
    }

    private static int Part(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static MeasuredRow Parse(string[] cells, Dictionary<string, int> columns)
    {
        string Text(string name) => cells[columns[name]];
        double Number(string name) =>
            double.TryParse(Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : 0;
        return new MeasuredRow
        {
            Card = Text("Card"),
            Count = (int)Number("Count"),
            Backend = Text("Backend"),
            Model = Text("Model"),
            Quantization = Text("Quantization"),
            FileBytes = Number("SizeGiB") * (1L << 30),
            Kind = Text("Kind"),
            Length = (int)Number("Length"),
            Depth = (int)Number("Depth"),
            Prompt = (int)Number("Prompt"),
            MicroBatch = (int)Number("MicroBatch"),
            FlashAttention = Text("Flash") switch { "1" => true, "0" => false, _ => null },
            Users = Math.Max(1, (int)Number("Users")),
            HostExperts = (int)Number("HostExperts"),
            PowerLimit = (int)Number("PowerLimit"),
            Cpu = Text("Cpu"),
            Memory = Text("Memory"),
            Tool = Text("Tool"),
            Split = Text("Split"),
            Speculation = Text("Speculation"),
            TokensPerSecond = Number("TokensPerSecond"),
            Samples = (int)Number("Samples"),
            Date = Text("Date"),
            Source = Text("Source"),
        };
    }
}
