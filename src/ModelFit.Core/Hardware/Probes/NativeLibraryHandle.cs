using System.Runtime.InteropServices;

namespace ModelFit.Hardware.Probes;

/// <summary>
/// A library of the system, loaded by name if it is there; .NET's own loader is not in netstandard2.0.
/// </summary>
internal sealed class NativeLibraryHandle
{
    private const int Now = 2;
    private const uint SystemFoldersOnly = 0x800;

    private static readonly bool IsWindows = RuntimeInformation.IsOSPlatform(OSPlatform.Windows);

    private readonly IntPtr _handle;

    private NativeLibraryHandle(IntPtr handle) => _handle = handle;

    /// <summary>
    /// The first library of the names that loads; null if none does. It stays loaded: drivers expect that.
    /// </summary>
    public static NativeLibraryHandle? Load(params string[] names)
    {
        foreach (var name in names)
        {
            var handle = Open(name);
            if (handle != IntPtr.Zero) return new NativeLibraryHandle(handle);
        }

        return null;
    }

    /// <summary>A function of the library; null if this version has none of the name.</summary>
    public T? Function<T>(string name)
        where T : Delegate
    {
        var address = IsWindows ? GetProcAddress(_handle, name) : Symbol(_handle, name);
        return address == IntPtr.Zero ? null : Marshal.GetDelegateForFunctionPointer<T>(address);
    }

    private static IntPtr Open(string name)
    {
        if (IsWindows) return LoadLibraryEx(name, IntPtr.Zero, SystemFoldersOnly);
        try
        {
            return DlopenLibdl(name, Now);
        }
        catch (DllNotFoundException)
        {
            return DlopenLibc(name, Now);
        }
    }

    private static IntPtr Symbol(IntPtr handle, string name)
    {
        try
        {
            return DlsymLibdl(handle, name);
        }
        catch (DllNotFoundException)
        {
            return DlsymLibc(handle, name);
        }
    }

    [DllImport("libdl.so.2", EntryPoint = "dlopen", BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern IntPtr DlopenLibdl([MarshalAs(UnmanagedType.LPStr)] string name, int flags);

    [DllImport("libdl.so.2", EntryPoint = "dlsym", BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern IntPtr DlsymLibdl(IntPtr handle, [MarshalAs(UnmanagedType.LPStr)] string name);

    [DllImport("libc", EntryPoint = "dlopen", BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern IntPtr DlopenLibc([MarshalAs(UnmanagedType.LPStr)] string name, int flags);

    [DllImport("libc", EntryPoint = "dlsym", BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern IntPtr DlsymLibc(IntPtr handle, [MarshalAs(UnmanagedType.LPStr)] string name);

    [DllImport("kernel32", EntryPoint = "LoadLibraryExW", CharSet = CharSet.Unicode, SetLastError = true)]
    private static extern IntPtr LoadLibraryEx(string name, IntPtr file, uint flags);

    [DllImport("kernel32", SetLastError = true, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern IntPtr GetProcAddress(IntPtr module, [MarshalAs(UnmanagedType.LPStr)] string name);
}
