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
    /// <param name="messages">Where assumptions and skipped parts are said.</param>
    public static IEnumerable<MachineSpec> ReadText(string text, string? origin, IMessageSink messages) =>
        throw new NotImplementedException();

    /// <summary>The machines of rows (of CSV, JSON, CIM or any objects), rows of one machine grouped.</summary>
    public static IEnumerable<MachineSpec> ReadRows(
        IEnumerable<IReadOnlyDictionary<string, object?>> rows, string? origin, IMessageSink messages) =>
        throw new NotImplementedException();
}
