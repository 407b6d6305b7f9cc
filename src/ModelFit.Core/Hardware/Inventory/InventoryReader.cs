using System;
using System.Collections.Generic;

namespace ModelFit.Hardware.Inventory;

/// <summary>Machines from what others exported: the one entry to the inventory readers.</summary>
public static class InventoryReader
{
    /// <summary>
    /// The machines of a text, its format recognized by content. Throws <see cref="ErrorIds.UnknownInventory"/> saying
    /// what was looked for.
    /// </summary>
    /// <param name="text">The whole text.</param>
    /// <param name="origin">File or command it came from, for messages; null if unknown.</param>
    /// <param name="catalog">Joins cards with what is known of them, by PCI id first, by name second.</param>
    /// <param name="messages">Where assumptions and skipped parts are said.</param>
    /// <param name="failed">
    /// Takes the failure of one row or machine, and the others go on; without it the first failure is thrown.
    /// </param>
    public static IEnumerable<MachineSpec> ReadText(
        string text,
        string? origin,
        IGpuLookup catalog,
        IMessageSink messages,
        Action<ModelFitException>? failed = null) =>
        throw new NotImplementedException();

    /// <summary>
    /// The machines of rows (of CSV, JSON, CIM or any objects), rows of one machine grouped. Parameters as of
    /// <see cref="ReadText"/>.
    /// </summary>
    public static IEnumerable<MachineSpec> ReadRows(
        IEnumerable<IReadOnlyDictionary<string, object?>> rows,
        string? origin,
        IGpuLookup catalog,
        IMessageSink messages,
        Action<ModelFitException>? failed = null) =>
        throw new NotImplementedException();
}
