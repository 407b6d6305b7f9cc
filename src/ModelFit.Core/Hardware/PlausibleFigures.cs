namespace ModelFit.Hardware;

/// <summary>
/// What a machine tells of its memory is null where it cannot be: less than nothing, or more than any machine has.
/// </summary>
internal static class PlausibleFigures
{
    /// <summary>The machine without the figures that cannot be, each with a warning.</summary>
    public static MachineSpec Of(MachineSpec machine, IMessageSink messages)
    {
        long? Checked(long? bytes, string what) => Check(bytes, what, machine.ComputerName ?? "A machine", messages);
        var cards = machine.Gpus.Any(IsOdd)
            ? machine.Gpus.Select(card => Of(card, messages)).ToArray()
            : machine.Gpus;
        return machine with
        {
            Gpus = cards,
            SystemMemoryBytes = Checked(machine.SystemMemoryBytes, "system memory"),
            SystemMemoryFreeBytes = Checked(machine.SystemMemoryFreeBytes, "free memory"),
            MemoryBandwidth = Checked(machine.MemoryBandwidth, "memory bandwidth"),
            ModelStoreFreeBytes = Checked(machine.ModelStoreFreeBytes, "free disk"),
        };
    }

    /// <summary>The card without the figures that cannot be, each with a warning.</summary>
    public static GpuSpec Of(GpuSpec card, IMessageSink messages)
    {
        if (!IsOdd(card)) return card;
        long? Checked(long? bytes, string what) => Check(bytes, what, card.Name, messages);
        return card with
        {
            MemoryBytes = Checked(card.MemoryBytes, "memory"),
            UsableMemoryBytes = Checked(card.UsableMemoryBytes, "usable memory"),
            MemoryFreeBytes = Checked(card.MemoryFreeBytes, "free memory"),
            MemoryUsedBytes = Checked(card.MemoryUsedBytes, "used memory"),
            MemoryReservedBytes = Checked(card.MemoryReservedBytes, "reserved memory"),
            SharedMemoryBytes = Checked(card.SharedMemoryBytes, "shared memory"),
            MemoryBandwidth = Checked(card.MemoryBandwidth, "bandwidth"),
        };
    }

    private static bool IsOdd(GpuSpec card) => IsOdd(card.MemoryBytes) || IsOdd(card.UsableMemoryBytes)
        || IsOdd(card.MemoryFreeBytes) || IsOdd(card.MemoryUsedBytes) || IsOdd(card.MemoryReservedBytes)
        || IsOdd(card.SharedMemoryBytes) || IsOdd(card.MemoryBandwidth);

    private static bool IsOdd(long? bytes) => bytes is < 0 or > SizeText.Most;

    private static long? Check(long? bytes, string what, string who, IMessageSink messages)
    {
        if (!IsOdd(bytes)) return bytes;
        messages.Warning($"{who}: {bytes} bytes of {what} are not possible and are ignored.");
        return null;
    }
}
