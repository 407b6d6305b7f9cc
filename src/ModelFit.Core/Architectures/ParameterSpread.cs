using System.Globalization;
using ModelFit.Models;

namespace ModelFit.Architectures;

/// <summary>
/// A definition for an architecture without a layout: embeddings and attention by the plain decoder's shapes, and a
/// feed-forward a layer, or experts and a shared one, of whatever size brings the published number of parameters
/// together.
/// </summary>
internal static class ParameterSpread
{
    private const long Granule = 256;

    /// <summary>Adds tensors that sum up to about the number of parameters.</summary>
    public static void Build(TensorList list, long? parameterCount)
    {
        var model = list.Model;
        if (!model.HasBlocks)
        {
            Bare(list, parameterCount ?? 0);
            return;
        }
        list.Frame();
        for (var layer = 0; layer < model.Layers; layer++)
        {
            list.Norm(layer, "attn_norm", model.Embedding);
            list.Attention(layer);
        }
        long used = 0;
        foreach (var tensor in list.Tensors) used += tensor.Elements;
        var rest = Math.Max(0, (parameterCount ?? 0) - used);
        var experts = Math.Max(0, model.Metadata.Integer("expert_count", 0));
        if (experts > 1) rest -= Experts(list, rest, experts);
        var width = RoundUp(rest / (3 * model.Embedding * model.Layers));
        if (width == 0) return;
        var suffix = experts > 1 ? "_shexp" : string.Empty;
        for (var layer = 0; layer < model.Layers; layer++)
        {
            if (experts <= 1) list.Norm(layer, "ffn_norm", model.Embedding);
            list.Linear(layer, "ffn_gate" + suffix, model.Embedding, width);
            list.Linear(layer, "ffn_up" + suffix, model.Embedding, width);
            list.Linear(layer, "ffn_down" + suffix, width, model.Embedding);
        }
    }

    /// <summary>Experts of at most that many parameters in all; gives how many they have.</summary>
    private static long Experts(TensorList list, long parameters, long experts)
    {
        var model = list.Model;
        var width = parameters / (3 * model.Embedding * model.Layers * experts) / Granule * Granule;
        if (width == 0) return 0;
        for (var layer = 0; layer < model.Layers; layer++)
        {
            list.Norm(layer, "ffn_norm", model.Embedding);
            list.Linear(layer, "ffn_gate_inp", model.Embedding, experts);
            list.Block(layer, "ffn_gate_exps.weight", model.Embedding, width, experts);
            list.Block(layer, "ffn_up_exps.weight", model.Embedding, width, experts);
            list.Block(layer, "ffn_down_exps.weight", width, model.Embedding, experts);
        }

        return 3 * model.Embedding * width * experts * model.Layers;
    }

    /// <summary>The sentence that says what was assumed.</summary>
    public static string Assumption(
        string architecture, Hyperparameters model, long? parameterCount, bool isSupposed) => string.Format(
        CultureInfo.InvariantCulture,
        isSupposed
            ? "The dimensions of this model ('{0}') are not known: {1} parameters are assumed in {2} layers of width "
                + "{3}, as in other models of that size."
            : "No tensor layout is known for architecture '{0}': {1} parameters are assumed in {2} layers.",
        architecture,
        parameterCount is { } count ? count.ToString(CultureInfo.InvariantCulture) : "an unknown number of",
        model.Layers,
        model.Embedding);

    private static void Bare(TensorList list, long parameterCount)
    {
        const long row = 4096;
        list.Add("token_embd.weight", row, Math.Max(1, parameterCount / row));
    }

    private static long RoundUp(long width) => (width + Granule - 1) / Granule * Granule;
}
