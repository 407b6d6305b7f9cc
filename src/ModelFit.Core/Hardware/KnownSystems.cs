using System.Globalization;
using ModelFit.Common;

namespace ModelFit.Hardware;

/// <summary>
/// Machines that are rented or bought under a name (<c>systems.tsv</c>): instance types of clouds and vendors' servers,
/// with their cards, their system memory and where that is said, on which day; "recalled" where nothing was at hand.
/// </summary>
internal static class KnownSystems
{
    private const string Azure = "Standard_", SageMaker = "ml.";

    private static readonly Lazy<Dictionary<string, KnownSystem>> Loaded = new(() =>
        EmbeddedText.Rows("systems.tsv").Select(cells => new KnownSystem(
            cells[0],
            cells[1],
            int.Parse(cells[2], CultureInfo.InvariantCulture),
            cells[3].Length == 0 ? null : int.Parse(cells[3], CultureInfo.InvariantCulture),
            cells[4].Length == 0 ? null : KnownSystem.Gib(double.Parse(cells[4], CultureInfo.InvariantCulture)),
            cells[5])).ToDictionary(system => Key(system.Name), StringComparer.OrdinalIgnoreCase));

    /// <summary>Every system, in the order of the file.</summary>
    public static IReadOnlyCollection<KnownSystem> All => Loaded.Value.Values;

    /// <summary>
    /// The system of that name in any case, with or without a cloud's prefix; null if it is not known.
    /// </summary>
    public static KnownSystem? Find(string name) =>
        Loaded.Value.TryGetValue(Key(name.Trim()), out var found) ? found : null;

    private static string Key(string name) =>
        name.StartsWith(Azure, StringComparison.OrdinalIgnoreCase) ? name.Substring(Azure.Length)
        : name.StartsWith(SageMaker, StringComparison.OrdinalIgnoreCase) ? name.Substring(SageMaker.Length)
        : name;
}

/// <summary>A machine under a name.</summary>
/// <param name="Name">The name as its cloud or vendor writes it.</param>
/// <param name="Card">The card as the catalog understands it; empty for none.</param>
/// <param name="Count">How many of them.</param>
/// <param name="Threads">Virtual processors; null if they are not known.</param>
/// <param name="SystemMemoryBytes">System memory in bytes; null if it is sold with several.</param>
/// <param name="Source">Where the facts come from, and of which day.</param>
internal sealed record KnownSystem(
    string Name, string Card, int Count, int? Threads, long? SystemMemoryBytes, string Source)
{
    private const string Recalled = "recalled";

    /// <summary>What is supposed of it where no source was at hand; null where one was.</summary>
    public string? Doubt => Source.IndexOf(Recalled, StringComparison.Ordinal) >= 0
        ? $"{Name} is assumed to have {Count}x {Card}, from memory; no source was checked"
        : null;

    /// <summary>Bytes of a size in GiB.</summary>
    public static long Gib(double size) => (long)(size * (1L << 30));
}
