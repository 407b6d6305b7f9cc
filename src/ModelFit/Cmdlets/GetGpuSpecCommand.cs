using System.Management.Automation;
using ModelFit.Binding;
using ModelFit.Catalog;
using ModelFit.Hardware.Probes;

namespace ModelFit.Cmdlets;

/// <summary>Emits the GPUs in this machine, or those of the catalog.</summary>
[Cmdlet(
    VerbsCommon.Get, "GpuSpec", DefaultParameterSetName = LocalSet,
    HelpUri = ProjectAddress.Pages + "Get-GpuSpec.md")]
[OutputType(typeof(GpuSpec))]
public sealed class GetGpuSpecCommand : ModelFitCommand
{
    private const string LocalSet = "Local";
    private const string CatalogSet = "Catalog";

    /// <summary>Names or wildcards.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ParameterSetName = CatalogSet)]
    [ArgumentCompleter(typeof(GpuNameCompleter))]
    [SupportsWildcards]
    public string[]? Name { get; set; }

    /// <summary>Every card of the catalog.</summary>
    [Parameter(ParameterSetName = CatalogSet)]
    public SwitchParameter ListAvailable { get; set; }

    /// <summary>Vendors or wildcards.</summary>
    [Parameter(ParameterSetName = CatalogSet)]
    [ArgumentCompleter(typeof(GpuVendorCompleter))]
    [SupportsWildcards]
    public string[]? Vendor { get; set; }

    /// <summary>Segments or wildcards.</summary>
    [Parameter(ParameterSetName = CatalogSet)]
    [ArgumentCompleter(typeof(GpuSegmentCompleter))]
    [SupportsWildcards]
    public string[]? Segment { get; set; }

    /// <summary>Least memory of one card.</summary>
    [Parameter(ParameterSetName = CatalogSet)]
    [SizeArgument]
    [ArgumentCompleter(typeof(MemorySizeCompleter))]
    public long? MinimumMemory { get; set; }

    /// <inheritdoc/>
    protected override void OnRecord()
    {
        if (ParameterSetName == LocalSet)
        {
            if (AttemptLong(Probe, null, out var machine)) WriteObject(machine.Gpus, true);
            return;
        }

        foreach (var name in Name ?? new[] { "*" })
        {
            if (!Attempt(() => Find(name), name, out var found)) continue;
            foreach (var gpu in found.Where(IsWanted)) WriteObject(gpu);
        }
    }

    private static IReadOnlyList<GpuSpec> Find(string name)
    {
        var found = name == "*" ? GpuCatalog.All : GpuCatalog.Search(name);
        // lspci writes names in brackets, which are a pattern too: Navi 31 [Radeon RX 7900 XTX].
        if (found.Count > 0 || name.IndexOfAny(new[] { '*', '?' }) >= 0) return found;
        return new[] { GpuCatalog.Resolve(name, null, NullSink.Instance) };
    }

    private MachineSpec Probe() => LocalMachine.Probe(GpuCatalogLookup.Instance, Messages, Cancellation);

    private bool IsWanted(GpuSpec gpu) =>
        Wildcards.MatchAny(Vendor, gpu.Vendor)
        && Wildcards.MatchAny(Segment, gpu.Segment)
        && (MinimumMemory is null || gpu.MemoryBytes >= MinimumMemory);
}
