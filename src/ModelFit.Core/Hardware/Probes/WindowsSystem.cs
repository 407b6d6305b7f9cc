using System.Runtime.InteropServices;

namespace ModelFit.Hardware.Probes;

/// <summary>What Windows tells of memory, processors and firmware by its API; each null where it does not.</summary>
internal static class WindowsSystem
{
    private const uint RawSmbios = 0x52534D42;
    private const int SmbiosHeader = 8;
    private const int AllRelations = 0xFFFF;

    /// <summary>Entries of <see cref="Relations"/> that are a core.</summary>
    public const int Core = 0;

    /// <summary>Entries of <see cref="Relations"/> that are a NUMA node.</summary>
    public const int NumaNode = 1;

    /// <summary>PF_* numbers of winnt.h and the instruction sets that llama.cpp uses.</summary>
    private static readonly (uint Feature, string Name)[] Features =
    {
        (38, "SSE4.2"), (39, "AVX"), (40, "AVX2"), (41, "AVX512F"), (19, "NEON"), (43, "DOTPROD"), (46, "SVE"),
        (47, "SVE2"),
    };

    /// <summary>All memory, and what programs could have, in bytes.</summary>
    public static (long? Total, long? Available) Memory()
    {
        var status = new MemoryStatus { Length = (uint)Marshal.SizeOf<MemoryStatus>() };
        return GlobalMemoryStatusEx(ref status) ? ((long)status.Total, (long)status.Available) : (null, null);
    }

    /// <summary>The firmware's table without the header that Windows puts before it; empty if there is none.</summary>
    public static byte[] Smbios()
    {
        var size = GetSystemFirmwareTable(RawSmbios, 0, null, 0);
        var bytes = new byte[size];
        return size > SmbiosHeader && GetSystemFirmwareTable(RawSmbios, 0, bytes, size) == size
            ? bytes.Skip(SmbiosHeader).ToArray() : Array.Empty<byte>();
    }

    /// <summary>
    /// Cores, NUMA nodes and more as SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX entries, one after another.
    /// </summary>
    public static byte[] Processors()
    {
        uint length = 0;
        GetLogicalProcessorInformationEx(AllRelations, null, ref length);
        var bytes = new byte[length];
        return GetLogicalProcessorInformationEx(AllRelations, bytes, ref length) ? bytes : Array.Empty<byte>();
    }

    /// <summary>The kinds of the entries: each begins with its kind and its length, four bytes each.</summary>
    public static IEnumerable<int> Relations(byte[] entries)
    {
        for (var at = 0; at + 8 <= entries.Length;)
        {
            yield return BitConverter.ToInt32(entries, at);
            var length = BitConverter.ToInt32(entries, at + 4);
            if (length < 8) yield break;
            at += length;
        }
    }

    /// <summary>Instruction sets, as far as Windows tells of them.</summary>
    public static string? CpuFeatures()
    {
        var names = Features.Where(entry => IsProcessorFeaturePresent(entry.Feature)).Select(entry => entry.Name);
        var text = string.Join(" ", names);
        return text.Length == 0 ? null : text;
    }

    [DllImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool GlobalMemoryStatusEx(ref MemoryStatus status);

    [DllImport("kernel32", SetLastError = true)]
    private static extern uint GetSystemFirmwareTable(uint provider, uint table, byte[]? buffer, uint size);

    [DllImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool GetLogicalProcessorInformationEx(int relation, byte[]? buffer, ref uint length);

    [DllImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool IsProcessorFeaturePresent(uint feature);

    /// <summary>MEMORYSTATUSEX.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct MemoryStatus
    {
        public uint Length;
        public uint Load;
        public ulong Total;
        public ulong Available;
        public ulong TotalPageFile;
        public ulong AvailablePageFile;
        public ulong TotalVirtual;
        public ulong AvailableVirtual;
        public ulong AvailableExtendedVirtual;
    }
}
