using System;
using System.Globalization;

namespace ModelFit.Models;

/// <summary>
/// A definition for an architecture without a layout: embeddings and attention by the plain decoder's shapes, and one
/// feed-forward a layer of whatever size brings the published number of parameters together.
/// </summary>
internal static class ParameterSpread
{
    private static readonly DecoderStyle Plain = new();

    /// <summary>Adds tensors that sum up to about the number of parameters.</summary>
    public static void Build(TensorList list, long? parameterCount)
    {
        var model = list.Model;
        if (!model.HasBlocks)
        {
            Bare(list, parameterCount ?? 0);
            return;
        }
        DecoderLayout.Frame(list, Plain);
        for (var layer = 0; layer < model.Layers; layer++)
        {
            list.Norm(layer, "attn_norm", model.Embedding);
            DecoderLayout.Attention(list, Plain, layer);
        }
        long used = 0;
        foreach (var tensor in list.Tensors) used += tensor.Elements;
        var rest = Math.Max(0, (parameterCount ?? 0) - used);
        var width = RoundUp(rest / (3 * model.Embedding * model.Layers));
        if (width == 0) return;
        for (var layer = 0; layer < model.Layers; layer++)
        {
            list.Norm(layer, "ffn_norm", model.Embedding);
            list.Linear(layer, "ffn_gate", model.Embedding, width);
            list.Linear(layer, "ffn_up", model.Embedding, width);
            list.Linear(layer, "ffn_down", width, model.Embedding);
        }
    }

    /// <summary>The sentence that says what was assumed.</summary>
    public static string Assumption(Hyperparameters model, long? parameterCount) => string.Format(
        CultureInfo.InvariantCulture,
        "No tensor layout is known for architecture '{0}': {1} parameters are spread over {2} layers.",
        model.Architecture,
        parameterCount is { } count ? count.ToString(CultureInfo.InvariantCulture) : "an unknown number of",
        model.Layers);

    private static void Bare(TensorList list, long parameterCount)
    {
        const long row = 4096;
        list.Add("token_embd.weight", row, Math.Max(1, parameterCount / row));
    }

    private static long RoundUp(long width) => (width + 255) / 256 * 256;
}
