using System.IO;
using System.Management.Automation;
using ModelFit.Binding;
using ModelFit.Catalog;
using ModelFit.Common;
using ModelFit.Fleet;
using ModelFit.Hardware.Inventory;
using ModelFit.Hardware.Probes;
using ModelFit.Hardware.Remote;

namespace ModelFit.Cmdlets;

/// <summary>Emits a record for each machine and question, also for machines that could not be asked.</summary>
[Cmdlet(
    VerbsLifecycle.Invoke, "ModelFitAudit", SupportsShouldProcess = true,
    HelpUri = ProjectAddress.Pages + "Invoke-ModelFitAudit.md")]
[OutputType(typeof(AuditRecord), typeof(bool))]
public sealed class InvokeModelFitAuditCommand : ModelQuestionCommand
{
    private readonly List<AuditQuestion> _questions = new();
    private readonly List<IReadOnlyDictionary<string, object?>> _rows = new();
    private AuditSession? _session;
    private HostQueue? _hosts;
    private IReadOnlyList<string>? _typedHosts;

    /// <summary>Hosts to ask over ssh, as <c>user@node:port</c>.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string[]? HostName { get; set; }

    /// <summary>Paths of inventory files, with wildcards.</summary>
    [Parameter]
    [SupportsWildcards]
    public string[]? Path { get; set; }

    /// <summary>Paths of inventory files, literally.</summary>
    [Parameter]
    public string[]? LiteralPath { get; set; }

    /// <summary>A policy instead of a model and settings.</summary>
    [Parameter]
    public string? PolicyPath { get; set; }

    /// <summary>Records of an earlier audit, to say what has changed.</summary>
    [Parameter]
    public string? BaselinePath { get; set; }

    /// <summary>Where the records go, as JSON Lines; the file is replaced whole or not at all.</summary>
    [Parameter]
    public string? OutputPath { get; set; }

    /// <summary>The least verdict that is compliant where there is no policy; default is Fits.</summary>
    [Parameter]
    public FitAcceptance Accept { get; set; }

    /// <summary>Memory kept free on each card; default is 1 GiB.</summary>
    [Parameter]
    [Alias("ReserveBytes")]
    [SizeArgument(AllowZero = true)]
    public long? Reserve { get; set; }

    /// <summary>Count total memory even where free memory was detected.</summary>
    [Parameter]
    public SwitchParameter IgnoreUsage { get; set; }

    /// <summary>Most hosts that are asked at once.</summary>
    [Parameter]
    [ValidateRange(1, 1024)]
    public int ThrottleLimit { get; set; } = 32;

    /// <summary>Seconds that a host may take.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int TimeoutSeconds { get; set; } = 30;

    /// <summary>Emit one yes or no: whether everything is compliant.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    protected override void OnBegin()
    {
        base.OnBegin();
        _typedHosts = HostName;
        ReadQuestions();
        var path = OutputPath is null ? null : Require(() => ModelPaths.Literal(this, OutputPath), OutputPath);
        var before = BaselinePath is null ? null : Require(() => ModelPaths.Literal(this, BaselinePath), BaselinePath);
        if (before is not null && before == path && !File.Exists(before))
        {
            WriteWarning($"There is no baseline yet: this audit makes '{before}'.");
            before = null;
        }

        var baseline = before is null ? null : Require(
            () => new AuditComparison(AuditJson.Read(before, Cancellation), new AuditThresholds()), before);
        var output = path is not null && ShouldProcess(path, "Write the records of the audit")
            ? Require(() => new WholeFile(path), path)
            : null;
        var findsDetails = output is not null || baseline is not null;
        _session = new AuditSession(new Auditor(_questions, Cancellation, findsDetails), baseline, output);
    }

    /// <inheritdoc/>
    protected override void OnRecord()
    {
        if (InputObject is null || _questions.Count == 0) return;
        switch (ArgumentText.Unwrap(InputObject))
        {
            case string host:
                Ask(host);
                break;
            case FileInfo file:
                ReadFile(file.FullName);
                break;
            case object when TypeNames.Is<MachineSpec>(InputObject) || Rehydration.IsSavedMachine(InputObject):
                Take(() => Rehydration.Machine(InputObject, Messages));
                break;
            case object when HostName is { Length: > 0 } hosts && !ReferenceEquals(hosts, _typedHosts)
                && !Binding.RowReader.HasHardware(InputObject):
                foreach (var host in hosts) Ask(host);
                break;
            default:
                _rows.Add(ObjectRow.Of(InputObject));
                break;
        }
    }

