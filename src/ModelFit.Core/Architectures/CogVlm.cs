using ModelFit.Graph;

namespace ModelFit.Architectures;

/// <summary>CogVLM (src/models/cogvlm.cpp): second matrices for the tokens of images.</summary>
internal static class CogVlm
{
    public static Architecture[] All { get; } =
    {
        new("cogvlm")
        {
            Kind = ModelKind.Vision,
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "CogVLMForCausalLM",
            Shape = new() { RowsCut = OutputRowsCut.Never, FusedQkv = true },
            BlockTensors = ImageMatrices,
        },
    };

    private static void ImageMatrices(TensorList list, int layer)
    {
        var (model, width, inner) = (list.Model, list.Model.Embedding, list.Model.FeedForward(layer));
        var (query, key) = (model.KeyLength * model.Heads(layer), model.KeyLength * model.KvHeads(layer));
        list.Linear(layer, "vis_attn_qkv", width, query + (2 * key));
        list.Linear(layer, "vis_attn_output", query, width);
        list.Linear(layer, "vis_gate", width, inner);
        list.Linear(layer, "vis_up", width, inner);
        list.Linear(layer, "vis_down", inner, width);
    }
}
