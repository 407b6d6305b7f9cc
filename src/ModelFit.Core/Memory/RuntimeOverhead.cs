namespace ModelFit.Memory;

/// <summary>Memory that a runtime takes on a device outside llama.cpp's own books, as a measured range in bytes.</summary>
/// <param name="LowBytes">Least that was measured.</param>
/// <param name="TypicalBytes">What is counted.</param>
/// <param name="HighBytes">Most that was measured.</param>
/// <param name="Source">Where the range comes from.</param>
public sealed record RuntimeOverhead(long LowBytes, long TypicalBytes, long HighBytes, string Source)
{
    private const long MiB = 1L << 20;

    /// <summary>The overhead of one device of a backend (context, driver reserve, library workspace).</summary>
    public static RuntimeOverhead For(ComputeBackend backend) => backend switch
    {
        ComputeBackend.Cpu => new(0, 0, 0, "none"),
        _ => new(250 * MiB, 400 * MiB, 500 * MiB, "CUDA context in logs of llama-server"),
    };
}
