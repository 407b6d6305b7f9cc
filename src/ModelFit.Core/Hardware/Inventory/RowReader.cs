using ModelFit.Common;
using Meaning = ModelFit.Hardware.Inventory.RowColumns.Meaning;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// Machines from rows: of a spreadsheet, of <c>Get-CimInstance Win32_VideoController</c>, of objects. Rows that name
/// the same computer are one machine; a row that names none is one machine, unless rows describe parts of one.
/// </summary>
internal static class RowReader
{
    private const int MostParts = 64;
    private const int MostModels = 6;

    /// <summary>The machines in the order in which they first appear.</summary>
    public static IEnumerable<DetectedMachine> Read(IEnumerable<InventoryRow> rows, string source, ReadContext context)
    {
        var stop = context.Stop;
        var all = InOneUnit(CardRows.Mark(
            rows.Until(stop).AtMost(InventoryLimits.Rows, "rows").ToList().Until(stop))).Until(stop);
        if (all.Count == 0) yield break;
        var column = RowHosts.Column(all, context);
        if (column is null && Nameless(all) is { } failure)
        {
            context.Failed(failure);
            yield break;
        }

        var groups = new Dictionary<string, List<InventoryRow>>(StringComparer.OrdinalIgnoreCase);
        var order = new List<string>();
        foreach (var row in all.Where(row => column is null || !RowHosts.IsTotal(row, column)))
        {
            var key = (column is null ? null : row.Named(column))
                ?? (IsPart(row) ? "\0parts" : $"\0{row.Number}");
            if (!groups.TryGetValue(key, out var group))
            {
                groups[key] = group = new List<InventoryRow>();
                order.Add(key);
            }

            group.Add(row);
        }

        foreach (var key in order.Until(stop))
        {
            var name = key[0] == '\0' ? null : key;
            foreach (var machine in Attempt(groups[key], name, source, context)) yield return machine;
        }
    }

    /// <summary>Whether a column tells of hardware.</summary>
    public static bool HasHardware(InventoryRow row) => VideoController.IsRow(row) || HasGpuColumn(row)
        || row.Has(Meaning.SystemMemory) || ModuleRows.IsRow(row) || RowProcessors.IsRow(row) || CardRows.IsRow(row);

    /// <summary>Whether the row is an adapter, a memory module or a processor, and not a computer.</summary>
    public static bool IsPart(InventoryRow row) => (VideoController.IsRow(row) && !row.Has(Meaning.SystemMemory))
        || ModuleRows.IsRow(row) || RowProcessors.IsRow(row) || row.CardColumn is not null;

    /// <summary>
    /// The rows, whose bare numbers of memory are of one unit where some alone would be GiB and others MiB: no computer
    /// has 4096 GiB beside those that have hundreds.
    /// </summary>
    private static IReadOnlyList<InventoryRow> InOneUnit(IReadOnlyList<InventoryRow> rows)
    {
        var numbers = rows.SelectMany(row => row.Cells(Meaning.SystemMemory)).Where(cell => cell.Unit is null)
            .Select(cell => InventoryRow.Whole(cell.Text)).Where(number => number is > 0 and < 1 << 20).ToList();
        if (numbers.Count == 0 || numbers.Min() >= 512 || numbers.Max() < 512) return rows;
        var unit = numbers.Max() < 4096 ? "GiB" : "MiB";
        return rows.Select(row => row.Written(row.Style with { MemoryUnit = unit })).ToList();
    }

    /// <summary>
    /// Why rows that no column gives to a computer are none: too many adapters for one, or a column that is not
    /// understood tells each row from the others, so that the names may be there. Null if they are.
    /// </summary>
    private static ModelFitException? Nameless(IReadOnlyList<InventoryRow> rows)
    {
        var adapters = rows.Count(row => VideoController.IsRow(row) || row.CardColumn is not null);
        var unread = rows.Count < 2 || rows.Any(IsPart) ? null : rows[0].Columns.FirstOrDefault(column =>
            RowColumns.Find(column) is null && rows.Select(row => row.Named(column)).ToList() is var cells
            && cells.All(cell => cell?.Any(char.IsLetter) == true) && cells.Distinct().Count() == rows.Count);
        if (adapters <= MostParts && unread is null) return null;
        var problem = unread is null ? $"{adapters} rows are adapters and"
            : $"{rows.Count} rows differ in '{unread}', which is not understood, and";
        return new ModelFitException(
            ErrorIds.MissingColumn, FailureKind.InvalidData,
            $"{problem} no column names their computers, such as ComputerName, Hostname or Device name. " +
            $"The columns are: {string.Join(", ", rows[0].Columns.Take(30))}.",
            rows[0].Number);
    }

