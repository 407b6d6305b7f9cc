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

    /// <summary>The overhead of one device of a backend.</summary>
    public static RuntimeOverhead For(ComputeBackend backend) => BackendProfiles.Of(backend).Overhead;

    /// <summary>The same of a device whose number of streaming multiprocessors is known, where it depends on it.</summary>
    public static RuntimeOverhead For(ComputeBackend backend, int? multiprocessors) =>
        BackendProfiles.Of(backend) is { OverheadOfMultiprocessors: { } each } && multiprocessors is > 0 and < 1024
            ? each(multiprocessors.Value)
            : For(backend);
}
