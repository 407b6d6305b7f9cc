using System.Collections.Concurrent;
using System.Threading;

namespace ModelFit.Common;

/// <summary>
/// What was found, by key, in two generations of so many each: what is asked for again in the time of as many new ones
/// stays, and the rest is let go. Thread-safe.
/// </summary>
internal sealed class RecentTable<TKey, TValue>(int held)
    where TKey : notnull
    where TValue : class
{
    private volatile Generation _young = new(null);

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
        if (Interlocked.Increment(ref young.Added) > held) _young = young = new(young.Values);
        young.Values[key] = value;
    }

    private sealed class Generation(ConcurrentDictionary<TKey, TValue>? old)
    {
        public int Added;

        public ConcurrentDictionary<TKey, TValue>? Old { get; } = old;

        public ConcurrentDictionary<TKey, TValue> Values { get; } = new(1, 11);
    }
}