    /// <inheritdoc/>
    protected override void OnEnd()
    {
        if (_questions.Count == 0) return;
        foreach (var host in _typedHosts ?? Array.Empty<string>()) Ask(host);
        foreach (var path in LiteralPath ?? Array.Empty<string>())
            if (Attempt(() => ModelPaths.Literal(this, path), path, out var file)) ReadFile(file);
        foreach (var path in Path ?? Array.Empty<string>())
            if (Attempt(() => ModelPaths.Expand(this, path), path, out var files))
                foreach (var file in files) ReadFile(file);
        if (_rows.Count > 0) Read(null, failed => InventoryReader.ReadRows(
            _rows, null, GpuCatalogLookup.Instance, Messages, failed, new InventoryOptions(null, Cancellation)));
        foreach (var outcome in _hosts?.Rest() ?? Array.Empty<SshOutcome>()) Take(outcome);
        if (IsThisMachine()) Take(() => Wait(Probe));
        Emit(_session!.Missing());
        if (!Attempt(_session.Commit, OutputPath)) return;
        if (Quiet) WriteObject(_session.IsCompliant && _session.Machines > 0);
    }

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        base.StopProcessing();
        _hosts?.WaitForEnd();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _session?.Dispose();
        _hosts?.Dispose();
        base.Dispose(disposing);
    }

    private protected override void Answer(QuestionInput input, bool isRow, object? record)
    {
        var quantizations = FindQuantizations(input);
        var require = new Requirement { Accept = Accept.ToString() };
        foreach (var model in FindModels(input, isRow, record))
        {
            _questions.AddRange(Questions(input, model, quantizations).Select(question =>
                new AuditQuestion(null, require, question with
                {
                    ReserveBytes = Reserve ?? question.ReserveBytes,
                    IgnoreUsage = IgnoreUsage,
                })));
        }
    }

    private void ReadQuestions()
    {
        if (PolicyPath is null)
        {
            Process(null);
            return;
        }

        _questions.AddRange(Require(
            () => Model is null
                ? AuditQuestion.Of(PolicyFile.Read(ModelPaths.Literal(this, PolicyPath), Cancellation), Messages)
                : throw new ModelFitException(
                    ErrorIds.InvalidArgument,
                    "Give -Model or -PolicyPath, not both: a policy names its own models.", PolicyPath),
            PolicyPath));
        WriteMessages();
    }

    private bool IsThisMachine() => _session!.Machines == 0 && !MyInvocation.ExpectingInput
        && _typedHosts is null && Path is null && LiteralPath is null;

    private MachineSpec Probe() => LocalMachine.Probe(GpuCatalogLookup.Instance, Messages, Cancellation);

    private void Ask(string host)
    {
        _hosts ??= new HostQueue(ThrottleLimit, TimeoutSeconds, Wait, Cancellation);
        foreach (var outcome in _hosts.Ask(host)) Take(outcome);
    }

    private void Take(SshOutcome outcome)
    {
        outcome.Messages.Flush(Messages);
        Audit(outcome.Failure is { } failure
            ? AuditedMachine.Failed(outcome.Host, failure)
            : AuditedMachine.Seen(outcome.Host, outcome.Machine!));
    }

    private void Take(Func<MachineSpec> read)
    {
        AuditedMachine machine;
        try
        {
            var spec = read();
            machine = FailedMachines.FailureOf(spec) is { } failed
                ? AuditedMachine.Failed(spec.ComputerName, failed) : AuditedMachine.Seen(null, spec);
        }
        catch (ModelFitException failure)
        {
            machine = AuditedMachine.Failed(failure.ComputerName, failure);
        }

        Audit(machine);
    }

    private void ReadFile(string path) => Read(path, failed => InventoryReader.ReadText(
        InventoryFile.Read(path, Cancellation), path, GpuCatalogLookup.Instance, Messages, failed,
        options: new InventoryOptions(null, Cancellation)));

    /// <summary>Audits the machines of an inventory; what fails of it is a record too.</summary>
    private void Read(string? path, Func<Action<ModelFitException>, IEnumerable<MachineSpec>> read)
    {
        var failures = new List<ModelFitException>();
        using var machines = Machines(read, failures).GetEnumerator();
        for (var isThere = Wait(machines.MoveNext); isThere; isThere = machines.MoveNext())
            Audit(AuditedMachine.Seen(null, machines.Current));
        foreach (var failure in failures) Audit(AuditedMachine.Failed(failure.ComputerName ?? path, failure));
    }

    private static IEnumerable<MachineSpec> Machines(
        Func<Action<ModelFitException>, IEnumerable<MachineSpec>> read, List<ModelFitException> failures)
    {
        IEnumerator<MachineSpec>? machines = null;
        bool Next()
        {
            try
            {
                machines ??= read(failures.Add).GetEnumerator();
                return machines.MoveNext();
            }
            catch (ModelFitException failure)
            {
                failures.Add(failure);
                return false;
            }
        }

        while (Next()) yield return machines!.Current;
        machines?.Dispose();
    }

    private void Audit(AuditedMachine machine)
    {
        WriteMessages();
        Emit(_session!.Audit(machine));
        ShowProgress($"{_session.Machines} machines, {_session.Failed} failed");
    }

    private void Emit(IReadOnlyList<AuditRecord> records)
    {
        foreach (var record in records)
        {
            if (!Quiet) WriteObject(record);
            else if (record.Compliance == nameof(Compliance.Unknown)) WriteFailure(new ModelFitException(
                record.ErrorId ?? ErrorIds.ComplianceUnknown, FailureKind.ReadError,
                record.ErrorMessage ?? record.Reason ?? "Whether it is compliant is not known.", record.ComputerName));
        }
    }
}
