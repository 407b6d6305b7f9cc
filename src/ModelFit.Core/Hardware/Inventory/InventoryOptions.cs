using System.Globalization;
using System.Threading;

namespace ModelFit.Hardware.Inventory;

/// <summary>How an inventory is read.</summary>
/// <param name="Culture">Whose numbers it has; null for those that say it themselves.</param>
/// <param name="Stop">Ends the reading.</param>
public sealed record InventoryOptions(CultureInfo? Culture, CancellationToken Stop);
