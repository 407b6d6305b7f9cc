using System.Collections.Concurrent;
using System.Threading;

namespace ModelFit.Common;

/// <summary>
/// What was found, by key, in two generations of so many each: what is asked for again in the time of as many new ones
/// stays, and the rest is let go. Thread-safe.
/// </summary>
internal sealed class RecentTable<TKey, TValue>
    where TKey : notnull
    where TValue : class
{
    private readonly int _held;
    private volatile Generation _young = new(null);

    /// <summary>Holds nothing yet, and never more than twice so many.</summary>
    public RecentTable(int held) => _held = held;

    /// <summary>What is held for a key; null if nothing is.</summary>
    public TValue? Find(TKey key)
    {
        var young = _young;
        if (young.Values.TryGetValue(key, out var value)) return value;
        if (young.Old is not { } old || !old.TryGetValue(key, out value)) return null;
        Add(key, value);
        return value;
    }

    /// <summary>Holds a value for a key, in the place of an older one.</summary>
    public void Add(TKey key, TValue value)
    {
        var young = _young;
        if (Interlocked.Increment(ref young.Added) > _held) _young = young = new(young.Values);
        young.Values[key] = value;
    }

    private sealed class Generation
    {
        public int Added;

        public Generation(ConcurrentDictionary<TKey, TValue>? old) => Old = old;

        public ConcurrentDictionary<TKey, TValue>? Old { get; }

        public ConcurrentDictionary<TKey, TValue> Values { get; } = new(1, 11);
    }
}
