using System.Threading;
using ModelFit.Hardware.Inventory;

namespace ModelFit.Hardware.Probes;

/// <summary>
/// AMD's own tools, where they are present: they know names and driver versions that the kernel does not.
/// </summary>
internal static class AmdTools
{
    private const int MaxChars = 4 << 20;

    /// <summary>The tools, the newer first, and how each is asked.</summary>
    public static readonly (string Program, string[] Arguments)[] All =
    {
        ("amd-smi", new[] { "static", "--asic", "--bus", "--vram", "--driver", "--json" }),
        ("rocm-smi",
            new[] { "--showproductname", "--showbus", "--showdriverversion", "--showmeminfo", "vram", "--json" }),
    };

    /// <summary>The cards of the first tool that is here; null if none is.</summary>
    /// <param name="find">Finds a program; null if it is not here.</param>
    /// <param name="limit">How long the tool may take.</param>
    /// <param name="messages">Where damaged output is said.</param>
    /// <param name="cancellation">Ends the tool.</param>
    public static IReadOnlyList<DetectedGpu>? Run(
        Func<string, string?> find, TimeSpan limit, IMessageSink messages, CancellationToken cancellation)
    {
        var (path, arguments) = All.Select(tool => (Path: find(tool.Program), tool.Arguments))
            .FirstOrDefault(tool => tool.Path is not null);
        if (path is null) return null;
        var result = ChildProcess.RunAsync(path, arguments, null, limit, MaxChars, cancellation)
            .GetAwaiter().GetResult();
        return Read(result.Output, messages) ?? throw new ModelFitException(
            ErrorIds.ProbeFailed, $"{path} ended with {result.ExitCode} and reported no card.", path);
    }

    /// <summary>The cards in the JSON of either tool; null if there is none.</summary>
    public static IReadOnlyList<DetectedGpu>? Read(string? output, IMessageSink messages)
    {
        var text = new InventoryText(output ?? string.Empty);
        var context = new ReadContext("AMD's tool", messages, error => messages.Warning(error.Message));
        var machines = AmdSmiJson.Recognizes(text) ? AmdSmiJson.Read(text, context)
            : RocmSmiJson.Recognizes(text) ? RocmSmiJson.Read(text, context) : null;
        return machines?.SelectMany(machine => machine.Gpus!).ToList();
    }

    /// <summary>The kernel's cards with what the tool tells besides of the card at the same address.</summary>
    public static IReadOnlyList<DetectedGpu> Merge(
        IReadOnlyList<DetectedGpu> kernel, IReadOnlyList<DetectedGpu>? told) => kernel.Select(card =>
        told?.FirstOrDefault(other => other.Facts.PciBusId is not null && other.Facts.PciBusId == card.Facts.PciBusId)
            is { } known ? Merge(card, known) : card).ToList();

    /// <summary>Whether its name is more than the target that the compute driver tells.</summary>
    private static bool HasOwnName(DetectedGpu card) => card.Facts.Name.Length > 0
        && (card.Facts.GfxTarget is null || !card.Facts.Name.EndsWith(card.Facts.GfxTarget, StringComparison.Ordinal));

    private static DetectedGpu Merge(DetectedGpu card, DetectedGpu told) => card with
    {
        OtherNames = told.OtherNames.Concat(card.OtherNames).ToArray(),
        Facts = card.Facts with
        {
            Name = HasOwnName(card) || told.Facts.Name.Length == 0 ? card.Facts.Name : told.Facts.Name,
            MemoryBytes = card.Facts.MemoryBytes ?? told.Facts.MemoryBytes,
            MemoryType = card.Facts.MemoryType ?? told.Facts.MemoryType,
            GfxTarget = card.Facts.GfxTarget ?? told.Facts.GfxTarget,
            DriverVersion = card.Facts.DriverVersion ?? told.Facts.DriverVersion,
            Source = $"{card.Facts.Source}, {told.Facts.Source}",
        },
    };
}
