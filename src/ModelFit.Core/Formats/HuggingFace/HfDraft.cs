using System;
using System.Collections.Generic;
using System.Linq;
using ModelFit.Models;

namespace ModelFit.Formats.HuggingFace;

/// <summary>
/// The metadata of a model while it is gathered from a configuration: GGUF's keys without the architecture's prefix.
/// </summary>
internal sealed class HfDraft
{
    private readonly Dictionary<string, object> _values;

    /// <summary>Starts with what the configuration names directly.</summary>
    public HfDraft(string architecture, HfConfig config)
    {
        Architecture = architecture;
        Config = config;
        _values = HfKeys.Read(config);
    }

    /// <summary>The architecture as llama.cpp names it.</summary>
    public string Architecture { get; }

    /// <summary>The configuration.</summary>
    public HfConfig Config { get; }

    /// <summary>Blocks, those for multi-token prediction included; within what a model can have.</summary>
    public int Layers => (int)Math.Min(Math.Max(this["block_count"], 0), ModelChecks.MaxLayers);

    /// <summary>Width of a key head, stated or by the heads; 0 if neither is known.</summary>
    public long KeyLength => this["attention.key_length"] is > 0 and var stated ? stated
        : this["attention.head_count"] is > 0 and var heads ? this["embedding_length"] / heads : 0;

    /// <summary>The whole number at a key (of a list, the largest), or 0.</summary>
    public long this[string key] => _values.TryGetValue(key, out var value)
        ? value switch { long number => number, long[] { Length: > 0 } list => list.Max(), _ => 0 }
        : 0;

    /// <summary>Whether the key has a value.</summary>
    public bool Has(string key) => _values.ContainsKey(key);

    /// <summary>Sets a key unless the value is not known.</summary>
    public void Set(string key, long? value)
    {
        if (value is { } known) _values[key] = known;
    }

    /// <summary>Sets a key to a number; null leaves it as it is.</summary>
    public void Set(string key, double? value)
    {
        if (value is { } known) _values[key] = known;
    }

    /// <summary>Sets a key to one value a layer.</summary>
    public void SetEach(string key, Func<int, long> value) =>
        _values[key] = Enumerable.Range(0, Layers).Select(value).ToArray();

    /// <summary>Sets a key to one flag a layer.</summary>
    public void SetEach(string key, Func<int, bool> value) =>
        _values[key] = Enumerable.Range(0, Layers).Select(value).ToArray();

    /// <summary>Sets a key that has no value yet.</summary>
    public void Default(string key, long? value)
    {
        if (!Has(key)) Set(key, value);
    }

    /// <summary>Forgets a key.</summary>
    public void Remove(string key) => _values.Remove(key);

    /// <summary>
    /// The layers whose window slides: those that the configuration lists as such, else all but each
    /// <paramref name="everyFull"/>th where that is the architecture's default.
    /// </summary>
    public void WindowPattern(int everyFull = 0)
    {
        const string key = "attention.sliding_window_pattern";
        if (!Has("attention.sliding_window")) return;
        if (Config.Texts("layer_types") is { } types)
            SetEach(key, layer => layer < types.Length && types[layer] == "sliding_attention");
        else if (everyFull > 0)
            SetEach(key, layer => (layer + 1) % everyFull != 0);
    }

    /// <summary>The finished metadata.</summary>
    public ModelMetadata ToMetadata() => new(
        Architecture, _values.Append(new KeyValuePair<string, object>("general.architecture", Architecture)));
}
