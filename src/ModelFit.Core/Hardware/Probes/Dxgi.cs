using System.Globalization;
using System.Runtime.InteropServices;

namespace ModelFit.Hardware.Probes;

/// <summary>An adapter as DXGI describes it; bytes.</summary>
internal sealed record DxgiAdapter(
    string Name, PciId? Id, long DedicatedBytes, long SharedBytes, bool IsSoftware, long Luid, long? BudgetBytes,
    long? UsedBytes);

/// <summary>DirectX's list of adapters (dxgi.h, dxgi1_4.h), called through the tables of its interfaces.</summary>
internal static class Dxgi
{
    private const int EnumAdapters1 = 12;
    private const int GetDesc1 = 10;
    private const int QueryVideoMemoryInfo = 14;
    private const uint SoftwareFlag = 2;
    private const uint MaxAdapters = 64;

    private static readonly Guid Factory1 = new("770aae78-f26f-4dba-a829-253c83d1b387");
    private static readonly Guid Adapter3 = new("645967A4-1392-4310-A798-8053CE3E93FD");

    [UnmanagedFunctionPointer(CallingConvention.StdCall)]
    private delegate int EnumAdaptersCall(IntPtr self, uint index, out IntPtr adapter);

    [UnmanagedFunctionPointer(CallingConvention.StdCall)]
    private delegate int GetDescCall(IntPtr self, out Description description);

    [UnmanagedFunctionPointer(CallingConvention.StdCall)]
    private delegate int QueryMemoryCall(IntPtr self, uint node, uint segment, out VideoMemory memory);

    /// <summary>The adapters in DXGI's order.</summary>
    public static IReadOnlyList<DxgiAdapter> Adapters()
    {
        var adapters = new List<DxgiAdapter>();
        var id = Factory1;
        if (CreateDXGIFactory1(ref id, out var factory) != 0) throw new ModelFitException(
            ErrorIds.ProbeFailed, "DXGI has no factory.", "DXGI");
        try
        {
            var enumerate = Method<EnumAdaptersCall>(factory, EnumAdapters1);
            for (uint i = 0; i < MaxAdapters && enumerate(factory, i, out var adapter) == 0; i++)
            {
                try
                {
                    if (Method<GetDescCall>(adapter, GetDesc1)(adapter, out var description) == 0)
                        adapters.Add(Adapter(description, Memory(adapter)));
                }
                finally
                {
                    Marshal.Release(adapter);
                }
            }
        }
        finally
        {
            Marshal.Release(factory);
        }

        return adapters;
    }

    private static DxgiAdapter Adapter(Description description, VideoMemory? memory) => new(
        description.Text.Trim(),
        PciId.Create(Hex(description.Vendor), Hex(description.Device), Hex(description.Subsystem),
            Hex(description.Revision)),
        (long)description.DedicatedVideo,
        (long)description.SharedSystem,
        (description.Flags & SoftwareFlag) != 0,
        description.Luid,
        (long?)memory?.Budget,
        (long?)memory?.Usage);

    private static VideoMemory? Memory(IntPtr adapter)
    {
        var id = Adapter3;
        if (Marshal.QueryInterface(adapter, ref id, out var newer) != 0) return null;
        try
        {
            return Method<QueryMemoryCall>(newer, QueryVideoMemoryInfo)(newer, 0, 0, out var memory) == 0
                ? memory
                : null;
        }
        finally
        {
            Marshal.Release(newer);
        }
    }

    private static T Method<T>(IntPtr instance, int slot) =>
        Marshal.GetDelegateForFunctionPointer<T>(Marshal.ReadIntPtr(Marshal.ReadIntPtr(instance), slot * IntPtr.Size));

    private static string Hex(uint value) => value.ToString("X", CultureInfo.InvariantCulture);

    [DllImport("dxgi.dll")]
    private static extern int CreateDXGIFactory1(ref Guid id, out IntPtr factory);

    /// <summary>DXGI_ADAPTER_DESC1.</summary>
    [StructLayout(LayoutKind.Sequential, CharSet = CharSet.Unicode)]
    private struct Description
    {
        [MarshalAs(UnmanagedType.ByValTStr, SizeConst = 128)]
        public string Text;
        public uint Vendor;
        public uint Device;
        public uint Subsystem;
        public uint Revision;
        public UIntPtr DedicatedVideo;
        public UIntPtr DedicatedSystem;
        public UIntPtr SharedSystem;
        public long Luid;
        public uint Flags;
    }

    /// <summary>DXGI_QUERY_VIDEO_MEMORY_INFO.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct VideoMemory
    {
        public ulong Budget;
        public ulong Usage;
        public ulong AvailableForReservation;
        public ulong Reservation;
    }
}
