using ModelFit.Models;
using ModelFit.Runtimes.Serving;

namespace ModelFit.Runtimes.Vllm;

/// <summary>The caches of a model's layers on a card, and of what drafts for it.</summary>
internal static class VllmCaches
{
    /// <summary>All of them, in the order of the layers.</summary>
    /// <param name="model">The model.</param>
    /// <param name="share">How cards share it.</param>
    /// <param name="numberBytes">Bytes of a number of the cache.</param>
    /// <param name="told">Tokens that are drafted, and how.</param>
    public static IReadOnlyList<VllmLayer> Of(
        ModelDefinition model, Parallelism share, int numberBytes, ServingOptions told)
    {
        if (VllmCompressed.Of(model, numberBytes) is { } compressed) return compressed;
        var own = VllmLayer.Of(model, share, numberBytes, told);
        var full = own.LastOrDefault(layer => layer.Kind == CacheKind.Full);
        var last = own.Count == 0 ? 0 : own.Max(layer => layer.Layer);
        return own.Concat(VllmDrafter.Of(told).Caches(full, last, share, numberBytes)).ToArray();
    }
}
