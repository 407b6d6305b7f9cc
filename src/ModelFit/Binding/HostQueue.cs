using System.Threading;
using ModelFit.Catalog;
using ModelFit.Hardware.Remote;

namespace ModelFit.Binding;

/// <summary>Asks hosts over ssh, some at once, and hands out what comes as it comes.</summary>
/// <param name="throttleLimit">How many are asked at once.</param>
/// <param name="timeoutSeconds">How long each may take.</param>
/// <param name="wait">Waits for the next result, as <see cref="ModelFitCommand.Wait"/> does.</param>
/// <param name="stopping">Ends all of it.</param>
/// <param name="withModels">Whether they are asked for their models too.</param>
internal sealed class HostQueue(
    int throttleLimit, int timeoutSeconds, Func<Func<SshOutcome?>, SshOutcome?> wait, CancellationToken stopping,
    bool withModels = false) : IDisposable
{
    private readonly SshHosts _hosts = new(
        throttleLimit, TimeSpan.FromSeconds(timeoutSeconds), GpuCatalogLookup.Instance, Array.Empty<string>(), stopping,
        withModels);

    /// <summary>
    /// Begins to ask a host: first hands out what has come, then waits for a slot by handing out what comes.
    /// </summary>
    public IEnumerable<SshOutcome> Ask(string host)
    {
        while (_hosts.Ready() is { } ready) yield return ready;
        while (!_hosts.HasFreeSlot && wait(_hosts.Next) is { } next) yield return next;
        _hosts.Ask(host);
    }

    /// <summary>Waits for what is still to come.</summary>
    public IEnumerable<SshOutcome> Rest()
    {
        while (_hosts.Pending > 0 && wait(_hosts.Next) is { } next) yield return next;
    }

    /// <summary>After a stop: waits until every connection has ended.</summary>
    public void WaitForEnd() => _hosts.WaitForEnd();

    public void Dispose() => _hosts.Dispose();
}
