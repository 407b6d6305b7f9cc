using ModelFit.Common;

namespace ModelFit.Catalog;

/// <summary>Which cards the words of a name can stand for.</summary>
internal sealed class GpuNameIndex
{
    private static readonly GpuEntry[] None = Array.Empty<GpuEntry>();

    private readonly Dictionary<string, List<GpuEntry>> _byWord = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<GpuEntry> _entries;

    /// <summary>Creates the index of the words that tell cards apart.</summary>
    public GpuNameIndex(IReadOnlyList<GpuEntry> entries)
    {
        _entries = entries;
        foreach (var entry in entries)
        {
            foreach (var word in entry.Words)
            {
                if (!GpuEntry.IsTelling(word) && !entry.Required.Contains(word)) continue;
                if (!_byWord.TryGetValue(word, out var list)) _byWord.Add(word, list = new List<GpuEntry>());
                list.Add(entry);
            }
        }
    }

    /// <summary>
    /// The entries that the words stand for: those that have every word of theirs among them, the most telling first;
    /// if there is none, those that lack fewest (<c>RTX 6000</c> lacks what tells three cards apart).
    /// </summary>
    public IReadOnlyList<GpuEntry> Find(HashSet<string> words)
    {
        var isTelling = words.Any(GpuEntry.IsTelling);
        var matches = Shortest(words.Where(word => isTelling ? GpuEntry.IsTelling(word) : _byWord.ContainsKey(word)))
            .Select(entry => (Entry: entry, Missing: entry.MissingWords(words)))
            .Where(match => match.Missing >= 0)
            .ToList();
        if (matches.Count == 0) return None;
        var fewest = matches.Min(match => match.Missing);
        if (fewest > 0 && !isTelling) return None;
        var best = matches.Where(match => match.Missing == fewest).Select(match => match.Entry).ToList();
        var most = best.Max(entry => entry.Required.Count);
        return fewest > 0 ? best : best.Where(entry => entry.Required.Count == most).ToList();
    }

    /// <summary>The names nearest to a text that stands for no card.</summary>
    public IReadOnlyList<string> Nearest(string text)
    {
        var names = _entries.Select(entry => entry.Spec.Name).Distinct().ToLookup(GpuEntry.WithoutBrand);
        var nearest = NearestNames.Of(GpuEntry.WithoutBrand(text), names.Select(group => group.Key), 3);
        return nearest.Select(name => names[name].First()).ToArray();
    }

    /// <summary>The shortest list of entries that have one of the words; what is meant is in each.</summary>
    private IReadOnlyList<GpuEntry> Shortest(IEnumerable<string> words)
    {
        IReadOnlyList<GpuEntry>? shortest = null;
        foreach (var word in words)
        {
            if (!_byWord.TryGetValue(word, out var list)) return None;
            if (shortest is null || list.Count < shortest.Count) shortest = list;
        }

        return shortest ?? None;
    }
}
