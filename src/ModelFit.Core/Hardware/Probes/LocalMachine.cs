using System;
using System.Threading;

namespace ModelFit.Hardware.Probes;

/// <summary>This machine, as its drivers and operating system tell.</summary>
public static class LocalMachine
{
    /// <summary>
    /// Probes this machine. Every probe has a time limit and fails alone, as a warning; the rest is reported.
    /// </summary>
    /// <param name="catalog">Joins detected cards with what is known of them, by PCI id first, by name second.</param>
    /// <param name="messages">Where failed probes and assumptions are said.</param>
    /// <param name="cancellation">Stops every probe.</param>
    public static MachineSpec Probe(
        IGpuLookup catalog, IMessageSink messages, CancellationToken cancellation) =>
        throw new NotImplementedException();
}
