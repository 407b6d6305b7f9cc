namespace ModelFit.Hardware.Inventory;

/// <summary>Apple's chips: one memory for processor and GPU, of which the GPU may use a part.</summary>
internal static class Apple
{
    private const long Gib = 1L << 30;
    private const long Mib = 1L << 20;

    /// <summary>
    /// What macOS lets the GPU use by default (Metal's recommendedMaxWorkingSetSize, as llama.cpp logs it): two thirds
    /// of the memory, from 36 GB on three quarters; whole MiB.
    /// </summary>
    public static long WorkingSetBytes(long memoryBytes) =>
        (memoryBytes >= 36 * Gib ? memoryBytes / 4 * 3 : memoryBytes / 3 * 2) / Mib * Mib;

    /// <summary>Whether a processor's name is one of Apple's chips.</summary>
    public static bool IsChip(string? name) => name is { Length: > 7 }
        && name.StartsWith("Apple M", System.StringComparison.OrdinalIgnoreCase) && char.IsDigit(name[7]);

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
