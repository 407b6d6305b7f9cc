namespace ModelFit.Models;

/// <summary>The layers at the end of a model that predict further tokens (multi-token prediction).</summary>
internal static class PredictionLayers
{
    /// <summary>A mark of definitions without them.</summary>
    public const string None = " without prediction";

    private const string Key = "nextn_predict_layers";
    private const string Blocks = "block_count";

    /// <summary>
    /// How many there are. Where a header counts all layers as such, the model drafts for another one, and they are
    /// its own: none.
    /// </summary>
    public static int Of(ModelMetadata metadata) =>
        metadata.Integer(Key, 0) is var count && count != metadata.Integer(Blocks, 0)
            ? (int)Math.Max(0, Math.Min(int.MaxValue, count))
            : 0;

    /// <summary>The definition without them, as publishers leave them out; itself if it has none.</summary>
    public static ModelDefinition Without(ModelDefinition model)
    {
        var count = Of(model.Metadata);
        if (count == 0) return model;
        var layers = model.Metadata.Integer(Blocks, 0) - count;
        var values = model.Metadata.Keys.Where(key => key != Key)
            .ToDictionary(key => key, key => key == Blocks ? layers : model.Metadata[key]!);
        var tensors = model.Tensors.Where(tensor => tensor.Parsed.Layer < layers).ToArray();
        return new ModelDefinition(new ModelMetadata(model.Architecture, values), tensors, model.Accuracy)
        {
            Fallback = model.Fallback,
        };
    }
}
