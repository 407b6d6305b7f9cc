using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using ModelFit.Catalog;
using ModelFit.Hardware;

namespace ModelFit.Bench;

/// <summary>
/// An audit of a fleet: machines of 500 configurations, each with a free memory of its own, against many models; and
/// <c>Find-ModelFit</c> for distinct machines. Times are those of processors, as other work may share them, and stand
/// beside what the engine takes to emit as many objects.
/// </summary>
internal static class FleetComparison
{
    private const int Configurations = 500;
    private static readonly int[] MemoryGib = [16, 32, 64, 128, 256, 512];
    private static readonly int[] Counts = [1, 1, 1, 1, 1, 1, 2, 2, 4, 8];

    /// <summary>
    /// Runs <c>fleet audit 10000 300</c>, <c>fleet write 1000 10</c> (JSON Lines too) or <c>fleet find 500</c>.
    /// </summary>
    public static int Run(IReadOnlyList<string> args)
    {
        var count = int.Parse(args[1], CultureInfo.InvariantCulture);
        using var runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        runspace.Open();
        foreach (var manifest in new[] { Manifests.Empty, Manifests.ModelFit })
        {
            using var import = PowerShell.Create(runspace);
            import.AddCommand("Import-Module").AddParameter("Name", manifest).Invoke();
        }

        var machines = Machines(args[0] == "find" ? count : Configurations, count).ToArray();
        using var shell = PowerShell.Create(runspace);
        if (args[0] == "find") shell.AddCommand("Find-ModelFit");
        else
        {
            shell.AddCommand("Invoke-ModelFitAudit").AddParameter("Model", ModelCatalog.All
                .Where(model => model.Layout is not null)
                .Take(int.Parse(args[2], CultureInfo.InvariantCulture)).ToArray());
        }

        var output = Path.GetTempFileName();
        if (args[0] == "write") shell.AddParameter("OutputPath", output);
        Time(shell, machines);
        File.Delete(output);
        return 0;
    }

    private static TimeSpan Processor => Process.GetCurrentProcess().TotalProcessorTime;

    private static void Time(PowerShell shell, MachineSpec[] machines)
    {
        var (count, watch, processor) = (0L, Stopwatch.StartNew(), Processor);
        var first = TimeSpan.Zero;
        using var output = new PSDataCollection<PSObject>();
        output.DataAdding += (_, _) =>
        {
            if (count++ == 0) first = watch.Elapsed;
        };
        output.DataAdded += (_, _) => output.Clear();
        shell.Invoke(machines, output);
        var (taken, used) = (watch.Elapsed, Processor - processor);
        var emission = Emission(shell.Runspace, count);
        Console.WriteLine(FormattableString.Invariant(
            $"{machines.Length} machines, {count} answers, {taken.TotalSeconds:F1} s, ") +
            FormattableString.Invariant(
                $"{used.TotalSeconds:F1} s of processors, first after {first.TotalSeconds:F2} s, ") +
            FormattableString.Invariant($"{used.TotalMicroseconds / Math.Max(1, count):F1} us an answer (aim 40), ") +
            FormattableString.Invariant($"{used.TotalSeconds / emission.TotalSeconds:F1} times the emission alone, ") +
            FormattableString.Invariant($"{Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB at most, ") +
            $"{shell.Streams.Error.Count} errors");
    }

    /// <summary>Processor time that the engine takes to emit so many objects.</summary>
    private static TimeSpan Emission(Runspace runspace, long count)
    {
        using var shell = PowerShell.Create(runspace);
        shell.AddCommand("Invoke-PassThru");
        using var output = new PSDataCollection<PSObject>();
        output.DataAdded += (_, _) => output.Clear();
        var one = new object();
        var before = Processor;
        shell.Invoke(Enumerable.Range(0, (int)count).Select(_ => one), output);
        return Processor - before;
    }

    private static IEnumerable<MachineSpec> Machines(int configurations, int count)
    {
        var random = new Random(18);
        var cards = GpuCatalog.All.Where(card => card.MemoryBytes >= 4L << 30 && !card.IsUnifiedMemory).ToArray();
        var kinds = Enumerable.Range(0, configurations).Select(_ => Kind(random, cards)).ToArray();
        for (var i = 0; i < count; i++)
        {
            var kind = kinds[i % kinds.Length];
            yield return kind with
            {
                ComputerName = $"pc{i}",
                Gpus = kind.Gpus.Select(card => card with
                {
                    MemoryFreeBytes = (long)((card.MemoryBytes ?? 0) * (0.4 + (0.6 * random.NextDouble()))),
                }).ToArray(),
            };
        }
    }

    private static MachineSpec Kind(Random random, GpuSpec[] cards)
    {
        var card = cards[random.Next(cards.Length)];
        var gpus = Enumerable.Repeat(card, Counts[random.Next(Counts.Length)]).ToList();
        if (random.Next(10) == 0) gpus.Add(cards[random.Next(cards.Length)]);
        return MachineSpecs.Create(
            gpus, (long)MemoryGib[random.Next(MemoryGib.Length)] << 30, GpuCatalogLookup.Instance);
    }
}
