using System.Threading;
using ModelFit.Common;

namespace ModelFit.Models;

/// <summary>
/// The metadata of a model under GGUF's own keys. Keys that belong to the architecture are held and asked for without
/// its prefix (<c>block_count</c>, <c>attention.head_count_kv</c>); all others whole (<c>general.name</c>). Values are
/// <see cref="long"/>, <see cref="double"/>, <see cref="bool"/>, <see cref="string"/>, <c>long[]</c>, <c>double[]</c>
/// or <c>bool[]</c>; arrays of strings are held as their length only, a <see cref="long"/> under the key with the
/// suffix <c>.count</c>.
/// </summary>
public sealed class ModelMetadata
{
    private readonly Dictionary<string, object> _values;
    private Derived<ModelMetadata>? _derived;

    /// <summary>Creates metadata of an architecture as llama.cpp names it (<c>llama</c>, <c>qwen3moe</c>).</summary>
    public ModelMetadata(string architecture, IEnumerable<KeyValuePair<string, object>> values)
    {
        Architecture = architecture;
        _values = new Dictionary<string, object>(StringComparer.Ordinal);
        var prefix = architecture + ".";
        foreach (var pair in values)
        {
            var key = pair.Key.StartsWith(prefix, StringComparison.Ordinal)
                ? pair.Key.Substring(prefix.Length)
                : pair.Key;
            _values[key] = pair.Value;
        }
    }

    /// <summary>The value of <c>general.architecture</c>.</summary>
    public string Architecture { get; }

    /// <summary>What is derived of it, for all definitions that have it.</summary>
    internal Derived<ModelMetadata> Derived =>
        _derived ?? Interlocked.CompareExchange(ref _derived, new(this), null) ?? _derived!;

    /// <summary>All keys, without the architecture's prefix.</summary>
    public IEnumerable<string> Keys => _values.Keys;

    /// <summary>Whether the key is present.</summary>
    public bool Has(string key) => _values.ContainsKey(key);

    /// <summary>The value as it is held, or null.</summary>
    public object? this[string key] => _values.TryGetValue(key, out var value) ? value : null;

    /// <summary>The whole number at the key (of an array, its largest element), or null.</summary>
    public long? Integer(string key) => this[key] switch
    {
        long number => number,
        double number => (long)number,
        bool flag => flag ? 1 : 0,
        long[] { Length: > 0 } numbers => numbers.Max(),
        _ => null,
    };

    /// <summary>The whole number at the key, or the fallback.</summary>
    public long Integer(string key, long fallback) => Integer(key) ?? fallback;

    /// <summary>
    /// One whole number a layer: the array at the key, or its single value repeated, or the fallback repeated;
    /// always <paramref name="count"/> long.
    /// </summary>
    public long[] Integers(string key, int count, long fallback)
    {
        var source = this[key] as long[];
        var result = new long[count];
        var single = source is null ? Integer(key, fallback) : fallback;
        for (var i = 0; i < count; i++) result[i] = source is not null && i < source.Length ? source[i] : single;
        return result;
    }

    /// <summary>The number at the key, or null.</summary>
    public double? Number(string key) => this[key] switch
    {
        double number => number,
        long number => number,
        _ => null,
    };

    /// <summary>The number of a layer: of an array at the key its element, else the number itself, or 0.</summary>
    internal double NumberAt(string key, int layer) => this[key] switch
    {
        double[] numbers => layer < numbers.Length ? numbers[layer] : 0,
        long[] numbers => layer < numbers.Length ? numbers[layer] : 0,
        _ => Number(key) ?? 0,
    };

    /// <summary>The flag at the key, or null.</summary>
    public bool? Flag(string key) => this[key] switch
    {
        bool flag => flag,
        long number => number != 0,
        _ => null,
    };

    /// <summary>One flag a layer from an array of flags or numbers at the key, or null if there is no array.</summary>
    public bool[]? Flags(string key) => this[key] switch
    {
        bool[] flags => flags,
        long[] numbers => Array.ConvertAll(numbers, number => number != 0),
        _ => null,
    };

    /// <summary>Whether the key has a number that is not zero, as where something is scaled.</summary>
    public bool IsNonZero(string key) => Number(key) is not (null or 0);

    /// <summary>The text at the key, or null.</summary>
    public string? Text(string key) => this[key] as string;
}
