using System.Runtime.InteropServices;
using System.Text;

namespace ModelFit.Hardware.Probes;

/// <summary>
/// NVIDIA's management library (nvml.h): the functions that are asked, each of which may be missing in an old driver or
/// not supported by a card; then its answer is null.
/// </summary>
internal sealed class Nvml
{
    private const int Success = 0;
    private const int NameLength = 96;

    private readonly NativeLibraryHandle _library;

    private Nvml(NativeLibraryHandle library) => _library = library;

    private delegate int NoArguments();

    private delegate int GetUInt(out uint value);

    private delegate int GetText(byte[] text, uint length);

    private delegate int GetProcessName(uint pid, byte[] text, uint length);

    private delegate int ByIndex(uint index, out IntPtr device);

    private delegate int DeviceText(IntPtr device, byte[] text, uint length);

    private delegate int DeviceUInt(IntPtr device, out uint value);

    private delegate int DevicePair(IntPtr device, out uint first, out uint second);

    private delegate int DeviceSelectUInt(IntPtr device, uint which, out uint value);

    private delegate int DeviceSelectDevice(IntPtr device, uint which, out IntPtr part);

    private delegate int DevicePci(IntPtr device, ref PciInfo info);

    private delegate int DeviceMemory(IntPtr device, ref MemoryV1 memory);

    private delegate int DeviceMemoryV2(IntPtr device, ref MemoryV2 memory);

    private delegate int DeviceProcesses(IntPtr device, ref uint count, [In, Out] ProcessInfo[]? processes);

    /// <summary>
    /// Loads and starts the library; null if there is none. Throws with NVML's number if it does not start.
    /// </summary>
    /// <param name="names">Names of the library.</param>
    public static Nvml? Open(params string[] names)
    {
        if (NativeLibraryHandle.Load(names) is not { } library) return null;
        var start = library.Function<NoArguments>("nvmlInit_v2") ?? library.Function<NoArguments>("nvmlInit");
        var result = start?.Invoke() ?? -1;
        return result == Success ? new Nvml(library) : throw new ModelFitException(
            ErrorIds.ProbeFailed, $"NVML does not start: {Reason(result)}.", "NVML");
    }

    /// <summary>Ends the use of the library.</summary>
    public void Close() => _library.Function<NoArguments>("nvmlShutdown")?.Invoke();

    /// <summary>Number of cards.</summary>
    public uint Count => (_library.Function<GetUInt>("nvmlDeviceGetCount_v2")
        ?? _library.Function<GetUInt>("nvmlDeviceGetCount")) is { } count && count(out var value) == Success
            ? value
            : 0;

    /// <summary>A text about the system, such as <c>nvmlSystemGetDriverVersion</c>.</summary>
    public string? SystemText(string function) => Text((text, length) =>
        _library.Function<GetText>(function)?.Invoke(text, length) ?? -1);

    /// <summary>A number about the system, such as <c>nvmlSystemGetCudaDriverVersion</c>.</summary>
    public uint? SystemNumber(string function) =>
        _library.Function<GetUInt>(function) is { } get && get(out var value) == Success ? value : null;

    /// <summary>The card of an index, or what NVML answered instead.</summary>
    public (IntPtr Device, int Result) Device(uint index)
    {
        var get = _library.Function<ByIndex>("nvmlDeviceGetHandleByIndex_v2")
            ?? _library.Function<ByIndex>("nvmlDeviceGetHandleByIndex");
        if (get is null) return (IntPtr.Zero, -1);
        var result = get(index, out var device);
        return (device, result);
    }

    /// <summary>A text about a card.</summary>
    public string? Text(IntPtr device, string function) => Text((text, length) =>
        _library.Function<DeviceText>(function)?.Invoke(device, text, length) ?? -1);

    /// <summary>A number about a card.</summary>
    public uint? Number(IntPtr device, string function) =>
        _library.Function<DeviceUInt>(function) is { } get && get(device, out var value) == Success ? value : null;

    /// <summary>A number about a part of a card.</summary>
    public uint? Number(IntPtr device, string function, uint part) =>
        _library.Function<DeviceSelectUInt>(function) is { } get && get(device, part, out var value) == Success
            ? value : null;

    /// <summary>Two numbers about a card.</summary>
    public (uint First, uint Second)? Pair(IntPtr device, string function) =>
        _library.Function<DevicePair>(function) is { } get && get(device, out var first, out var second) == Success
            ? (first, second) : null;

