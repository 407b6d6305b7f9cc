using ModelFit.Fit;

namespace ModelFit.Fleet;

/// <summary>A machine of an audit: seen, or failed.</summary>
internal sealed class AuditedMachine
{
    private AuditedMachine(string? asked, MachineSpec spec, ModelFitException? failure)
    {
        (AskedName, Spec, Failure, Asked) = (asked, spec, failure, new FleetMachine(spec));
        HardwareId = failure is null ? HardwareIdentity.Of(spec) : null;
        GpuMemoryFreeBytes = spec.Gpus.Length > 0 && spec.Gpus.All(card => card.MemoryFreeBytes is not null)
            ? spec.Gpus.Sum(card => card.MemoryFreeBytes) : null;
        var drivers = spec.Gpus.Select(card => card.DriverVersion).OfType<string>().Distinct().ToArray();
        DriverVersion = drivers.Length == 0 ? null : string.Join(", ", drivers);
    }

    /// <summary>Name as it was asked for.</summary>
    public string? AskedName { get; }

    /// <summary>What is known of it.</summary>
    public MachineSpec Spec { get; }

    /// <summary>The same, as questions are put to it.</summary>
    public FleetMachine Asked { get; }

    /// <summary>Why it could not be seen; null if it was.</summary>
    public ModelFitException? Failure { get; }

    /// <summary>Id of its hardware.</summary>
    public string? HardwareId { get; }

    /// <summary>Free memory of all cards in bytes.</summary>
    public long? GpuMemoryFreeBytes { get; }

    /// <summary>The drivers of its cards.</summary>
    public string? DriverVersion { get; }

    /// <summary>A machine that was seen.</summary>
    /// <param name="asked">Name as it was asked for; null for the one that it has.</param>
    /// <param name="spec">The machine.</param>
    public static AuditedMachine Seen(string? asked, MachineSpec spec) => new(asked ?? spec.ComputerName, spec, null);

    /// <summary>A machine, or a file with machines, that could not be seen.</summary>
    public static AuditedMachine Failed(string? asked, ModelFitException failure) =>
        new(asked, new MachineSpec { ComputerName = asked }, failure);

    /// <summary>When it was seen.</summary>
    public DateTime? CollectedAt => Failure is null ? Spec.CollectedAt : null;
}
