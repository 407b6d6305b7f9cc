using ModelFit.Common;

namespace ModelFit.Models;

/// <summary>
/// A tensor's name, parsed: the layer that it is of, what it is there, and whether it is of routed experts.
/// </summary>
internal sealed class TensorName
{
    /// <summary>What the names of the layers of most models begin with, the number following.</summary>
    public const string Blocks = "blk.";

    /// <summary>
    /// The parts of a layer's experts, of small ones that share them too: <c>ffn_(up|gate|down|gate_up)_(ch|)exps</c>
    /// (common/common.h, LLM_FFN_EXPS_REGEX).
    /// </summary>
    public static readonly string[] ExpertParts = { "up", "gate", "down", "gate_up" };

    private const string FeedForward = "ffn_";
    private const string Experts = "_exps";
    private const string SmallExperts = "_chexps";
    private const int MostLayers = 1 << 24;

    /// <summary>Names that are remembered: those of all layers of the catalog's models are some ten thousand.</summary>
    private const int MostRemembered = 1 << 14;

    private static readonly RecentTable<string, TensorName> Remembered = new(MostRemembered);
    private static readonly string[] Prefixes = { Blocks, "dec.blk.", "enc.blk." };

    private TensorName(string text, string prefix, int layer, string local)
    {
        Text = text;
        Prefix = prefix;
        Layer = layer;
        Local = local;
        ExpertPart = layer < 0 ? -1 : ExpertPartOf(local);
        IsRouted = ExpertPart >= 0 && local.IndexOf(SmallExperts, StringComparison.Ordinal) < 0;
    }

    /// <summary>The whole name.</summary>
    public string Text { get; }

    /// <summary>What precedes the number of the layer (<c>blk.</c>, <c>dec.blk.</c>); empty without one.</summary>
    public string Prefix { get; }

    /// <summary>The layer; -1 for what lies outside the layers.</summary>
    public int Layer { get; }

    /// <summary>The layer where it is called <c>blk.N.</c>, as nearly all are; else -1.</summary>
    public int Block => Prefix == Blocks ? Layer : -1;

    /// <summary>The name within the layer (<c>attn_q.weight</c>), or the whole one.</summary>
    public string Local { get; }

    /// <summary>The index of the part of the experts that it holds (<see cref="ExpertParts"/>); -1 if none.</summary>
    public int ExpertPart { get; }

    /// <summary>Whether <c>--cpu-moe</c> moves it: matrices, biases and scales of experts, small ones too.</summary>
    public bool IsExpert => ExpertPart >= 0;

    /// <summary>
    /// Whether it is of the experts that the router chooses itself, not of small ones that share them.
    /// </summary>
    public bool IsRouted { get; }

    /// <summary>The same for a name that many models have, held once for all of them.</summary>
    public static TensorName Shared(string name)
    {
        if (Remembered.Find(name) is { } known) return known;
        var parsed = Of(name);
        Remembered.Add(name, parsed);
        return parsed;
    }

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
                return new TensorName(name, prefix, layer, name.Substring(at + 1));
        }

        return new TensorName(name, string.Empty, -1, name);
    }

    private static int ExpertPartOf(string local)
    {
        if (!local.StartsWith(FeedForward, StringComparison.Ordinal)) return -1;
        for (var part = ExpertParts.Length - 1; part >= 0; part--)
        {
            var end = FeedForward.Length + ExpertParts[part].Length;
            if (Follows(local, FeedForward.Length, ExpertParts[part])
                && (Follows(local, end, Experts) || Follows(local, end, SmallExperts))) return part;
        }

        return -1;
    }

    private static bool Follows(string text, int at, string word) =>
        string.CompareOrdinal(text, at, word, 0, word.Length) == 0;
}
