using System.Threading;
using ModelFit.Testing;
using ModelFit.Fleet;

namespace ModelFit.Core.Tests.Fleet;

/// <summary>Audited machines for tests.</summary>
internal static class Fleets
{
    public const long GiB = 1L << 30;

    /// <summary>A machine that was seen, with so much of each card's memory free and this driver.</summary>
    public static MachineSpec Machine(
        string name, string? gpus, double? memoryGib = 64, double? freeGib = null, string? driver = "550.54.15")
    {
        var machine = Machines.Of(gpus, memoryGib);
        return machine with
        {
            ComputerName = name,
            Gpus = machine.Gpus.Select(card => card with
            {
                MemoryFreeBytes = (long?)(freeGib * GiB) ?? card.MemoryBytes - (GiB / 4),
                DriverVersion = driver,
            }).ToArray(),
        };
    }

    /// <summary>A machine that did not answer.</summary>
    public static AuditedMachine Failed(string name) => AuditedMachine.Failed(name, new ModelFitException(
        "ProbeFailed", FailureKind.Timeout, $"{name}: it did not answer within 30 s", name));

    /// <summary>The records of machines under a policy.</summary>
    public static IReadOnlyList<AuditRecord> Audit(string policy, params AuditedMachine[] machines)
    {
        var questions = AuditQuestion.Of(PolicyFile.Parse(policy, "policy.json"), NullSink.Instance);
        var auditor = new Auditor(questions, CancellationToken.None);
        return machines.SelectMany(auditor.Audit).ToArray();
    }

    /// <summary>The records of machines that were seen.</summary>
    public static IReadOnlyList<AuditRecord> Audit(string policy, params MachineSpec[] machines) =>
        Audit(policy, machines.Select(machine => AuditedMachine.Seen(null, machine)).ToArray());
}
