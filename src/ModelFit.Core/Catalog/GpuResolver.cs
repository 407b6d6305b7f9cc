using ModelFit.Common;
using ModelFit.Hardware;

namespace ModelFit.Catalog;

/// <summary>One name, one card: memory decides between variants, and nothing is taken in silence.</summary>
internal static class GpuResolver
{
    /// <summary>
    /// How far a memory may be from the catalog's: drivers show up to 8 % less where error correction is on.
    /// </summary>
    private const double LeastShare = 0.905, MostShare = 1.04;

    /// <summary>The card of a name; see <see cref="GpuCatalog.Resolve"/>.</summary>
    public static GpuSpec Resolve(string name, long? memoryBytes, IMessageSink messages) =>
        TryResolve(name, memoryBytes, messages, out var failure)
            ?? (memoryBytes is { } own && name.Any(char.IsLetter) && !IsKnown(name)
                ? Unlisted(name, own, messages)
                : throw failure!());

    /// <summary>
    /// The card of a name, or null with what makes the error: naming the nearest cards costs more than the look-up.
    /// </summary>
    public static GpuSpec? TryResolve(
        string name, long? memoryBytes, IMessageSink messages, out Func<ModelFitException>? failure)
    {
        failure = null;
        if (PartOf(name) is { } part)
            return Whole(part, name, messages, out failure) is { } whole
                ? part.Of(whole) with { MemoryBytes = memoryBytes ?? part.MemoryBytes }
                : null;
        if (ByPciId(name) is { } device) return device;
        var matches = Matches(name, out var tokens);
        if (matches.Count == 0) matches = Otherwise(name, ref tokens);
        if (matches.Count == 0 && tokens.MemoryBytes is { } size && !tokens.Words.Any(GpuEntry.IsTelling))
            return GpuCatalog.Unnamed(memoryBytes ?? size);
        if (matches.Count == 0 && tokens is { IsMemoryStated: true, MemoryBytes: { } own })
            return Unlisted(name, memoryBytes ?? own, messages);
        var stated = memoryBytes ?? (tokens.IsMemoryStated ? tokens.MemoryBytes : null);
        var candidates = ByMemory(matches, tokens.MemoryBytes ?? memoryBytes, stated is not null);
        if (candidates.Count == 0)
        {
            failure = () => NotFound(name, matches);
            return null;
        }

        if (candidates.Select(entry => entry.Spec.MemoryBytes).Distinct().Count() > 1)
        {
            failure = () => Ambiguous(name, candidates.Select(entry => entry.Spec));
            return null;
        }

        var chosen = candidates[0].Spec;
        var others = candidates.Select(entry => entry.Spec.Name).Distinct().Count() - 1;
        if (others > 0)
        {
            chosen = chosen with
            {
                Supposed = $"Resolved '{name}' to '{chosen.Name}', the most common of {others + 1} cards with the same "
                    + "memory",
            };
            messages.Verbose(chosen.Supposed + ".");
        }

        var memory = stated ?? (chosen.MemoryBytes is null ? tokens.MemoryBytes : null);
        if (memory is null || memory == chosen.MemoryBytes) return chosen;
        if (chosen.MemoryBytes is { } usual && !IsNear(memory.Value, usual))
            messages.Verbose($"'{chosen.Name}' usually has {SizeText.Gib(usual)}; {SizeText.Gib(memory.Value)} was "
                + "given and is used.");
        return chosen with { MemoryBytes = memory };
    }

    /// <summary>Whether a name stands for a card, or for several.</summary>
    public static bool IsKnown(string name) => PartOf(name) is not null
        || Matches(name, out _).Count > 0 || ByPciId(name) is not null
        || GpuOtherReadings.ProcessorCard(name) is not null;

    /// <summary>The part of a card that a name says, of a card that is known.</summary>
    private static GpuPartition? PartOf(string name) => GpuPartition.Parse(name) is { } part
        && (part.Card.Length == 0 ? part.CardNames.Any() : Matches(part.Card, out _).Count > 0) ? part : null;

    private static IEnumerable<GpuSpec> WithProfile(GpuPartition part) =>
        part.CardNames.Select(CatalogInForce.Cards.One).OfType<GpuSpec>();

    /// <summary>
    /// The card of a part: of those that have its profile the commonest that its name says, if they are of one
    /// architecture; else what its name stands for.
    /// </summary>
    private static GpuSpec? Whole(
        GpuPartition part, string name, IMessageSink messages, out Func<ModelFitException>? failure)
    {
        failure = null;
        var named = part.Card.Length == 0 ? null : All(part.Card).Select(card => card.Name).ToArray();
        var cards = WithProfile(part).Where(card => named is null || named.Contains(card.Name)).ToArray();
        if (cards.Length == 0) return TryResolve(part.Card, null, messages, out failure);
        if (cards.Select(card => card.Architecture).Distinct().Count() > 1)
            failure = () => Ambiguous(name, cards.Select(part.Of));
        return failure is not null ? null : cards.Length == 1 ? cards[0] : cards[0] with
        {
            Supposed = $"Resolved '{name}' to '{cards[0].Name}', the most common of {cards.Length} cards with this "
                + "profile",
        };
    }

