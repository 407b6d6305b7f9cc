using System.Globalization;

namespace ModelFit.Hardware.Inventory;

/// <summary>Linux's <c>/proc/meminfo</c>, in bytes.</summary>
/// <param name="Total">All memory that the kernel has.</param>
/// <param name="Available">What programs could have; on kernels before 3.14 estimated, then approximate.</param>
/// <param name="IsEstimated">Whether <paramref name="Available"/> was estimated.</param>
internal sealed record ProcMeminfo(long? Total, long? Available, bool IsEstimated)
{
    /// <summary>Reads the text of the file.</summary>
    public static ProcMeminfo Parse(string text)
    {
        var values = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n'))
        {
            var colon = line.IndexOf(':');
            if (colon < 0) continue;
            var number = line.Substring(colon + 1).Trim().Split(' ')[0];
            const NumberStyles style = NumberStyles.None;
            if (long.TryParse(number, style, CultureInfo.InvariantCulture, out var kib) && kib < long.MaxValue / 1024)
                values[line.Substring(0, colon).Trim()] = kib * 1024;
        }

        long? Value(string name) => values.TryGetValue(name, out var value) ? value : null;
        var estimate = new[] { "MemFree", "Cached", "Buffers", "SReclaimable" }.Sum(name => Value(name) ?? 0);
        var available = Value("MemAvailable");
        return new ProcMeminfo(
            Value("MemTotal"), available ?? (Value("MemFree") is null ? null : estimate), available is null);
    }
}
