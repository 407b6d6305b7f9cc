using System;
using System.Collections.Generic;
using System.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// Machines from rows: of a spreadsheet, of <c>Get-CimInstance Win32_VideoController</c>, of objects. Rows that name
/// the same computer are one machine; a row that names none is one machine, unless rows describe single adapters.
/// </summary>
internal static class RowReader
{
    /// <summary>The machines in the order in which they first appear.</summary>
    public static IEnumerable<DetectedMachine> Read(IEnumerable<InventoryRow> rows, string source, ReadContext context)
    {
        var groups = new Dictionary<string, List<InventoryRow>>(StringComparer.OrdinalIgnoreCase);
        var order = new List<string>();
        foreach (var row in rows)
        {
            var key = row.Text(RowColumns.Meaning.Computer)
                ?? (VideoController.IsRow(row) ? "\0adapters" : $"\0{row.Number}");
            if (!groups.TryGetValue(key, out var group))
            {
                groups[key] = group = new List<InventoryRow>();
                order.Add(key);
            }

            group.Add(row);
        }

        foreach (var key in order)
        {
            var machine = Attempt(groups[key], source, context);
            if (machine is not null) yield return machine;
        }
    }

    private static DetectedMachine? Attempt(List<InventoryRow> rows, string source, ReadContext context)
    {
        try
        {
            return Machine(rows, source, context);
        }
        catch (ModelFitException error)
        {
            var computer = rows[0].Text(RowColumns.Meaning.Computer);
            var where = $"row {rows[0].Number}" + (computer is null ? string.Empty : $" ({computer})");
            var prefix = context.Origin is null ? string.Empty : context.Origin + ", ";
            context.Failed(new ModelFitException(
                error.ErrorId, error.Kind, $"{prefix}{where}: {error.Message}", error.Target, error)
            {
                ComputerName = computer,
            });
            return null;
        }
    }

    private static DetectedMachine Machine(List<InventoryRow> rows, string source, ReadContext context)
    {
        if (!rows.Any(HasHardware)) throw new ModelFitException(
            ErrorIds.MissingColumn,
            FailureKind.InvalidData,
            "there is no column of hardware, such as " +
            $"{RowColumns.Known(RowColumns.Meaning.Gpu)}, {RowColumns.Known(RowColumns.Meaning.SystemMemory)}; " +
            $"there are: {string.Join(", ", rows[0].Columns)}.",
            rows[0].Number);
        var facts = new MachineSpec
        {
            ComputerName = First(rows, row => row.Text(RowColumns.Meaning.Computer)),
            OperatingSystem = First(rows, row => row.Text(RowColumns.Meaning.OperatingSystem)),
            Cpu = First(rows, row => row.Text(RowColumns.Meaning.Cpu)),
            CoreCount = First(rows, row => row.Count(RowColumns.Meaning.Cores)),
            SystemMemoryBytes = First(rows, row => row.Size(RowColumns.Meaning.SystemMemory)),
            MemoryBandwidth = First(rows, row => Fields.PositiveBytes(row.Named(nameof(MachineSpec.MemoryBandwidth)))),
            LogicalProcessorCount = First(rows, row => Count(row, nameof(MachineSpec.LogicalProcessorCount))),
            CpuFeatures = First(rows, row => row.Named(nameof(MachineSpec.CpuFeatures))),
            MemoryType = First(rows, row => row.Named(nameof(MachineSpec.MemoryType))),
            MemorySpeed = First(rows, row => Count(row, nameof(MachineSpec.MemorySpeed))),
            MemoryChannels = First(rows, row => Count(row, nameof(MachineSpec.MemoryChannels))),
            NumaNodeCount = First(rows, row => Count(row, nameof(MachineSpec.NumaNodeCount))),
            Virtualization = First(rows, row => row.Named(nameof(MachineSpec.Virtualization))),
            Source = source,
        };
        var known = rows.Any(row => VideoController.IsRow(row) || HasGpuColumn(row));
        var gpus = rows.SelectMany(row => VideoController.IsRow(row) ? VideoController.Cards(row) : Cards(row, source, context));
        return new DetectedMachine(facts, known ? gpus.ToList() : null);
    }

    /// <summary>The cards of one row of a spreadsheet; a card without a name is known by its memory.</summary>
    private static IEnumerable<DetectedGpu> Cards(
        InventoryRow row, string source, ReadContext context)
    {
        var text = row.Text(RowColumns.Meaning.Gpu);
        var memory = row.Size(RowColumns.Meaning.GpuMemory);
        var count = row.Count(RowColumns.Meaning.GpuCount);
        if (text is null && memory is null) return Array.Empty<DetectedGpu>();
        if (count is { } wanted) CardText.Check(wanted, "the column of counts says", context.Messages);
        var named = context.Cards(text ?? string.Empty).DefaultIfEmpty((Name: string.Empty, Count: 1)).ToList();
        var total = named.Sum(card => card.Count);
        if (count is { } given && given != total)
        {
            if (named.Count != 1 || named[0].Count != 1) throw new ModelFitException(
                ErrorIds.GpuCountMismatch,
                FailureKind.InvalidArgument,
                $"the column of counts says {given} and '{text}' names {total} cards.",
                text);
            named[0] = (named[0].Name, given);
        }

        return named.SelectMany(card => Enumerable.Repeat(card.Name, card.Count)).Select((name, index) =>
            new DetectedGpu(new GpuSpec { Name = name, MemoryBytes = memory, Index = index, Source = source }))
            .ToList();
    }

    /// <summary>Whether a column tells of hardware.</summary>
    public static bool HasHardware(InventoryRow row) => VideoController.IsRow(row) || HasGpuColumn(row)
        || row.Has(RowColumns.Meaning.SystemMemory);

    private static bool HasGpuColumn(InventoryRow row) => row.Has(RowColumns.Meaning.Gpu)
        || row.Has(RowColumns.Meaning.GpuMemory) || row.Has(RowColumns.Meaning.GpuCount);

    private static int? Count(InventoryRow row, string column) => Fields.PositiveInteger(row.Named(column));

    private static T? First<T>(IEnumerable<InventoryRow> rows, Func<InventoryRow, T?> select) =>
        rows.Select(select).FirstOrDefault(value => value is not null);
}
