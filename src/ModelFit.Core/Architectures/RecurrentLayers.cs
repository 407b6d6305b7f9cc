using ModelFit.Models;

namespace ModelFit.Architectures;

/// <summary>Which layers of a hybrid have a state in place of full attention.</summary>
internal static class RecurrentLayers
{
    /// <summary>Whether a layer has: as the file lists them, else all but each so-many-th.</summary>
    /// <param name="metadata">The header.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="usualInterval">Layers from one with attention to the next where the header does not say.</param>
    public static bool Has(ModelMetadata metadata, int layer, int usualInterval)
    {
        if (metadata.Flags("attention.recurrent_layers") is { } listed && layer < listed.Length) return listed[layer];
        var interval = metadata.Integer("full_attention_interval", usualInterval);
        return interval > 0 && (layer + 1) % interval != 0;
    }
}
