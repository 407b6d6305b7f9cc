using System;
using System.Management.Automation;
using ModelFit.Binding;
using ModelFit.Catalog;
using ModelFit.Hardware.Probes;

namespace ModelFit.Commands;

/// <summary>Emits this machine, or others.</summary>
[Cmdlet(VerbsCommon.Get, "MachineSpec", DefaultParameterSetName = LocalSet)]
[OutputType(typeof(MachineSpec))]
public sealed class GetMachineSpecCommand : ModelFitCommand
{
    private const string LocalSet = "Local";
    private const string RemoteSet = "Remote";

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

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == LocalSet)
        {
            if (Attempt(Probe, null, out var machine)) WriteObject(machine);
            return;
        }

        foreach (var host in HostName)
        {
            WriteFailure(new(
                ErrorIds.NotImplemented, FailureKind.NotImplemented, "Other machines are not asked yet.", host));
        }
    }

    private MachineSpec Probe() => LocalMachine.Probe(GpuCatalogLookup.Instance, Messages, Cancellation);
}
