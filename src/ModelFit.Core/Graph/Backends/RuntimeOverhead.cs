namespace ModelFit.Graph.Backends;

/// <summary>
/// Memory that a runtime takes on a device outside llama.cpp's own books (context, driver reserve, library workspace),
/// as a measured range in bytes: how well it is known is always <see cref="Accuracy.Modelled"/>.
/// </summary>
/// <param name="LowBytes">Least that was measured.</param>
/// <param name="TypicalBytes">What is counted.</param>
/// <param name="HighBytes">Most that was measured.</param>
/// <param name="Source">Where the range comes from.</param>
public sealed record RuntimeOverhead(long LowBytes, long TypicalBytes, long HighBytes, string Source)
{
    /// <summary>None.</summary>
    public static RuntimeOverhead None { get; } = new(0, 0, 0, "none");
}
