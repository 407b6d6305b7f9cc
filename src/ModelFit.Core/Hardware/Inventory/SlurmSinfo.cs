namespace ModelFit.Hardware.Inventory;

/// <summary>
/// <c>sinfo</c> with a column of generic resources (<c>-o "%N %G %m %c"</c>, <c>-O nodelist,gres,memory</c>): a row may
/// be several nodes.
/// </summary>
internal static class SlurmSinfo
{
    private const int Near = 10;

    private static readonly char[] Separators = { '|', ';' };

    private static readonly Regex Resource = new(@"(?:^|\s|,|\|)gpu(?::[^\s:,()|]+)?:\d+(?:\([^)]*\))?(?=,|\s|\||$)");

    /// <summary>Any generic resource, as <c>tmp:844G</c> of the nodes without a GPU.</summary>
    private static readonly Regex Generic = new(@"[\s,|][a-z_]{2,20}(?::[^\s:,()|]{1,40})?:\d{1,9}[KMGT]?\s*$");

    /// <summary>Columns of sinfo, and the labels of scontrol's text of the same fact.</summary>
    private static readonly (string Column, string Label)[] Columns =
    {
        ("NODELIST", "NodeName"), ("HOSTNAMES", "NodeName"), ("NODE_HOST", "NodeName"),
        ("GRES", "Gres"), ("MEMORY", "RealMemory"),
        ("FREE_MEM", "FreeMem"), ("CPUS", "CPUTot"), ("SOCKETS", "Sockets"), ("CORES", "CoresPerSocket"),
    };

    /// <summary>Columns that no other table has beside nodes and memory.</summary>
    private static readonly string[] Own =
    {
        "STATE", "CPUS", "FEATURES", "AVAIL_FEATURES", "ACTIVE_FEATURES", "PARTITION", "S:C:T", "TMP_DISK",
        "CPUS(A/I/O/T)",
    };

    /// <summary>Whether the first line names the columns, or the rows are counts of GPUs without it.</summary>
    public static bool Recognizes(InventoryText text) => Header(text) is var header && (
            (header.Contains("GRES") && Body(text).Any(IsResource))
            || (header.Any(IsNode) && header.Contains("MEMORY") && header.Any(column => Own.Contains(column))))
        || (text.Json.Count == 0 && text.Lines.Where(line => line.Trim().Length > 0).All(IsResource)
            && text.Lines.Any(line => Resource.IsMatch(line)));

    /// <summary>The machines: one a node, in however many partitions it is.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var header = Header(text);
        var hasCards = header.Contains("GRES");
        if (!hasCards && !header.Any(IsNode)) throw context.Damaged(
            "this looks like sinfo's output without its header line, so its columns are not known. " +
            "Run sinfo without '-h'.");
        var machines = Body(text).Select(Cells).Where(cells => cells.Length > 0 && cells.All(IsCell))
            .SelectMany(cells => Row(header, cells, context))
            .Select(machine => hasCards ? machine : machine with { Gpus = null });
        return SlurmNodes.Once(machines.AtMost(InventoryLimits.Rows, "nodes"));
    }

    private static IEnumerable<DetectedMachine> Row(string[] header, string[] cells, ReadContext context)
    {
        string? Value(string label) => Columns.Where(column => column.Label == label)
            .Select(column => Array.IndexOf(header, column.Column)).Where(index => index >= 0 && index < cells.Length)
            .Select(index => Fields.Text(cells[index].TrimEnd('+'))).FirstOrDefault();
        var names = new List<string>();
        try
        {
            names.AddRange(NodeNames.Expand(Value("NodeName") ?? string.Empty));
        }
        catch (ModelFitException error)
        {
            context.Failed(context.Damaged($"the line of {cells[0]}: {error.Message}", cells[0]));
            return Array.Empty<DetectedMachine>();
        }

        return names.Count == 0 ? new[] { SlurmNodes.Machine(Value) }
            : names.Select(name => SlurmNodes.Machine(label => label == "NodeName" ? name : Value(label)));
    }

    /// <summary>Whether a cell may be one of sinfo: what has quotes and braces is of another text.</summary>
    private static bool IsCell(string cell) => cell.IndexOfAny(new[] { '"', '{', '}', '<', '>' }) < 0;

    private static bool IsResource(string line) =>
        Resource.IsMatch(line) || line.Contains("(null)") || Generic.IsMatch(line);

    private static string[] Header(InventoryText text) => Cells(text.Lines[Top(text)]);

    private static IEnumerable<string> Body(InventoryText text) => text.Lines.Skip(Top(text) + 1);

    /// <summary>The line of the header: the first, or below the command that was typed.</summary>
    private static int Top(InventoryText text) => Math.Max(0, text.Lines.Take(Near).ToList().FindIndex(line =>
        Cells(line) is { Length: > 1 } cells && cells.Any(cell => cell == "GRES" || IsNode(cell))));

    private static bool IsNode(string column) => column is "NODELIST" or "HOSTNAMES" or "NODE_HOST";

    private static string[] Cells(string line) => line.IndexOfAny(Separators) is >= 0 and var at
        ? line.Split(line[at]).Select(cell => cell.Trim()).ToArray()
        : line.Split(new[] { ' ', '\t' }, StringSplitOptions.RemoveEmptyEntries);
}
