using System.Management.Automation;
using ModelFit.Binding;
using ModelFit.Catalog;
using ModelFit.Fleet;
using ModelFit.Hardware.Probes;
using ModelFit.Hardware.Remote;

namespace ModelFit.Cmdlets;

/// <summary>Emits this machine, or others.</summary>
[Cmdlet(
    VerbsCommon.Get, "MachineSpec", DefaultParameterSetName = LocalSet,
    HelpUri = ProjectAddress.Pages + "Get-MachineSpec.md")]
[OutputType(typeof(MachineSpec))]
public sealed class GetMachineSpecCommand : ModelFitCommand
{
    private const string LocalSet = "Local";
    private const string RemoteSet = "Remote";

    private HostQueue? _hosts;
    private int _asked;
    private int _answers;

    /// <summary>Hosts to ask over ssh, as <c>user@node:port</c>.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = RemoteSet)]
    public string[] HostName { get; set; } = Array.Empty<string>();

    /// <summary>Most hosts that are asked at once.</summary>
    [Parameter(ParameterSetName = RemoteSet)]
    [ValidateRange(1, 1024)]
    public int ThrottleLimit { get; set; } = 32;

    /// <summary>Seconds that a host may take.</summary>
    [Parameter(ParameterSetName = RemoteSet)]
    [ValidateRange(1, 3600)]
    public int TimeoutSeconds { get; set; } = 30;

    /// <summary>Ask also which models are stored there, and which programs serve them.</summary>
    [Parameter(ParameterSetName = RemoteSet)]
    public SwitchParameter IncludeModels { get; set; }

    /// <summary>Emit a machine with an error id for each host that failed, instead of an error.</summary>
    [Parameter(ParameterSetName = RemoteSet)]
    public SwitchParameter IncludeFailed { get; set; }

    /// <summary>Measure the bandwidth of this machine's memory, about a second, instead of assuming it.</summary>
    [Parameter(ParameterSetName = LocalSet)]
    public SwitchParameter MeasureBandwidth { get; set; }

    /// <inheritdoc/>
    protected override void OnRecord()
    {
        if (ParameterSetName == LocalSet)
        {
            if (AttemptLong(Probe, null, out var machine)) WriteObject(machine);
            return;
        }

        foreach (var host in HostName) Ask(host);
    }

    /// <inheritdoc/>
    protected override void OnEnd()
    {
        foreach (var outcome in _hosts?.Rest() ?? Array.Empty<SshOutcome>()) Write(outcome);
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
        _hosts?.Dispose();
        base.Dispose(disposing);
    }

    private void Ask(string host)
    {
        _asked++;
        _hosts ??= new HostQueue(ThrottleLimit, TimeoutSeconds, Wait, Cancellation, IncludeModels);
        foreach (var outcome in _hosts.Ask(host)) Write(outcome);
    }

    private void Write(SshOutcome outcome)
    {
        outcome.Messages.Flush(Messages);
        WriteMessages();
        if (outcome.Failure is { } failure && IncludeFailed) WriteObject(FailedMachines.Of(outcome.Host, failure));
        else if (outcome.Failure is not null) WriteFailure(outcome.Failure, outcome.Host);
        else WriteObject(IncludeModels ? InstalledModels.Describe(outcome.Machine!) : outcome.Machine);
        ShowProgress($"{++_answers} of {_asked} hosts");
    }

    private MachineSpec Probe()
    {
        var machine = LocalMachine.Probe(GpuCatalogLookup.Instance, Messages, Cancellation);
        return MeasureBandwidth ? LocalMachine.WithMeasuredBandwidth(machine, Messages, Cancellation) : machine;
    }
}
