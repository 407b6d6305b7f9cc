using System.Text.RegularExpressions;
using Meaning = ModelFit.Hardware.Inventory.RowColumns.Meaning;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// Which rows state what a machine has, as against processes, jobs, products and what a program asks for. Rows of text
/// for people must be named, or be parts of one machine; keys of YAML must name a card, a processor or a computer.
/// </summary>
internal static class RowKinds
{
    private static readonly Regex Value = new(
        @"^\d+([.,:/ -]+\d+)*$|^\d+([.,]\d+)? ?[KMGT]i?B\b",
        RegexOptions.IgnoreCase);

    /// <summary>The size of a language model in its name: a row of what runs, not of a machine.</summary>
    private static readonly Regex ModelSize = new(@"\b\d{1,3}(?:\.\d)?B\b");

    /// <summary>Columns of what tells one card of a machine from the others.</summary>
    private static readonly string[] Places =
    {
        "index", "idx", "uuid", "gpuuuid", "busid", "pcibusid", "bus", "pci", "pcibus", "gpuid", "minornumber", "slot",
    };

    /// <summary>Keys of what is to be run: its hardware is asked for.</summary>
    private static readonly string[] Jobs =
    {
        "image", "command", "cmd", "entrypoint", "script", "run", "setup", "args", "replicas", "walltime", "timeout",
        "queue", "steps", "runson", "containers", "job", "pipeline",
    };

    /// <summary>
    /// Whether the rows of a table for people are machines or parts of one: several that nothing names are what can be
    /// bought or chosen.
    /// </summary>
    public static bool AreMachines(IEnumerable<InventoryRow> table) => table.Take(2).ToList() is { Count: > 0 } rows
        && (rows.Count == 1 || rows.Any(row => row.Has(Meaning.Computer) || row.Has(Meaning.Label)
            || row.Has(Meaning.ComputerList) || row.HasAny(Places) || RowReader.IsPart(row)))
        && rows.All(row => !CardRows.IsRow(row) || CardRows.IsOfCard(row));

    /// <summary>Whether the row tells of hardware and is not known to be another thing.</summary>
    public static bool IsMeaningful(InventoryRow row) => !IsMatrix(row) && !IsOfOther(row) && !IsOfMany(row)
        && !IsBudget(row) && (RowReader.HasHardware(row)
        || row.Has(Meaning.GpuCount) || RowCards.HasObjects(row));

    /// <summary>Whether the columns of a table mean something: names of columns are no values and no cards.</summary>
    public static bool IsTable(InventoryRow row) => IsMeaningful(row)
        && !row.Given.Keys.Any(column =>
            Value.IsMatch(column) || AdapterKind.IsGpuName(column) || column.EndsWith(":", StringComparison.Ordinal));

    /// <summary>Whether a cell says what its column asks for: configuration files have such names too.</summary>
    public static bool Tells(InventoryRow row) => !row.HasAny(Jobs) && (HasName(row)
        || (row.Has(Meaning.Computer) && row.Cells(Meaning.SystemMemory).Concat(row.Cells(Meaning.GpuMemory))
            .Any(cell => cell.Text.Any(c => c is >= '1' and <= '9'))));

    /// <summary>
    /// Whether a card or a processor is named: a count and a size alone may be those of anything that asks for them.
    /// </summary>
    private static bool HasName(InventoryRow row) => row.Listed
            .Any(item => item.Cells.Values.Any(value => AdapterKind.IsGpuName(value as string)))
        || row.Cells(Meaning.Gpu).Any(cell => !RowCards.IsVague(cell.Text) && cell.Text.Any(char.IsLetter)
            && !bool.TryParse(cell.Text, out _))
        || row.Cells(Meaning.Cpu).Any(cell => AdapterKind.IsProcessorName(cell.Text) || Apple.IsChip(cell.Text));

    /// <summary>Whether the columns are numbered cards alone: how they are connected, not which they are.</summary>
    private static bool IsMatrix(InventoryRow row) => row.HasAny("x")
        || row.Columns.Any(IsNumber) && !row.Has(Meaning.Computer)
        && !row.Has(Meaning.Label) && !row.Has(Meaning.SystemMemory);

    /// <summary>
    /// Whether the row is a process, a job, a model that a driver supports, or a moment of a machine that it does not
    /// name.
    /// </summary>
    private static bool IsOfOther(InventoryRow row) => row.HasAny(
            "pid", "ppid", "processid", "processname", "jobid", "jobname", "jobstate", "imagename",
            "endtime", "timelimit", "submittime")
        || (row.HasAny("memorypercent", "mempercent", "mempercentage") && !row.HasAny("memorytotal", "memtotal"))
        || (row.HasAny("devid") && row.HasAny("features"))
        || ModelSize.IsMatch(row.Named("Model") ?? string.Empty)
        || (!row.Has(Meaning.Computer) && (HasPrice(row) || (!row.Has(Meaning.Label) && IsOfProducts(row))))
        || (row.HasAny("time", "timestamp", "uptime") && !row.Has(Meaning.Computer) && !row.Has(Meaning.Label)
            && row.Cells(Meaning.Gpu).Any(cell => InventoryRow.Whole(cell.Text) is not null));

    /// <summary>Whether the row has a size of a card and names neither card nor computer: what may be used.</summary>
    private static bool IsBudget(InventoryRow row) => row.Has(Meaning.GpuMemory) && row.Columns.Count() > 1
        && row.Columns.All(column => RowColumns.Find(column)?.Meaning is null or Meaning.GpuMemory)
        && !row.HasAny(Places) && !VideoController.IsRow(row) && !CardObjects.Has(row) && CardRows.NameIn(row) is null;

    /// <summary>Whether the row is one of what can be bought or chosen; its bare memory is the card's.</summary>
    private static bool IsOfProducts(InventoryRow row) => row.HasAny(
            "option", "tier", "plan", "usecase", "modelsize", "quantization", "architecture", "msrp", "toks")
        || (RowColumns.Normalize(row.Given.Keys.FirstOrDefault() ?? string.Empty)
                is "gpu" or "gpus" or "card" or "gpumodel"
            && row.HasAny("memory") && !row.Has(Meaning.Cpu) && !row.Has(Meaning.GpuCount));

    /// <summary>Whether the row is offered; what a cloud rents by virtual processors is a machine.</summary>
    private static bool HasPrice(InventoryRow row) => Begins(row, "price")
        && !(Begins(row, "vcpu") && row.Has(Meaning.SystemMemory));

    private static bool Begins(InventoryRow row, string word) => row.Columns.Any(column =>
        RowColumns.Normalize(column).StartsWith(word, StringComparison.Ordinal));

    /// <summary>Whether the row stands for several computers and does not list them.</summary>
    private static bool IsOfMany(InventoryRow row) => !row.Has(Meaning.ComputerList) && row.Columns.Any(column =>
        RowColumns.Normalize(column) is "nodes" or "ofnodes" or "numberofnodes" or "nodecount" or "numnodes" or "nnodes"
            && row.Named(column) is { } text && InventoryRow.Whole(text) > 1);

    private static bool IsNumber(string column) => RowColumns.Normalize(column) is { Length: > 3 } name
        && name.StartsWith("gpu", StringComparison.Ordinal) && name.Skip(3).All(char.IsDigit);
}
