using System;
using System.Threading;

namespace ModelFit.Hardware.Probes;

/// <summary>This machine, as its drivers and operating system tell.</summary>
public static class LocalMachine
{
    /// <summary>
    /// Probes this machine. Every probe has a time limit and fails alone, as a warning; the rest is reported.
    /// </summary>
    public static MachineSpec Probe(IMessageSink messages, CancellationToken cancellation) =>
        throw new NotImplementedException();
}
