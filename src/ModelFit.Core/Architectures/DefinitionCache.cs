using System.Collections.Concurrent;
using ModelFit.Common;
using ModelFit.Models;

namespace ModelFit.Architectures;

/// <summary>
/// Remembers the definitions of one model by quantization. Those of all models are held together, the latest so many,
/// and those that say the same once: a base model and its finetunes differ in nothing that costs memory, so that what
/// is derived of one serves all. Thread-safe.
/// </summary>
internal sealed class DefinitionCache
{
    /// <summary>Definitions that are held, so that a search over all models does not fill the memory.</summary>
    private const int Held = 2048;

    /// <summary>The one key of the catalog's headers that tells a finetune from its base.</summary>
    private const string NameKey = "general.name";

    private static readonly Dictionary<ulong, Place> Known = new();
    private static readonly Queue<Place> Latest = new();

    private readonly ConcurrentDictionary<string, Place> _places = new(StringComparer.Ordinal);

    /// <summary>The remembered definition, or null.</summary>
    public ModelDefinition? Find(string name) =>
        _places.TryGetValue(name, out var place) ? place.Definition : null;

    /// <summary>The remembered definition, or a new one.</summary>
    public ModelDefinition Get(string name, Func<ModelDefinition> build)
    {
        if (Find(name) is { } known) return known;
        var (place, definition) = Hold(build());
        _places[name] = place;
        return definition;
    }

    /// <summary>Holds a definition, unless one is held that says the same; the one that is held, and where.</summary>
    private static (Place Place, ModelDefinition Definition) Hold(ModelDefinition definition)
    {
        var key = HashOf(definition);
        lock (Latest)
        {
            // Definitions with the same tensors and other metadata have the same hash: each has a place of its own.
            for (; Known.TryGetValue(key, out var other); key++)
                if (other.Definition is { } held && SaysTheSame(held, definition)) return (other, held);
            var place = Known[key] = new Place(key) { Definition = definition };
            Latest.Enqueue(place);
            if (Latest.Count > Held) Latest.Dequeue().Leave();
            return (place, definition);
        }
    }

    /// <summary>Where a definition is held; empty once it is held no more, and never another's.</summary>
    private sealed record Place(ulong Key)
    {
        public ModelDefinition? Definition { get; set; }

        public void Leave()
        {
            Definition = null;
            Known.Remove(Key);
        }
    }

    private static ulong HashOf(ModelDefinition definition)
    {
        var hash = Hash64.Mix(Hash64.Of(definition.Architecture), (ulong)definition.WeightBytes);
        hash = Hash64.Mix(hash, (ulong)definition.ParameterCount);
        foreach (var tensor in definition.Tensors)
        {
            hash = Hash64.Mix(hash, (ulong)tensor.Type);
            hash = Hash64.Mix(Hash64.Mix(hash, (ulong)tensor.N0), (ulong)tensor.N1);
        }

        return hash;
    }

    private static bool SaysTheSame(ModelDefinition one, ModelDefinition other) =>
        one.Accuracy == other.Accuracy && one.Fallback == other.Fallback && one.IsInFileOrder == other.IsInFileOrder
        && one.Tensors.SequenceEqual(other.Tensors) && SaysTheSame(one.Metadata, other.Metadata);

    private static bool SaysTheSame(ModelMetadata one, ModelMetadata other)
    {
        var keys = one.Keys.ToArray();
        return one.Architecture == other.Architecture && keys.Length == other.Keys.Count()
            && Array.TrueForAll(keys, key => key == NameKey || SaysTheSame(one[key], other[key]));
    }

    private static bool SaysTheSame(object? one, object? other) => (one, other) switch
    {
        (long[] numbers, long[] others) => numbers.SequenceEqual(others),
        (double[] numbers, double[] others) => numbers.SequenceEqual(others),
        (bool[] flags, bool[] others) => flags.SequenceEqual(others),
        _ => Equals(one, other),
    };
}
