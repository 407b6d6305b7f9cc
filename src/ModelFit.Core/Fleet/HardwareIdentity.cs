using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ModelFit.Fleet;

/// <summary>What of a machine stays the same while nobody opens it.</summary>
internal static class HardwareIdentity
{
    private const int Shown = 8;

    /// <summary>
    /// System memory is counted in steps: what an operating system reports differs by some MiB from kernel to kernel.
    /// </summary>
    private const long MemoryStepBytes = 1L << 31;

    /// <summary>
    /// A hash, in hex, of cards, their memory, system memory and processor; not of free memory, driver, names, or the
    /// order of the cards. Null if neither cards nor memory are known.
    /// </summary>
    public static string? Of(MachineSpec machine)
    {
        if (machine.GpuCount is null && machine.Gpus.Length == 0 && machine.SystemMemoryBytes is null) return null;
        var cards = machine.Gpus
            .Select(card => string.Join("|", card.Name, Steps(card.MemoryBytes, 1L << 28), card.MigProfile))
            .OrderBy(card => card, System.StringComparer.Ordinal);
        return Hash(string.Join(
            "\n", cards.Concat(new[] { Steps(machine.SystemMemoryBytes, MemoryStepBytes), machine.Cpu })));
    }

    /// <summary>The first bytes of SHA-256 in hex.</summary>
    public static string Hash(string text) => Hash(Encoding.UTF8.GetBytes(text));

    /// <summary>The first bytes of SHA-256 in hex.</summary>
    public static string Hash(byte[] bytes)
    {
        using var hash = SHA256.Create();
        return string.Concat(hash.ComputeHash(bytes).Take(Shown)
            .Select(value => value.ToString("x2", CultureInfo.InvariantCulture)));
    }

    private static string Steps(long? bytes, long step) =>
        bytes is { } known ? ((known + step - 1) / step).ToString(CultureInfo.InvariantCulture) : string.Empty;
}
