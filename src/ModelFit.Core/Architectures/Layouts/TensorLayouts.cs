using System;
using System.Collections.Generic;

namespace ModelFit.Architectures.Layouts;

/// <summary>How the tensors of one architecture are laid out, and how well that is known.</summary>
internal sealed record TensorLayout(Action<TensorList> Build, Accuracy Accuracy = Accuracy.Exact);

/// <summary>
/// The layouts by architecture. To add one: write a table in a file of its own beside this one, from an architecture's
/// name (llama.cpp's) to what builds it, and name the table in <see cref="Tables"/>. A plain decoder is a
/// <see cref="DecoderStyle"/> in <see cref="DecoderStyles"/>; anything else a method that adds tensors to the
/// <see cref="TensorList"/>, out of the blocks of <see cref="DecoderLayout"/> where they fit. Names and shapes are
/// those of load_arch_tensors in llama.cpp's src/models; types come by themselves.
/// </summary>
internal static class TensorLayouts
{
    private static readonly Dictionary<string, TensorLayout> ByArchitecture = Merge();

    private static IEnumerable<IReadOnlyDictionary<string, TensorLayout>> Tables => new[]
    {
        DecoderStyles.Layouts,
        LatentAttentionLayouts.Layouts,
        DeepSeek4Layouts.Layouts,
        KimiLayouts.Layouts,
        StateSpaceLayouts.Layouts,
        RwkvLayouts.Layouts,
        GemmaLayouts.Layouts,
        EncoderLayouts.Layouts,
        MiniMaxLayouts.Layouts,
    };

    /// <summary>All architectures that can be laid out.</summary>
    public static IEnumerable<string> Architectures => ByArchitecture.Keys;

    /// <summary>The layout of an architecture, or null.</summary>
    public static TensorLayout? Find(string architecture) =>
        ByArchitecture.TryGetValue(architecture, out var layout) ? layout : null;

    private static Dictionary<string, TensorLayout> Merge()
    {
        var merged = new Dictionary<string, TensorLayout>(StringComparer.Ordinal);
        foreach (var table in Tables)
        {
            foreach (var entry in table) merged.Add(entry.Key, entry.Value);
        }
        return merged;
    }
}
