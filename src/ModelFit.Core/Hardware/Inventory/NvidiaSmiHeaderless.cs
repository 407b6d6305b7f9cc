using System.Text.RegularExpressions;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// <c>nvidia-smi --query-gpu=… --format=csv,noheader</c>: which columns were asked for is not known. A name or a UUID
/// is told by its form, and each row is a card; the size that is the memory of the card by its name is its memory,
/// and a size right before it what is used of it, as people ask for them. hl-smi's rows are the same.
/// </summary>
internal static class NvidiaSmiHeaderless
{
    private const int MaxRows = 64;
    private static readonly Regex Name =
        new(@"^(?:(?:NVIDIA|GeForce|Tesla|Quadro|TITAN|GRID) [^|\s][^|]*|HL-\d{3}\w*)$",
            RegexOptions.IgnoreCase);
    private static readonly Regex Own = new(@"^(\d+ MiB|\[N/A\]|\[Not Supported\]|GPU-[0-9a-f-]+)$");
    private static readonly Regex Size = new(@"^\d{3,7}(?: MiB)?$");
    private static readonly Regex Small = new(@"^\d{1,7}(?: MiB)?$");
    private static readonly Regex Driver = new(@"^\d{3}\.\d{2,3}\.\d{2}$");
    private static readonly Regex Profile = new(@"-(\d{1,3})[ABCQ]$");
    private static readonly Regex Time = new(@"^(\d{4}/\d\d/\d\d \d\d:|\d{10}(\.\d+)?$)");
    private static readonly Regex Value = new(
        @"^([\d./: ]+|-?\d+(\.\d+)? ?(MiB|%|W|MHz|C)|\[?N/A\]?|\[Not Supported\]|GPU-.*|P\d+|[0-9A-Fa-f:.]+)$");

    /// <summary>Whether every line is a row of values, and in the first one is a name, a size or "not given".</summary>
    public static bool Recognizes(InventoryText text) => Records(text).FirstOrDefault() is { } first
        && Records(text).Take(MaxRows).All(row => row.All(value => Value.IsMatch(value) || Name.IsMatch(value)))
        && (first.Any(value => Own.IsMatch(value) || Name.IsMatch(value))
            || (first.Length >= 3 && first.All(Value.IsMatch)));

    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var records = Records(text).ToList();
        var isLog = records[0].Any(value => Time.IsMatch(value));
        if (isLog || !records[0].Any(value => Own.IsMatch(value) || Name.IsMatch(value))) throw context.Damaged(
            "this looks like nvidia-smi's CSV without its header line, so its columns are not known. " +
            "Run nvidia-smi without 'noheader'.");
        context.Messages.Warning(
            $"{context.Origin ?? "The text"}: nvidia-smi's CSV has no header line, so it is not known whether " +
            "its sizes are total, free or used memory. Run nvidia-smi without 'noheader'.");
        var cards = records.Select((record, index) => WithMemory(Card(record, index), record, context)).ToList();
        yield return new DetectedMachine(new MachineSpec { Source = NvidiaFacts.Source }, cards);
    }

    /// <summary>The largest size of a row is at most the card's memory: it tells variants apart, no more.</summary>
    private static DetectedGpu Card(string[] record, int index)
    {
        var told = record.FirstOrDefault(value => Name.IsMatch(value)) ?? string.Empty;
        var isGaudi = told.StartsWith("HL-", StringComparison.Ordinal);
        var name = isGaudi ? SmiTable.Sold(told).Name : told;
        return new DetectedGpu(new GpuSpec
        {
            Name = name,
            Vendor = isGaudi ? "Intel" : "NVIDIA",
            Index = index,
            DriverVersion = record.FirstOrDefault(value => Driver.IsMatch(value)),
            Uuid = record.FirstOrDefault(value => value.StartsWith("GPU-", StringComparison.Ordinal)),
            PciBusId = record.Select(Fields.PciAddress).FirstOrDefault(address => address is not null),
            Source = NvidiaFacts.Source,
        })
        {
            IsIntegrated = isGaudi ? false : null,
            NominalMemoryBytes = record.Select(value => Fields.PositiveBytes(value, "MiB"))
                .Where((_, column) => record[column].EndsWith("MiB", StringComparison.Ordinal)).Max(),
            OtherNames = NvidiaFacts.WholeCards(name),
        };
    }

    /// <summary>The size that is the memory of the card by its name: no other of its row can be that large.</summary>
    private static DetectedGpu WithMemory(DetectedGpu card, string[] record, ReadContext context)
    {
        var profile = Profile.Match(card.Facts.Name);
        var usual = profile.Success ? Fields.PositiveBytes(profile.Groups[1].Value, "GiB")
            : card.NominalMemoryBytes is { } most
                ? context.Catalog?.FindByName(card.Facts.Name, most, NullSink.Instance)?.MemoryBytes : null;
        if (usual is not { } bytes) return card;
        var at = Array.FindIndex(record, value => Size.IsMatch(value)
            && Fields.PositiveBytes(value, "MiB") is { } size && size >= bytes * 0.92 && size <= bytes * 1.02);
        if (at < 0) return card;
        var total = Fields.PositiveBytes(record[at], "MiB");
        // A bare number up to 100 may be a share or a temperature; a virtual GPU reports neither.
        var isUsed = at > 0 && (profile.Success ? Small : Size).IsMatch(record[at - 1]);
        var used = isUsed ? Fields.PositiveBytes(record[at - 1], "MiB") : null;
        return card with
        {
            Facts = card.Facts with { MemoryBytes = total, MemoryUsedBytes = used <= total ? used : null },
        };
    }

    private static IEnumerable<string[]> Records(InventoryText text) => CsvText.Records(text.Text, ',');
}
