using System.Threading;
using System.Threading.Tasks;
using ModelFit.Fit;

namespace ModelFit.Fleet;

/// <summary>Asks questions of machines and says what came of it, a record each. Thread-safe.</summary>
internal sealed class Auditor
{
    /// <summary>Questions of one machine from which on it pays to ask them on all cores.</summary>
    private const int Many = 16;

    private readonly IReadOnlyList<AuditQuestion> _questions;
    private readonly string _runId;
    private readonly DateTime _startedAt;
    private readonly Remedies _remedies = new();
    private readonly CancellationToken _stopping;
    private readonly bool _findsDetails;

    /// <summary>Begins a run.</summary>
    /// <param name="questions">What is asked of each machine that a rule is about.</param>
    /// <param name="stopping">Ends it.</param>
    /// <param name="findsDetails">
    /// Whether speed and reason are found with the verdict, on all cores, because they will be read.
    /// </param>
    public Auditor(IReadOnlyList<AuditQuestion> questions, CancellationToken stopping, bool findsDetails = false)
    {
        (_questions, _stopping, _findsDetails) = (questions, stopping, findsDetails);
        (_runId, _startedAt) = (Guid.NewGuid().ToString("N"), DateTime.UtcNow);
    }

    /// <summary>
    /// The records of a machine, in the order of the questions; one without a question if no rule is about it.
    /// </summary>
    public IReadOnlyList<AuditRecord> Audit(AuditedMachine machine)
    {
        var asked = _questions.Select(question => (Question: question, Applies: Applies(question.Rule, machine)))
            .Where(question => question.Applies != false).ToArray();
        if (asked.Length == 0) return new[] { Unasked(machine) };
        var records = new AuditRecord[asked.Length];
        void Ask(int i)
        {
            _stopping.ThrowIfCancellationRequested();
            records[i] = Of(asked[i].Question, machine, asked[i].Applies == true);
        }

        if (asked.Length < Many)
        {
            for (var i = 0; i < asked.Length; i++) Ask(i);
        }
        else
        {
            Parallel.For(0, asked.Length, new ParallelOptions { CancellationToken = _stopping }, Ask);
        }

        return records;
    }

    /// <summary>The record of a machine that the baseline knows and this run has not seen.</summary>
    public AuditRecord Missing(AuditRecord before) => new()
    {
        RunId = _runId,
        CollectedAt = _startedAt,
        ComputerName = before.ComputerName,
        Verdict = "Unknown",
        Compliance = nameof(Compliance.Unknown),
        CatalogVersion = CatalogVersion.Current,
        ErrorId = ErrorIds.MachineMissing,
        ErrorMessage = $"{before.ComputerName ?? "A machine"} is in the baseline, but not in this audit.",
    };

    private static bool? Applies(PolicyRule? rule, AuditedMachine machine)
    {
        if (rule is null) return true;
        var isSeen = machine.Failure is null;
        var matches = rule.Machines.Matches(machine.Spec, isSeen);
        if (matches == false || rule.Except is null) return matches;
        return rule.Except.Matches(machine.Spec, isSeen) switch
        {
            true => false,
            false => matches,
            null => null,
        };
    }

    private AuditRecord Of(AuditQuestion asked, AuditedMachine machine, bool isCertain)
    {
        if (machine.Failure is { } failure) return Failed(asked, machine, failure, isCertain);
        try
        {
            var verdict = asked.Prepared?.Ask(machine.Asked);
            var question = asked.Template is null ? null : asked.Template with { Machine = machine.Spec };
            var demand = Demands.Worst(asked.Require, machine, question, verdict, _remedies);
            var isViolated = demand.Compliance == Compliance.Violated && asked.Rule is not null;
            var details = new AuditDetails(verdict, demand.Reason, isViolated ? demand.Remedy : null);
            if (_findsDetails) _ = (details.Answer, details.Reason, details.Remedy);
            return Record(asked, machine, verdict, demand.Compliance.ToString(), null, details, null);
        }
        catch (ModelFitException error)
        {
            return Failed(asked, machine, error, true);
        }
    }

    private AuditRecord Failed(
        AuditQuestion asked, AuditedMachine machine, ModelFitException failure, bool isCertain) => Record(
            asked, machine, null, nameof(Compliance.Unknown),
            isCertain
                ? failure.Message
                : $"It is not known whether the rule applies: {failure.Message}", null, failure);

    private AuditRecord Unasked(AuditedMachine machine) => Record(
        new AuditQuestion(null, new Requirement(), null), machine, null,
        machine.Failure is null ? null : nameof(Compliance.Unknown), machine.Failure?.Message, null, machine.Failure);

    private AuditRecord Record(
        AuditQuestion asked,
        AuditedMachine machine,
        FleetVerdict? answer,
        string? compliance,
        string? reason,
        AuditDetails? details,
        ModelFitException? failure)
    {
        var spec = machine.Spec;
        var question = asked.Template;
        return new AuditRecord
        {
            RunId = _runId,
            CollectedAt = machine.CollectedAt ?? _startedAt,
            ComputerName = machine.AskedName,
            ReportedName = machine.Failure is null ? spec.ComputerName : null,
            Gpu = spec.Gpu,
            GpuCount = spec.GpuCount,
            TotalGpuMemoryBytes = spec.TotalGpuMemoryBytes,
            GpuMemoryFreeBytes = machine.GpuMemoryFreeBytes,
            SystemMemoryBytes = spec.SystemMemoryBytes,
            DriverVersion = machine.DriverVersion,
            HardwareId = machine.HardwareId,
            Model = question?.Model.Name,
            Quantization = asked.Quantization,
            ContextLength = question?.Options.ContextLength,
            ParallelSequences = question?.Options.ParallelSequences,
            Runtime = question is null ? null : question.Options.Runtime.ToString(),
            CatalogVersion = CatalogVersion.Current,
            Verdict = answer?.VerdictName ?? (question is null && failure is null ? null : "Unknown"),
            RequiredBytes = answer?.RequiredBytes,
            HeadroomBytes = answer?.HeadroomBytes,
            Rule = asked.Rule?.Name,
            Severity = asked.Rule?.Severity,
            Compliance = compliance,
            Reason = reason,
            Details = details,
            ErrorId = failure?.ErrorId,
            ErrorMessage = failure?.Message,
        };
    }
}
