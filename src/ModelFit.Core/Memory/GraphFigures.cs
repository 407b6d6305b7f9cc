using System.Collections.Concurrent;
using ModelFit.Common;
using ModelFit.Graph;

namespace ModelFit.Memory;

/// <summary>The cache of a layer, in bytes: where it lies on the host, and where on a GPU.</summary>
internal readonly record struct LayerCache(int Layer, long HostBytes, long GpuBytes);

/// <summary>What the graphs of a model have wherever its layers lie.</summary>
/// <param name="Caches">The caches of all layers.</param>
/// <param name="FlashAttention">Whether flash attention is used.</param>
/// <param name="LogitBytes">Bytes of the logits.</param>
/// <param name="Tokens">Tokens of the largest graph.</param>
/// <param name="Nodes">Its nodes.</param>
/// <param name="Leafs">What they read that no node makes, beyond the tensors of the model.</param>
internal sealed record GraphFrame(
    LayerCache[] Caches, bool FlashAttention, long LogitBytes, long Tokens, int Nodes, int Leafs)
{
    /// <summary>Whether another says the same.</summary>
    public bool IsAs(GraphFrame other) =>
        (this with { Caches = other.Caches }) == other && Caches.SequenceEqual(other.Caches);
}

/// <summary>What the graphs of a model ask for in a layout.</summary>
/// <param name="Compute">Bytes of each chunk of the compute buffer, a list a backend; null if not known.</param>
/// <param name="Frame">What they have in every layout.</param>
internal sealed record GraphFigures(long[]?[] Compute, GraphFrame Frame)
{
    /// <summary>Whether every backend is known.</summary>
    public bool IsWhole => Array.IndexOf(Compute, null) < 0;
}

/// <summary>
/// The graph figures of a model, remembered for each device apart as long as its header lives: ggml's allocator keeps a
/// list of free blocks a backend (ggml/src/ggml-alloc.c), so that what one device needs follows from what is computed
/// on it, whatever the others compute. Layouts that were never asked for are put together from devices that were, also
/// in other quantizations: the marks of weights tell them apart where a device can. Thread-safe.
/// </summary>
internal sealed class KnownFigures
{
    private const int MaxRemembered = 4096;
    private const int MaxSettings = 512;

    private readonly RecentTable<ulong, Part> _parts = new(MaxRemembered);
    private readonly List<GraphFrame> _frames = new();

    private KnownFigures()
    {
    }

    /// <summary>What is known of a model under settings, in whatever quantization.</summary>
    public static KnownFigures Of(ModelShape model, in Setting setting)
    {
        var all = model.Metadata.Derived.Get(_ => new ConcurrentDictionary<(ulong, Setting), KnownFigures>());
        var key = (LayerMarks.Of(model).Names, setting);
        if (all.TryGetValue(key, out var known)) return known;
        if (all.Count >= MaxSettings) all.Clear();
        return all.GetOrAdd(key, _ => new KnownFigures());
    }

    /// <summary>What is known of a layout, device by device; null where none of it was ever measured.</summary>
    /// <param name="devices">The devices of the layout, the host counted.</param>
    /// <param name="pattern">Their keys.</param>
    public GraphFigures? Find(int devices, LayoutPattern pattern)
    {
        var compute = new long[]?[devices];
        GraphFrame? frame = null;
        for (var i = 0; i < devices; i++)
        {
            var part = (pattern.RepeatsOn(i) ? _parts.Find(pattern.Of(i)) : null) ?? _parts.Find(pattern.OfWhole(i));
            if (part is null) continue;
            // What is used on one device alone is another graph.
            if (frame is not null && !ReferenceEquals(frame, part.Frame)) return null;
            (compute[i], frame) = (part.Chunks, part.Frame);
        }

        return frame is null ? null : new GraphFigures(compute, frame);
    }

    /// <summary>Remembers what was measured beyond what was found.</summary>
    /// <param name="figures">The figures.</param>
    /// <param name="found">What was known of the layout.</param>
    /// <param name="pattern">The keys of the devices.</param>
    /// <param name="isOfPattern">
    /// Whether what repeats on a device decides: copies for pipeline parallelism live as long as the graph, so that
    /// with them every stretch counts.
    /// </param>
    public GraphFigures Add(
        GraphFigures figures, GraphFigures? found, LayoutPattern pattern, System.Func<int, bool> isOfPattern)
    {
        var frame = Known(figures.Frame);
        for (var i = 0; i < figures.Compute.Length; i++)
        {
            if (found?.Compute[i] is not null) continue;
            var key = pattern.RepeatsOn(i) && isOfPattern(i) ? pattern.Of(i) : pattern.OfWhole(i);
            _parts.Add(key, new Part(figures.Compute[i]!, frame));
        }

        return figures with { Frame = frame };
    }

    /// <summary>The frame that says the same, so that equal ones are one.</summary>
    private GraphFrame Known(GraphFrame frame)
    {
        lock (_frames)
        {
            foreach (var known in _frames)
                if (known.IsAs(frame)) return known;
            _frames.Add(frame);
            return frame;
        }
    }

    /// <summary>What figures depend on, but the model and where its layers lie.</summary>
    /// <param name="Options">The options.</param>
    /// <param name="Backend">The backend of the GPUs.</param>
    /// <param name="Processor">The processor's kernels.</param>
    /// <param name="IsReal">Whether as allocated, or as reported without allocation.</param>
    internal readonly record struct Setting(
        RuntimeOptions Options, ComputeBackend Backend, ProcessorKernels Processor, bool IsReal);

    private sealed record Part(long[] Chunks, GraphFrame Frame);
}