    private static IEnumerable<DetectedMachine> Attempt(
        List<InventoryRow> rows, string? name, string source, ReadContext context)
    {
        try
        {
            var machine = Machine(rows, name, source, context);
            var list = rows.Count == 1 ? rows[0].Text(Meaning.ComputerList) : null;
            return list is null ? new[] { machine } : NodeNames.Expand(list).Select(node =>
                machine with { Facts = machine.Facts with { ComputerName = node } }).ToList();
        }
        catch (ModelFitException error)
        {
            var where = $"row {rows[0].Number}" + (name is null ? string.Empty : $" ({name})");
            var prefix = context.Origin is null ? string.Empty : context.Origin + ", ";
            context.Failed(new ModelFitException(
                error.ErrorId, error.Kind, $"{prefix}{where}: {error.Message}", error.Target, error)
            {
                ComputerName = name,
            });
            return Array.Empty<DetectedMachine>();
        }
    }

    private static DetectedMachine Machine(
        List<InventoryRow> rows, string? name, string source, ReadContext context)
    {
        if (rows.SelectMany(row => row.Given).FirstOrDefault(IsLong) is { Key: { } column, Value: string text })
            throw InventoryLimits.TooMany(FormattableString.Invariant(
                $"the cell of '{column}' has {text.Length} characters; the most is {InventoryLimits.Characters}."));
        if (!rows.Any(HasHardware)) throw new ModelFitException(
            ErrorIds.MissingColumn,
            FailureKind.InvalidData,
            "there is no column of hardware, such as Gpu, Graphics card, RAM or Total memory (GB). " +
            $"The columns are: {string.Join(", ", rows[0].Columns.Take(30))}.",
            rows[0].Number);
        var memory = First(rows, row => row.Size(Meaning.SystemMemory, CellSize.Bare.System))
            ?? ModuleRows.Sum(rows);
        var processor = rows.FirstOrDefault(RowProcessors.IsRow);
        var cpu = First(rows, RowProcessors.Name) ?? Fields.Text(processor?.Named("Name"));
        var cores = Positive(First(rows, row => row.Count(Meaning.Cores, context.Messages)));
        var threads = Positive(First(rows, row => row.Count(Meaning.Threads, context.Messages, cores ?? 0)));
        var facts = new MachineSpec
        {
            ComputerName = name,
            ReportedName = First(rows, row => row.Named(nameof(MachineSpec.ReportedName))),
            OperatingSystem = First(rows, row => row.Cells(Meaning.OperatingSystem).Select(cell => cell.Text)
                .OrderBy(text => !char.IsLetter(text[0])).FirstOrDefault()),
            Cpu = cpu,
            CoreCount = cores,
            SystemMemoryBytes = memory,
            SystemMemoryFreeBytes = First(rows, row =>
                row.Size(Meaning.SystemMemoryFree, CellSize.Bare.System, "avail")),
            MemoryBandwidth = First(rows, row => Fields.PositiveBytes(row.Named(nameof(MachineSpec.MemoryBandwidth)))),
            LogicalProcessorCount = threads < cores ? null : threads,
            CpuFeatures = First(rows, row => row.Named(nameof(MachineSpec.CpuFeatures))),
            MemoryType = First(rows, row => row.Named(nameof(MachineSpec.MemoryType))),
            MemorySpeed = First(rows, row => Count(row, nameof(MachineSpec.MemorySpeed))),
            MemoryChannels = First(rows, row => Count(row, nameof(MachineSpec.MemoryChannels))),
            NumaNodeCount = First(rows, row => Count(row, nameof(MachineSpec.NumaNodeCount))),
            Virtualization = First(rows, row => row.Named(nameof(MachineSpec.Virtualization))),
            Source = source,
        };
        var cards = rows.SelectMany(row => VideoController.IsRow(row)
            ? VideoController.Cards(row) : RowCards.Of(row, source, context)).ToList();
        if (name is null && cards.Select(card => card.Facts.Name).Distinct().Count() > MostModels)
            throw new ModelFitException(
                ErrorIds.UnknownInventory,
                $"{cards.Count} cards of many models and no computer: a list of products, not of a machine.",
                rows[0].Number);
        var known = cards.Count > 0 || rows.Any(row => VideoController.IsRow(row)
            || (HasGpuColumn(row) && !RowCards.IsSilent(row, context)));
        if (cards.Count == 0 && Apple.Chip(cpu) is { } chip)
            return new DetectedMachine(facts, new[] { Apple.Card(chip, null, memory, null, source) });
        return new DetectedMachine(facts, known ? cards : null);
    }

    private static bool IsLong(KeyValuePair<string, object?> cell) =>
        cell.Value is string { Length: > InventoryLimits.Characters };

    private static bool HasGpuColumn(InventoryRow row) => row.Has(Meaning.Gpu) || row.Has(Meaning.GpuCount)
        || (row.Has(Meaning.GpuMemory) && !RowCards.IsVirtual(row)) || RowCards.HasObjects(row);

    private static int? Count(InventoryRow row, string column) => Fields.PositiveInteger(row.Named(column));

    private static int? Positive(int? count) => count > 0 ? count : null;

    private static T? First<T>(IEnumerable<InventoryRow> rows, Func<InventoryRow, T?> select) =>
        rows.Select(select).FirstOrDefault(value => value is not null);
}
