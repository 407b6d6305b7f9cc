using ModelFit.Common;
using ModelFit.Fit;
using static ModelFit.Common.NumberText;
using static ModelFit.SizeText;

namespace ModelFit.Fleet;

/// <summary>How a demand stands, the better first.</summary>
internal enum Compliance
{
    /// <summary>It holds.</summary>
    Compliant,

    /// <summary>What it depends on is not known.</summary>
    Unknown,

    /// <summary>It does not hold.</summary>
    Violated,
}

/// <summary>One demand of a requirement, judged.</summary>
/// <param name="Compliance">How it stands.</param>
/// <param name="Reason">Makes a sentence with the values.</param>
/// <param name="Remedy">Makes the closest remedy of a violation.</param>
internal sealed record Demand(Compliance Compliance, Func<string?> Reason, Func<string?>? Remedy = null)
{
    /// <summary>A demand whose sentence is made already.</summary>
    public Demand(Compliance compliance, string? reason, Func<string?>? remedy = null)
        : this(compliance, () => reason, remedy)
    {
    }
}

/// <summary>Judges what a requirement demands of a machine.</summary>
internal static class Demands
{
    private static readonly string[] Verdicts = { "NoFit", "Offload", "Tight", "Fits" };

    /// <summary>The worst demand, the first of several; the answer's own reason if all hold.</summary>
    public static Demand Worst(
        Requirement require, AuditedMachine machine, FitQuestion? question, FleetVerdict? answer, Remedies remedies)
    {
        Demand? worst = null;
        foreach (var demand in All(require, machine, question, answer, remedies))
            if (worst is null || demand.Compliance > worst.Compliance) worst = demand;
        return worst ?? new Demand(Compliance.Compliant, () => null);
    }

    /// <summary>Whether a verdict is at least the accepted one; null for an unknown one.</summary>
    public static bool? Accepts(string accept, string? verdict)
    {
        var rank = Array.IndexOf(Verdicts, verdict);
        return rank < 0 ? null : rank >= Array.IndexOf(Verdicts, accept);
    }

    private static IEnumerable<Demand> All(
        Requirement require, AuditedMachine machine, FitQuestion? question, FleetVerdict? answer, Remedies remedies)
    {
        if (answer is not null && question is not null)
        {
            yield return Verdict(require, question, answer, machine, remedies);
            if (require.MinimumTokensPerSecond is { } least)
                yield return Speed(least, require, question, answer, remedies);
            if (require.Licenses.Count > 0) yield return License(require.Licenses, question.Model);
        }

        if (require.MinimumDriverVersion is { } driver) yield return Driver(driver, machine);
        if (require.MinimumFreeGpuMemoryBytes is { } bytes) yield return FreeMemory(bytes, machine);
    }

    private static Demand Verdict(
        Requirement require, FitQuestion question, FleetVerdict answer, AuditedMachine machine, Remedies remedies) =>
        Accepts(require.Accept, answer.VerdictName) switch
        {
            true => new(Compliance.Compliant, () => answer.Answer.Reason),
            false => new(
                Compliance.Violated,
                () => answer.Answer.Reason,
                () => remedies.OfVerdict(machine, question, answer, require)),
            null => new(Compliance.Unknown, () => answer.Answer.Reason),
        };

    private static Demand Speed(
        double least, Requirement require, FitQuestion question, FleetVerdict answer, Remedies remedies)
    {
        if (answer.VerdictName == "NoFit" || answer.Answer.DecodeTokensPerSecond is not { } rate)
            return answer.VerdictName == "NoFit"
                ? new(Compliance.Violated, () => answer.Answer.Reason)
                : new(Compliance.Unknown, "The speed is not known.");
        var says = $"{answer.Answer.Model} {answer.Answer.Quantization} is expected to run at {Rate(rate)} tokens/s, " +
            $"and {Rate(least)} are required.";
        return rate >= least ? new(Compliance.Compliant, says)
            : new(Compliance.Violated, says, () => Remedies.OfSpeed(question, require, least));
    }

    private static Demand License(IReadOnlyList<string> accepted, ModelSpec model)
    {
        if (model.License is not { } license)
            return new(Compliance.Unknown, $"The licence of {model.Name} is not known.");
        var list = string.Join(", ", accepted);
        return accepted.Any(pattern => new Wildcard(pattern).IsMatch(license))
            ? new(Compliance.Compliant, $"The licence of {model.Name} is {license}, which is one of {list}.")
            : new(
                Compliance.Violated, $"The licence of {model.Name} is {license}, which is none of {list}.",
                () => $"Use a model with one of these licences: {list}. Get-ModelSpec -ListAvailable shows them.");
    }

    private static Demand Driver(string least, AuditedMachine machine)
    {
        var found = machine.Spec.Gpus.Select(card => card.DriverVersion).ToArray();
        var old = found.OfType<string>().FirstOrDefault(version => DriverVersions.IsOlder(version, least) == true);
        if (old is not null) return new(
            Compliance.Violated, $"The driver is {old}, and the rule requires at least {least}.",
            () => $"Update the driver from {old} to {least} or newer.");
        if (machine.Spec.GpuCount == 0) return new(
            Compliance.Violated, $"There is no GPU, and the rule requires a driver of at least {least}.");
        var isKnown = found.Length > 0
            && found.All(version => version is not null && DriverVersions.IsOlder(version, least) is not null);
        return isKnown
            ? new(Compliance.Compliant,
                $"The driver is {machine.DriverVersion}, and the rule requires at least {least}.")
            : new(Compliance.Unknown,
                $"The version of the driver is not known, and the rule requires at least {least}.");
    }

    private static Demand FreeMemory(long least, AuditedMachine machine)
    {
        var total = machine.Spec.TotalGpuMemoryBytes;
        if (machine.GpuMemoryFreeBytes is { } free)
        {
            var says = $"{Gib(free)} of GPU memory are free, and the rule requires {Gib(least)}.";
            return free >= least ? new(Compliance.Compliant, says) : new(
                Compliance.Violated, says, () => total >= least
                    ? $"Free {Gib(least - free)}: {Gib(total.Value - free)} are in use."
                    : $"Add a card: all of them have {Gib(total ?? 0)}.");
        }

        var lacks = machine.Spec.GpuCount == 0 || total < least;
        return lacks
            ? new(
                Compliance.Violated,
                $"There are {Gib(total ?? 0)} of GPU memory, but the rule requires {Gib(least)}.")
            : new(Compliance.Unknown, $"The free GPU memory is not known; the rule requires {Gib(least)}.");
    }
}
