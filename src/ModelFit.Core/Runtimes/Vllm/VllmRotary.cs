using ModelFit.Architectures;
using ModelFit.Models;

namespace ModelFit.Runtimes.Vllm;

/// <summary>
/// Tables of sines and cosines (layers/rotary_embedding): a row a position of the trained context, as wide as what is
/// rotated, one for each kind of layer that rotates in its own way.
/// </summary>
internal static class VllmRotary
{
    /// <summary>Models that rotate by time, height and width have four times the rows (mrope.py).</summary>
    private const int SectionedFactor = 4;

    /// <summary>Gemma 3 stretches its full layers eightfold, and linear stretching makes rows of it all.</summary>
    private const int Gemma3Factor = 8;

    /// <summary>Bytes on each card.</summary>
    public static long Bytes(ModelDefinition model, int numberBytes)
    {
        var traits = ModelShapes.ArchitectureOf(model).Served;
        if ((traits & ServedTraits.Unrotated) != 0) return 0;
        var metadata = model.Metadata;
        var heads = metadata.Integer("attention.head_count", 0);
        var length = metadata.Integer("attention.key_length",
            heads > 0 ? metadata.Integer("embedding_length", 0) / heads : 0);
        var width = metadata.Integer("rope.dimension_count", length);
        var row = width * numberBytes;
        var positions = metadata.Integer("context_length", 0);
        var isStretched = (traits & ServedTraits.Stretches) != 0 && metadata.Has("attention.sliding_window")
            && positions > 32768;
        var rows = positions * ((traits & ServedTraits.Sectioned) != 0 ? SectionedFactor : 1);
        var table = TorchAllocation.Of(rows * row * (isStretched ? Gemma3Factor : 1));
        var windowWidth = metadata.Integer("attention.key_length_swa", length);
        return (traits & ServedTraits.TurnsWindowsApart) != 0
            ? table + TorchAllocation.Of(rows * windowWidth * numberBytes)
            : table;
    }
}
