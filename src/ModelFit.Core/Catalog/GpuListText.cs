using System.Globalization;
using ModelFit.Hardware;

namespace ModelFit.Catalog;

/// <summary>The cards of one machine as text: <c>2x RTX 3090 + RTX 3060</c>.</summary>
internal static class GpuListText
{
    private const double SameShare = 0.03;

    /// <summary>The cards that a text names, each as often as it says.</summary>
    public static IReadOnlyList<GpuSpec> Parse(string text, long? memoryBytes, IMessageSink messages)
    {
        if (SizeText.IsBlank(text))
            throw new ModelFitException(ErrorIds.EmptyArgument, "The name of the GPU is empty.", text);
        if (KnownSystems.Find(text) is { } system)
        {
            messages.Verbose($"{system.Name} has {system.Count}x {system.Card} ({system.Source}).");
            var card = GpuResolver.Resolve(system.Card, memoryBytes, messages);
            if (system.Doubt is { } doubt) card = card with { Supposed = doubt };
            return Enumerable.Repeat(card, system.Count).ToArray();
        }

        var links = new GpuLinkText(text);
        return CardText.Read(links.Text, GpuResolver.IsKnown, messages).SelectMany(card => Enumerable.Repeat(
            links.With(GpuResolver.Resolve(GpuLinkText.Name(card.Name), memoryBytes, messages), card.Name),
            card.Count)).ToArray();
    }

    /// <summary>The text that <see cref="Parse"/> understands; null for no cards.</summary>
    public static string? Describe(IReadOnlyList<GpuSpec> gpus)
    {
        if (gpus.Count == 0) return null;
        var runs = new List<(string Name, int Count)>();
        foreach (var name in gpus.Select(NameOf))
        {
            var last = runs.Count - 1;
            if (last >= 0 && runs[last].Name == name) runs[last] = (name, runs[last].Count + 1);
            else runs.Add((name, 1));
        }

        return string.Join(" + ", runs.Select(run => run.Count == 1
            ? run.Name
            : run.Count.ToString(CultureInfo.InvariantCulture) + "x " + run.Name));
    }

    /// <summary>A size with the largest unit that writes it without loss.</summary>
    public static string ExactSize(long bytes)
    {
        var (shift, unit) = bytes % (1L << 30) == 0 ? (30, "GiB") : bytes % (1L << 20) == 0 ? (20, "MiB") : (0, "B");
        return (bytes >> shift).ToString(CultureInfo.InvariantCulture) + " " + unit;
    }

    /// <summary>
    /// The catalog's name, also where a driver writes it otherwise, with the memory where it is not the catalog's.
    /// </summary>
    private static string NameOf(GpuSpec gpu)
    {
        var known = CatalogInForce.Cards.Named(gpu.Name)
            ?? GpuResolver.TryResolve(gpu.Name, gpu.MemoryBytes, NullSink.Instance, out _);
        if (gpu.MemoryBytes is not { } bytes) return gpu.Name;
        if (known is null) return Unlisted(gpu.Name, bytes);
        // What macOS gives the GPU of a chip is between the sizes of its variants.
        if (gpu is { Vendor: "Apple", IsUnifiedMemory: true } && gpu.Name != known.Name)
            return $"{gpu.Name} ({ExactSize(bytes)})";
        var listed = CatalogInForce.Cards.Named(known.Name) ?? known;
        var isUsual = listed.MemoryBytes is { } usual && Math.Abs(usual - bytes) <= usual * SameShare;
        return isUsual ? known.Name : $"{known.Name} ({ExactSize(bytes)})";
    }

    /// <summary>A card that is not in the catalog: its own name, with the memory that makes it parse back.</summary>
    private static string Unlisted(string name, long bytes)
    {
        var clean = new string(name.Select(c => "+;|&,/\n()".IndexOf(c) >= 0 ? ' ' : c).ToArray()).Trim();
        var text = $"{clean} ({ExactSize(bytes)})";
        var parsesBack = clean.Any(char.IsLetter) && !GpuResolver.IsKnown(text) && CardText.Read(
            text, GpuResolver.IsKnown, NullSink.Instance) is { Count: 1 } cards && cards[0].Name == text;
        return parsesBack ? text : GpuCatalog.Unnamed(bytes).Name;
    }
}
