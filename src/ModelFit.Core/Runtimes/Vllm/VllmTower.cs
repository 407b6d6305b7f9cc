using ModelFit.Architectures;
using ModelFit.Models;

namespace ModelFit.Runtimes.Vllm;

/// <summary>
/// The encoders that a GGUF file has not: what the published count has beyond the text model, the layers for
/// multi-token prediction apart, which are loaded only to draft.
/// </summary>
internal static class VllmTower
{
    private const long SmallestEncoder = 50_000_000;

    /// <summary>An encoder is no larger than this share of the text model, above a floor for small models.</summary>
    private const double LargestShare = 0.6;

    /// <summary>Parameters of the encoders; 0 for a model of text.</summary>
    /// <param name="model">The text model.</param>
    /// <param name="published">The published count of all parameters; null if it is not known.</param>
    public static long Parameters(ModelDefinition model, long? published)
    {
        var beyond = (published ?? 0) - model.ParameterCount;
        var counted = Beyond(model);
        if (counted == PublishedCount.WithPrediction) return 0;
        if (counted == PublishedCount.WithBoth && !HasPrediction(model))
            beyond -= PredictionParameters(model, null);
        return beyond > SmallestEncoder && beyond < LargestShare * model.ParameterCount ? beyond : 0;
    }

    /// <summary>
    /// Parameters of one layer for multi-token prediction: a layer with full attention, and what joins the embedding
    /// of the drafted token. Where nothing else is beyond the text model, what is published tells it.
    /// </summary>
    public static long PredictionParameters(ModelDefinition model, long? published)
    {
        if (Beyond(model) == PublishedCount.WithPrediction && !HasPrediction(model) && published > model.ParameterCount)
            return published.Value - model.ParameterCount;
        var last = (int)model.Metadata.Integer("block_count", 1) - 1;
        var width = model.Metadata.Integer("embedding_length", 0);
        var sum = HasPrediction(model) ? 0 : 2 * width * width;
        foreach (var tensor in model.Tensors)
            if (VllmMatrix.Split(tensor.Name).Layer == last) sum += tensor.Elements;
        return sum;
    }

    private static PublishedCount Beyond(ModelDefinition model) =>
        ArchitectureList.Find(model.Architecture)?.PublishedCount ?? PublishedCount.WithEncoders;

    /// <summary>Whether the layout has the prediction layers, behind the others.</summary>
    private static bool HasPrediction(ModelDefinition model) =>
        PredictionLayers.Of(model.Metadata) > 0;
}
