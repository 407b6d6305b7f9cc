using ModelFit.Graph;
using ModelFit.Models;

namespace ModelFit.Architectures;

/// <summary>What a model of an architecture that is not known is taken for.</summary>
internal static class LikelyArchitecture
{
    /// <summary>The common decoder of no name.</summary>
    public static Architecture Plain { get; } = new("unknown");

    /// <summary>
    /// An architecture for a model of none that is known: that of its likeness, or the common decoder (an encoder if it
    /// is not causal), its attention and feed-forward side by side where no norm lies between them, with a window where
    /// the header says of which layers, without rope where it has a table of positions.
    /// </summary>
    public static Architecture Of(ModelDefinition model)
    {
        var names = new HashSet<string>(model.Tensors.Select(tensor => tensor.Name), StringComparer.Ordinal);
        names.UnionWith(model.Tensors.Select(tensor => WeightTable.Place(tensor.Parsed, Plain.Shape).Local));
        names.UnionWith(model.Metadata.Keys);
        var alike = ArchitectureList.All
            .Where(known => known.Likeness is { } likeness && Holds(likeness.Signs, names))
            .OrderBy(known => known.Likeness!.Rank)
            .FirstOrDefault();
        return (alike ?? Supposed(model.Metadata, names)) with { Accuracy = Accuracy.Modelled };
    }

    private static bool Holds(string signs, HashSet<string> names) => signs.Split(' ').All(
        sign => sign[0] == '!' ? !names.Contains(sign.Substring(1)) : names.Contains(sign));

    private static Architecture Supposed(ModelMetadata metadata, HashSet<string> names)
    {
        var isCausal = metadata.Flag("attention.causal") ?? true;
        var kind = isCausal || names.Contains("output.weight") ? Plain : ArchitectureList.Find("eurobert")!;
        return kind with
        {
            Shape = kind.Shape with
            {
                AttendsBatchOnly = !isCausal,
                NormOp = names.Contains("attn_norm.bias") || !names.Contains("attention.layer_norm_rms_epsilon")
                    ? Op.Norm
                    : Op.RmsNorm,
                IsParallel = !names.Contains("ffn_norm.weight") && !names.Contains("post_attention_norm.weight"),
                HasRope = names.Contains("position_embd.weight") ? (_, _) => false : kind.Shape.HasRope,
                Window = WindowRule.OfHeader,
            },
        };
    }
}
