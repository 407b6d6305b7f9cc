using ModelFit.Graph;
using ModelFit.Models;

namespace ModelFit.Architectures;

/// <summary>
/// The metadata of a model while it is gathered from a configuration of transformers: GGUF's keys without the
/// architecture's prefix. The rules that several architectures have are here.
/// </summary>
internal sealed class ConfigDraft(string architecture, IModelConfig config, Dictionary<string, object> values)
{
    private readonly Dictionary<string, object> _values = values;

    /// <summary>The architecture as llama.cpp names it.</summary>
    public string Architecture { get; } = architecture;

    /// <summary>The configuration.</summary>
    public IModelConfig Config { get; } = config;

    /// <summary>Blocks, those for multi-token prediction included; within what a model can have.</summary>
    public int Layers => (int)Math.Min(Math.Max(this["block_count"], 0), WeightTable.MaxLayers);

    /// <summary>Width of a key head, stated or by the heads; 0 if neither is known.</summary>
    public long KeyLength => this["attention.key_length"] is > 0 and var stated ? stated
        : this[Keys.Heads] is > 0 and var heads ? this[Keys.Embedding] / heads : 0;

    /// <summary>The whole number at a key (of a list, the largest), or 0.</summary>
    public long this[string key] => _values.TryGetValue(key, out var value)
        ? value switch { long number => number, long[] { Length: > 0 } list => list.Max(), _ => 0 }
        : 0;

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

    /// <summary>Sets a key to a list.</summary>
    public void Set(string key, long[] values) => _values[key] = values;

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
        if (!Has(Keys.Window)) return;
        if (Config.Texts("layer_types") is not null) SetEach(Keys.WindowPattern, OfType("sliding_attention"));
        else if (everyFull > 0)
            SetEach(Keys.WindowPattern, layer => (layer + 1) % everyFull != 0);
    }

    /// <summary>Whether a layer is of a type, as a list of the configuration says.</summary>
    public Func<int, bool> OfType(string type, params string[] lists)
    {
        var types = Config.Texts(lists.Length > 0 ? lists : new[] { "layer_types" }) ?? Array.Empty<string>();
        return layer => layer < types.Length && types[layer] == type;
    }

    /// <summary>The sizes of a state space, under the names that configurations have for them.</summary>
    public void State(long innerSize, long? groups)
    {
        Set("ssm.inner_size", innerSize);
        Set("ssm.conv_kernel", Config.Integer("conv_kernel", "mamba_d_conv", "d_conv") ?? 4);
        Set("ssm.state_size", Config.Integer("ssm_state_size", "state_size", "mamba_d_state", "d_state") ?? 16);
        Set("ssm.group_count", groups);
    }

    /// <summary>Attention in some layers: the others have no heads of keys and values.</summary>
    public void AttentionWhere(Func<int, bool> isAttention)
    {
        var kvHeads = this[Keys.KvHeads];
        SetEach(Keys.KvHeads, layer => isAttention(layer) ? kvHeads : 0);
    }

    /// <summary>The first layers, which a list of flags says to be without experts.</summary>
    public void LeadingDense() => Set(
        Keys.LeadingDense, Config.Integers("moe_layer_freq")?.TakeWhile(isMoe => isMoe == 0).Count());

    /// <summary>A feed-forward four times as wide as the model where none is said.</summary>
    public static void FourTimesWider(ConfigDraft draft) => draft.Default(Keys.FeedForward, 4 * draft[Keys.Embedding]);

    /// <summary>Experts of the width that others have of the dense feed-forward.</summary>
    public static void ExpertsAsWideAsAll(ConfigDraft draft) =>
        draft.Set(Keys.ExpertFeedForward, draft.Config.Integer("intermediate_size"));

    /// <summary>A shared expert of a width of its own.</summary>
    public static void SharedExpert(ConfigDraft draft) =>
        draft.Set(Keys.SharedFeedForward, draft.Config.Integer("shared_intermediate_size"));

    /// <summary>The value of a layer in a list that may be missing or too short.</summary>
    public static Func<int, long> At(long[]? values, long beyond = 0) =>
        layer => values is not null && layer < values.Length ? values[layer] : beyond;

    /// <summary>The finished metadata.</summary>
    public ModelMetadata ToMetadata() => new(
        Architecture, _values.Append(new KeyValuePair<string, object>("general.architecture", Architecture)));
}
