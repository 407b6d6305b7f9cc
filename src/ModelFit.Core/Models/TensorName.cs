using System;

namespace ModelFit.Models;

/// <summary>A tensor's name, parsed: the layer that it is of, what it is there, and whether it is of routed experts.</summary>
internal readonly struct TensorName
{
    private const int MostLayers = 1 << 24;

    private static readonly string[] Prefixes = { "blk.", "dec.blk.", "enc.blk." };

    private TensorName(string prefix, int layer, string local)
    {
        Prefix = prefix;
        Layer = layer;
        Local = local;
        IsExpert = layer >= 0 && IsOfExperts(local);
    }

    /// <summary>What precedes the number of the layer (<c>blk.</c>, <c>dec.blk.</c>); empty without one.</summary>
    public string Prefix { get; }

    /// <summary>The layer; -1 for what lies outside the layers.</summary>
    public int Layer { get; }

    /// <summary>The name within the layer (<c>attn_q.weight</c>), or the whole one.</summary>
    public string Local { get; }

    /// <summary>
    /// Whether it holds matrices or biases of routed experts, of small ones that share them too (common/common.h,
    /// LLM_FFN_EXPS_REGEX): <c>ffn_(up|down|gate|gate_up)_(ch|)exps</c>.
    /// </summary>
    public bool IsExpert { get; }

    /// <summary>Parses a name as llama.cpp spells it.</summary>
    public static TensorName Of(string name)
    {
        foreach (var prefix in Prefixes)
        {
            if (!name.StartsWith(prefix, StringComparison.Ordinal)) continue;
            var layer = 0;
            var at = prefix.Length;
            for (; at < name.Length && name[at] is >= '0' and <= '9' && layer < MostLayers; at++)
                layer = (layer * 10) + (name[at] - '0');
            if (at > prefix.Length && at < name.Length && name[at] == '.')
                return new TensorName(prefix, layer, name.Substring(at + 1));
        }

        return new TensorName(string.Empty, -1, name);
    }

    private static bool IsOfExperts(string local)
    {
        if (!local.StartsWith("ffn_", StringComparison.Ordinal)) return false;
        var end = local.IndexOf("exps", StringComparison.Ordinal);
        if (end < 0) return false;
        var part = local.Substring(4, end - 4);
        return part is "up_" or "down_" or "gate_" or "gate_up_" or "up_ch" or "down_ch" or "gate_ch" or "gate_up_ch";
    }
}
