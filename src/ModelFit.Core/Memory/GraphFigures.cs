using System;
using System.Collections.Generic;
using System.Linq;
using ModelFit.Graph;

namespace ModelFit.Memory;

/// <summary>The cache of a layer, in bytes: where it lies on the host, and where on a GPU.</summary>
internal readonly record struct LayerCache(int Layer, long HostBytes, long GpuBytes);

/// <summary>
/// What the graphs of a model ask for in a layout, whichever of many alike layouts it is (<see cref="LayoutPattern"/>).
/// </summary>
/// <param name="Compute">Bytes of each chunk of the compute buffer, a list a backend.</param>
/// <param name="Caches">The caches of all layers.</param>
/// <param name="FlashAttention">Whether flash attention is used.</param>
/// <param name="LogitBytes">Bytes of the logits.</param>
/// <param name="Refusal">Why llama.cpp would not start, as a sentence; null if it would.</param>
internal sealed record GraphFigures(
    long[][] Compute, LayerCache[] Caches, bool FlashAttention, long LogitBytes, string? Refusal)
{
    private const int MaxRemembered = 4096;

    /// <summary>
    /// Whether the pattern decides: copies for pipeline parallelism live as long as the graph, so that with them every
    /// stretch counts.
    /// </summary>
    public bool IsOfPattern { get; init; } = true;

    /// <summary>
    /// The figures of a layout, measured if nobody asked for one like it before; remembered as long as the definition
    /// lives.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="mayRepeat">Whether layouts that repeat alike may be taken for each other.</param>
    /// <param name="keyOf">The key of the layout, of its repetitions or of all its layers.</param>
    /// <param name="measure">Measures the layout itself.</param>
    public static GraphFigures Of(
        ModelShape model, bool mayRepeat, Func<bool, Key> keyOf, Func<GraphFigures> measure)
    {
        var known = model.Definition.Prepared.Get(_ => new Dictionary<Key, GraphFigures>());
        var key = keyOf(!mayRepeat);
        if (Find(known, key) is { } found) return found;
        if (mayRepeat && Find(known, keyOf(true)) is { } whole) return whole;
        var measured = measure();
        lock (known)
        {
            if (known.Count >= MaxRemembered) known.Clear();
            foreach (var other in known.Values)
            {
                if (!other.Caches.SequenceEqual(measured.Caches)) continue;
                measured = measured with { Caches = other.Caches };
                break;
            }

            known[measured.IsOfPattern ? key : keyOf(true)] = measured;
        }

        return measured;
    }

    private static GraphFigures? Find(Dictionary<Key, GraphFigures> known, Key key)
    {
        lock (known) return known.TryGetValue(key, out var figures) ? figures : null;
    }

    /// <summary>All that figures depend on, but the model.</summary>
    /// <param name="Options">The options.</param>
    /// <param name="Backend">The backend of the GPUs.</param>
    /// <param name="GpuCount">The GPUs.</param>
    /// <param name="Copies">Copies of the inputs.</param>
    /// <param name="IsFullyOffloaded">Whether all layers are on GPUs.</param>
    /// <param name="Processor">The processor's kernels.</param>
    /// <param name="IsReal">Whether as allocated, or as reported without allocation.</param>
    /// <param name="Tensors">Tensors, those in two places twice.</param>
    /// <param name="IsWhole">Whether the pattern is that of all layers.</param>
    /// <param name="Pattern">What repeats in the layout, or all of it.</param>
    internal readonly record struct Key(
        RuntimeOptions Options,
        ComputeBackend Backend,
        int GpuCount,
        int Copies,
        bool IsFullyOffloaded,
        ProcessorKernels Processor,
        bool IsReal,
        int Tensors,
        bool IsWhole,
        ulong Pattern);
}
