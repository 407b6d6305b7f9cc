namespace ModelFit.Fleet;

/// <summary>Machines that stand for what could not be asked.</summary>
internal static class FailedMachines
{
    /// <summary>The machine of a failure.</summary>
    public static MachineSpec Of(string? name, ModelFitException failure) => new()
    {
        ComputerName = name,
        CollectedAt = DateTime.UtcNow,
        ErrorId = failure.ErrorId,
        ErrorMessage = failure.Message,
    };

    /// <summary>The failure that a machine stands for; null if it was seen.</summary>
    public static ModelFitException? FailureOf(MachineSpec machine) => machine.ErrorId is not { } id ? null
        : new ModelFitException(id, FailureKind.ReadError, machine.ErrorMessage ?? id, machine.ComputerName)
        {
            ComputerName = machine.ComputerName,
        };
}
