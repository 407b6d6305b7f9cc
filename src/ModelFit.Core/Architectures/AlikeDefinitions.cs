using System.Collections.Concurrent;
using ModelFit.Common;
using ModelFit.Models;

namespace ModelFit.Architectures;

/// <summary>
/// Definitions that say the same, each held once: a base model and its finetunes differ in nothing that costs memory,
/// so that what is derived of one serves all. Held only as long as somebody else holds them. Thread-safe.
/// </summary>
internal static class AlikeDefinitions
{
    private const int MaxRemembered = 4096;

    /// <summary>The one key of the catalog's headers that tells a finetune from its base.</summary>
    private const string NameKey = "general.name";

    private static readonly ConcurrentDictionary<ulong, WeakReference<ModelDefinition>> Known = new();

    /// <summary>The definition that is held already and says the same; else this one, held from now on.</summary>
    public static ModelDefinition Shared(ModelDefinition definition)
    {
        var key = HashOf(definition);
        if (Known.TryGetValue(key, out var held) && held.TryGetTarget(out var known) && SaysTheSame(known, definition))
            return known;
        if (Known.Count >= MaxRemembered) Known.Clear();
        Known[key] = new WeakReference<ModelDefinition>(definition);
        return definition;
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
