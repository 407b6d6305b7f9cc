namespace ModelFit.Hardware.Inventory;

/// <summary>Apple's chips: one memory for processor and GPU, of which the GPU may use a part.</summary>
internal static class Apple
{
    private const long Gib = 1L << 30;
    private const long Mib = 1L << 20;

    private static readonly Regex Short = new(@"^M\d(?: Pro| Max| Ultra)?(?=\.?$)");

    /// <summary>
    /// What macOS lets the GPU wire by default (Metal's recommendedMaxWorkingSetSize in logs of 2026): 12,124 MiB of
    /// 16 GiB, 18,186 of 24, 25,559 of 32, 38,339 of 48, 53,084 of 64, 110,100 of 128; whole MiB.
    /// </summary>
    public static long WorkingSetBytes(long memoryBytes)
    {
        var percent = memoryBytes < 32 * Gib ? 74 : memoryBytes < 64 * Gib ? 78 : memoryBytes < 128 * Gib ? 81 : 84;
        return memoryBytes / 100 * percent / Mib * Mib;
    }

    /// <summary>Whether a processor's name is one of Apple's chips.</summary>
    public static bool IsChip(string? name) => name is { Length: > 7 }
        && name.StartsWith("Apple M", System.StringComparison.OrdinalIgnoreCase) && char.IsDigit(name[7]);

    /// <summary>A chip by its whole name, or as people write it alone, <c>M1 Max</c>; null for others.</summary>
    public static string? Chip(string? name) => IsChip(name) ? name
        : name is { Length: < 12 } && Short.Match(name) is { Success: true } match ? $"Apple {match.Value}" : null;

    /// <summary>The GPU of a chip.</summary>
    /// <param name="name">Name of the chip, for example <c>Apple M1 Max</c>.</param>
    /// <param name="cores">GPU cores, which tell variants of a chip apart.</param>
    /// <param name="memoryBytes">Memory of the machine in bytes.</param>
    /// <param name="limitBytes">The limit that was set by <c>iogpu.wired_limit_mb</c>; null for the default.</param>
    /// <param name="source">Who told.</param>
    public static DetectedGpu Card(string name, int? cores, long? memoryBytes, long? limitBytes, string source) =>
        new(new GpuSpec
        {
            Name = name,
            Vendor = "Apple",
            Index = 0,
            MemoryBytes = limitBytes ?? (memoryBytes is { } memory ? WorkingSetBytes(memory) : null),
            IsUnifiedMemory = true,
            Source = source,
        })
        {
            IsIntegrated = true,
            NominalMemoryBytes = memoryBytes,
            OtherNames = cores is null
                ? System.Array.Empty<string>()
                : new[] { $"{name} ({cores}-core GPU)", $"{name} {cores}-core GPU", $"{name} {cores}-core" },
        };
}