    /// <summary>A MIG instance of a card.</summary>
    public IntPtr? MigDevice(IntPtr device, uint index) =>
        _library.Function<DeviceSelectDevice>("nvmlDeviceGetMigDeviceHandleByIndex") is { } get
            && get(device, index, out var part) == Success ? part : null;

    /// <summary>PCI address, ids (device in the upper half), subsystem.</summary>
    public (string Address, uint DeviceId, uint SubsystemId)? Pci(IntPtr device)
    {
        var info = default(PciInfo);
        var get = _library.Function<DevicePci>("nvmlDeviceGetPciInfo_v3")
            ?? _library.Function<DevicePci>("nvmlDeviceGetPciInfo_v2");
        if (get is null || get(device, ref info) != Success) return null;
        var address = FormattableString.Invariant($"{info.Domain:x4}:{info.Bus:x2}:{info.Device:x2}.0");
        return (address, info.DeviceId, info.SubsystemId);
    }

    /// <summary>Memory in bytes; the reserved part only where the driver tells it apart (version 2).</summary>
    public (long Total, long? Reserved, long Used, long Free)? Memory(IntPtr device)
    {
        var v2 = new MemoryV2 { Version = (uint)Marshal.SizeOf<MemoryV2>() | (2u << 24) };
        if (_library.Function<DeviceMemoryV2>("nvmlDeviceGetMemoryInfo_v2") is { } get
            && get(device, ref v2) == Success)
            return ((long)v2.Total, (long)v2.Reserved, (long)v2.Used, (long)v2.Free);
        var v1 = default(MemoryV1);
        return _library.Function<DeviceMemory>("nvmlDeviceGetMemoryInfo") is { } old && old(device, ref v1) == Success
            ? ((long)v1.Total, null, (long)v1.Used, (long)v1.Free) : null;
    }

    /// <summary>The name of a process with memory on a card; null where the driver does not tell.</summary>
    public string? ProcessName(uint pid) => Text((text, length) =>
        _library.Function<GetProcessName>("nvmlSystemGetProcessName")?.Invoke(pid, text, length) ?? -1);

    /// <summary>Processes and their memory in bytes (null where the driver does not tell).</summary>
    public (uint Pid, long? Bytes)[] Processes(IntPtr device, string function)
    {
        uint count = 128;
        var processes = new ProcessInfo[count];
        if (_library.Function<DeviceProcesses>(function) is not { } get || get(device, ref count, processes) != Success)
            return Array.Empty<(uint, long?)>();
        var known = new (uint, long?)[Math.Min(count, (uint)processes.Length)];
        for (var i = 0; i < known.Length; i++)
        {
            var bytes = processes[i].UsedBytes;
            known[i] = (processes[i].Pid, bytes == ulong.MaxValue ? null : (long)bytes);
        }

        return known;
    }

    /// <summary>What a result means (nvmlReturn_t).</summary>
    public static string Reason(int result) => result switch
    {
        2 => "invalid argument", 3 => "not supported", 4 => "insufficient permissions", 6 => "not found",
        9 => "the driver is not loaded", 12 => "no library", 13 => "function not found",
        15 => "the GPU is lost", 16 => "the GPU requires a reset", 18 => "driver and library versions do not match",
        999 => "unknown error", _ => FormattableString.Invariant($"error {result}"),
    };

    private static string? Text(Func<byte[], uint, int> read)
    {
        var bytes = new byte[NameLength];
        if (read(bytes, NameLength) != Success) return null;
        var end = Array.IndexOf(bytes, (byte)0);
        return Fields.Text(Encoding.UTF8.GetString(bytes, 0, end < 0 ? bytes.Length : end));
    }

    /// <summary>nvmlPciInfo_t: legacy bus id, five numbers, bus id; its version 2 ends earlier.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct PciInfo
    {
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 16)]
        public byte[] LegacyBusId;
        public uint Domain;
        public uint Bus;
        public uint Device;
        public uint DeviceId;
        public uint SubsystemId;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 32)]
        public byte[] BusId;
    }

    /// <summary>nvmlMemory_t.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct MemoryV1
    {
        public ulong Total;
        public ulong Free;
        public ulong Used;
    }

    /// <summary>nvmlMemory_v2_t: its version number holds its size.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct MemoryV2
    {
        public uint Version;
        public ulong Total;
        public ulong Reserved;
        public ulong Free;
        public ulong Used;
    }

    /// <summary>nvmlProcessInfo_t of version 2 and 3.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct ProcessInfo
    {
        public uint Pid;
        public ulong UsedBytes;
        public uint GpuInstance;
        public uint ComputeInstance;
    }
}
