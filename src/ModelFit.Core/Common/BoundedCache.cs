using System.Runtime.CompilerServices;

namespace ModelFit.Common;

/// <summary>
/// What was derived of objects that come again and again, such as cards: of so many at most, for each keeps a place and
/// takes the place of what lay there. Objects are told by reference. Thread-safe.
/// </summary>
internal sealed class BoundedCache<TKey, TValue>
    where TKey : class
    where TValue : class
{
    private const int Places = 1024;

    private readonly Entry?[] _entries = new Entry?[Places];

    /// <summary>What is derived of the object, made by the function if it is not remembered.</summary>
    public TValue Get(TKey key, Func<TKey, TValue> derive)
    {
        var place = RuntimeHelpers.GetHashCode(key) & (Places - 1);
        if (_entries[place] is { } known && ReferenceEquals(known.Key, key)) return known.Value;
        var value = derive(key);
        _entries[place] = new Entry(key, value);
        return value;
    }

    private sealed record Entry(TKey Key, TValue Value);
}