    /// <summary>The card of a bare PCI id, <c>10de:2204</c>; null for any other text.</summary>
    private static GpuSpec? ByPciId(string name) => name.Trim().Split(':') is { Length: 2 } id
        && id.All(part => part.Length == 4 && part.All(Uri.IsHexDigit))
            ? CatalogInForce.Cards.WithPciId(id[0], id[1], null)
            : null;

    /// <summary>Every card a name can stand for, whatever its memory unless the name has one.</summary>
    public static IReadOnlyList<GpuSpec> All(string name)
    {
        if (PartOf(name) is { } part)
            return (part.Card.Length == 0 ? WithProfile(part) : All(part.Card)).Select(part.Of).ToArray();
        var matches = Matches(name, out var tokens);
        if (matches.Count == 0) matches = Otherwise(name, ref tokens);
        var near = matches.Where(entry => tokens.MemoryBytes is not { } size
            || entry.MemoryBytes is not { } own || IsNear(size, own));
        return near.OrderBy(entry => entry.Order).Select(entry => entry.Spec).Distinct().ToArray();
    }

    /// <summary>The error for a name that no card has; the matches have the name, but another memory.</summary>
    public static ModelFitException NotFound(string name, IReadOnlyList<GpuEntry>? matches = null)
    {
        var nearest = matches?.Count > 0
            ? matches.Select(entry => entry.Spec.Name).Distinct().Take(3).ToArray()
            : CatalogInForce.Cards.Index.Nearest(name);
        return new ModelFitException(
            ErrorIds.GpuNotFound,
            $"No GPU of the catalog is called '{name}'."
                + (AdapterKind.IsProcessorName(name) ? " It names a processor, and no GPU inside it is known." : null)
                + NearestNames.Sentence(
                nearest, "Get-GpuSpec -ListAvailable lists them; -GpuMemory alone describes any card."),
            name);
    }

    /// <summary>A card that the catalog does not have: its own name, and the memory that it is said to have.</summary>
    private static GpuSpec Unlisted(string name, long bytes, IMessageSink messages)
    {
        var own = name.Split('(')[0].Trim();
        messages.Verbose($"'{own}' is not in the catalog; the specified {SizeText.Gib(bytes)} are used.");
        return GpuCatalog.Unnamed(bytes) with { Name = own.Length > 0 ? own : GpuCatalog.Unnamed(bytes).Name };
    }

    private static List<GpuEntry> Matches(string given, out GpuNameTokens tokens)
    {
        var name = CatalogInForce.CardName(given);
        var matches = new List<GpuEntry>();
        tokens = GpuNameTokens.Parse(name);
        foreach (var reading in GpuDeviceText.Readings(name))
        {
            var words = reading == name ? tokens : GpuNameTokens.Parse(reading);
            matches.AddRange(CatalogInForce.Cards.Index.Find(words.Words));
        }

        // A bare family of processors (ryzen) is none of the chips whose names begin so.
        if (AdapterKind.IsProcessorName(name) && !name.Any(char.IsDigit))
        {
            var said = tokens.Words;
            matches.RemoveAll(entry => entry.MissingWords(said) != 0);
        }

        return matches;
    }

    /// <summary>What the first of the other readings stands for that stands for a card.</summary>
    private static List<GpuEntry> Otherwise(string name, ref GpuNameTokens tokens)
    {
        var isTelling = tokens.Words.Any(GpuEntry.IsTelling);
        foreach (var reading in isTelling ? GpuOtherReadings.Of(name) : Array.Empty<string>())
        {
            var words = GpuNameTokens.Parse(reading);
            var matches = CatalogInForce.Cards.Index.Find(words.Words);
            if (matches.Count == 0) continue;
            if (!tokens.IsMemoryStated || words.MemoryBytes is not null) tokens = words;
            return matches.ToList();
        }

        return new List<GpuEntry>();
    }

    private static List<GpuEntry> ByMemory(List<GpuEntry> matches, long? size, bool isStated)
    {
        var common = matches.Any(entry => !entry.IsRare) ? matches.FindAll(entry => !entry.IsRare) : matches;
        if (size is not { } bytes) return InOrder(common);
        var near = matches.FindAll(entry => entry.MemoryBytes is not { } own || IsNear(bytes, own));
        if (near.Count == 0 && isStated) near = common.FindAll(entry => entry.MemoryBytes > bytes);
        if (near.Count == 0 && isStated) near = common;
        if (near.Count == 0) return near;
        var least = near.Min(entry => Distance(entry, bytes));
        return InOrder(near.FindAll(entry => Distance(entry, bytes) <= least));
    }

    private static List<GpuEntry> InOrder(List<GpuEntry> entries) => entries.OrderBy(entry => entry.Order).ToList();

    private static long Distance(GpuEntry entry, long bytes) =>
        entry.MemoryBytes is { } own ? Math.Abs(own - bytes) : 0;

    private static bool IsNear(long bytes, long own) => bytes >= own * LeastShare && bytes <= own * MostShare;

    private static ModelFitException Ambiguous(string name, IEnumerable<GpuSpec> candidates)
    {
        var choices = candidates
            .Distinct()
            .Select(spec => $"'{spec.Name}'" + (spec.MemoryBytes is { } bytes ? $" ({SizeText.Gib(bytes)})" : null));
        return new ModelFitException(
            ErrorIds.GpuAmbiguous,
            $"'{name}' stands for several cards; name one of them: {string.Join(", ", choices)}.",
            name);
    }
}
